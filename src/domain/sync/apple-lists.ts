/** Apple's three lists as they are kept: their rows, their stores, and what the history says of a change. */
import type { AppleUser, Asset, Assignment } from '../../model/apple-rows.ts'
import { assetCounts, type SyncChange } from '../../model/sync-history.ts'
import type { AppleList } from '../../model/sync-state.ts'
import type { AppleRowReads, AppleRowStore } from '../../ports/apple-row-store.ts'
import type { TenantStorage, TenantStores } from '../../ports/storage.ts'
import { assetKind, assignmentKind, type RowKind, userKind } from './apple-row-kinds.ts'

export interface KeptList<Row> {
  readonly list: AppleList
  readonly kind: RowKind<Row>
  storeOf(stores: TenantStores): AppleRowStore<Row>
  readsOf(reads: TenantStorage['reads']): AppleRowReads<Row>
  /** One of them may be null: the row came, or it went. */
  changeOf(before: Row | null, after: Row | null): SyncChange
}

export const assetList: KeptList<Asset> = {
  list: 'assets',
  kind: assetKind,
  storeOf: ({ assets }) => assets,
  readsOf: ({ assets }) => assets,
  changeOf: (before, after) => ({
    ...nothing,
    subject: 'asset',
    change: changeKindOf(before, after),
    adamId: (after ?? before)?.adamId ?? null,
    pricingParam: (after ?? before)?.pricingParam ?? null,
    countsBefore: countsOf(before),
    countsAfter: countsOf(after),
  }),
}

export const assignmentList: KeptList<Assignment> = {
  list: 'assignments',
  kind: assignmentKind,
  storeOf: ({ assignments }) => assignments,
  readsOf: ({ assignments }) => assignments,
  changeOf: (before, after) => {
    const row = after ?? before
    return {
      ...nothing,
      subject: 'assignment',
      change: changeKindOf(before, after),
      adamId: row?.adamId ?? null,
      pricingParam: row?.pricingParam ?? null,
      serialNumber: row?.targetKind === 'serialNumber' ? row.target : null,
      clientUserId: row?.targetKind === 'clientUserId' ? row.target : null,
    }
  },
}

export const userList: KeptList<AppleUser> = {
  list: 'users',
  kind: userKind,
  storeOf: ({ users }) => users,
  readsOf: ({ users }) => users,
  changeOf: (before, after) => ({
    ...nothing,
    subject: 'user',
    change: changeKindOf(before, after),
    clientUserId: (after ?? before)?.clientUserId ?? null,
    statusBefore: before?.status ?? null,
    statusAfter: after?.status ?? null,
  }),
}

const nothing: Omit<SyncChange, 'subject' | 'change'> = {
  adamId: null,
  pricingParam: null,
  serialNumber: null,
  clientUserId: null,
  countsBefore: null,
  countsAfter: null,
  statusBefore: null,
  statusAfter: null,
}

function changeKindOf<Row>(before: Row | null, after: Row | null): SyncChange['change'] {
  if (before === null) return 'added'
  return after === null ? 'removed' : 'changed'
}

function countsOf(asset: Asset | null): SyncChange['countsBefore'] {
  if (asset === null) return null
  const { totalCount, availableCount, assignedCount, retiredCount } = asset
  return {
    type: assetCounts.name,
    total: totalCount,
    available: availableCount,
    assigned: assignedCount,
    retired: retiredCount,
  }
}
