/** Turns what was asked for into receipts, chunk by chunk: those to be sent wait, the others are closed with their reason. */
import type { AssetKey, LicensePair } from '../../model/apple-write.ts'
import type { Receipt, StoredIntent } from '../../model/license-intent.ts'
import {
  isUsersRequest,
  type LicenseRequest,
  type PairRequest,
  type UsersRequest,
  wayOf,
} from '../../model/license-request.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { nextPairs } from '../licenses/next-pairs.ts'
import { assetKeyOf } from '../licenses/pair-key.ts'
import { type JudgedPair, pairPlan } from '../licenses/plan-pairs.ts'
import type { IntentTurn } from './intent-turn.ts'

const chunkSize = 500

/** Answers the intent when every receipt of it is written. */
export async function planIntent(turn: IntentTurn, intent: StoredIntent): Promise<StoredIntent> {
  let planned = intent
  while (planned.request !== null) {
    await turn.checkpoint()
    const { request } = planned
    planned = await turn.write(async (stores) => {
      const { receipts, next } = isUsersRequest(request)
        ? nextUsers(request, planned.cursor)
        : await nextReceipts(turn, stores, planned, request)
      const written = await stores.intents.insertReceipts(planned.record.id, receipts)
      const { record } = planned
      const count = (status: Receipt['status']) => written[status] ?? 0
      const total = Object.values(written).reduce((sum, one) => sum + one, 0)
      return stores.intents.update({
        ...planned,
        cursor: next ?? planned.cursor,
        request: next === null ? null : request,
        record: {
          ...record,
          totalCount: record.totalCount + total,
          skippedCount: record.skippedCount + count('skipped'),
          failedCount: record.failedCount + count('failed'),
        },
      })
    })
  }
  return planned
}

async function nextReceipts(
  { pool }: IntentTurn,
  stores: TenantStores,
  intent: StoredIntent,
  request: PairRequest,
) {
  const chunk = await nextPairs(stores, pool, request, intent.cursor, chunkSize)
  const assets = new Map<string, AssetKey>(chunk.pairs.map((pair) => [assetKeyOf(pair), pair]))
  // Asked of the store each time, so that a restart goes on with the same sums.
  const planned = await stores.intents.plannedOf(intent.record.id, [...assets.values()])
  const judged = pairPlan(wayOf(request), planned).judge(chunk.pairs, chunk.known)
  return { receipts: judged.map((one) => receiptFor(request, one)), next: chunk.next }
}

function receiptFor(request: LicenseRequest, { pair, skipped }: JudgedPair): Receipt {
  if (skipped === null) return receipt(pair)
  // What cannot be taken back is no part of a reclaim; asked for by name it is refused.
  const isNoPart = skipped === 'notRevocable' && request.action === 'reclaim'
  const status = skipped === 'alreadyDone' || isNoPart ? 'skipped' : 'failed'
  return { ...receipt(pair), status, reason: skipped }
}

function nextUsers({ users }: UsersRequest, cursor: number) {
  const end = Math.min(cursor + chunkSize, users.length)
  const receipts = users.slice(cursor, end).map(
    ({ clientUserId, email = null, managedAppleId = null }): Receipt => ({
      ...receipt({ ...noAsset, targetKind: 'clientUserId', target: clientUserId }),
      ...{ email, managedAppleId },
    }),
  )
  return { receipts, next: end < users.length ? end : null }
}

const noAsset = { adamId: '', pricingParam: '' }

function receipt({ adamId, pricingParam, targetKind, target }: LicensePair): Receipt {
  return {
    ...{ adamId, pricingParam, targetKind, target, email: null, managedAppleId: null },
    ...{ status: 'waiting', reason: null, errorNumber: 0, tries: 0 },
  }
}
