import { type AssignmentRows, findRow, pairText } from './assignment-rows.ts'
import {
  assetOf,
  type ComputedRows,
  computedAdamId,
  computedRow,
  deviceOf,
  isGone,
  rowsOfAsset,
} from './computed-rows.ts'
import {
  type AssetKey,
  type Assignment,
  compareAssetKeys,
  type PricingParam,
  targetText,
} from './library.ts'
import { joined, type RowList } from './row-list.ts'

/** What is left out matches everything. */
export interface RowFilter {
  adamIds?: readonly string[] | undefined
  pricingParam?: PricingParam | undefined
  serialNumber?: string | undefined
  clientUserId?: string | undefined
  /** Asked for rows of users only. */
  isWantedUser?: ((clientUserId: string) => boolean) | undefined
}

/** Rows in the order of Apple contract 11.3 S2; of a generated location only the asked-for page is worked out. */
export function selectRows(rows: AssignmentRows, filter: RowFilter): RowList<Assignment> {
  const held = rows.held.filter((row) => isWanted(row, filter))
  if (rows.computed === undefined) return held
  return inOrder(computedParts(rows.computed, filter), held)
}

/** Rows that came after a version; those that left only where they are asked for (Apple contract 3.3, 11.4). */
export function changedRows(
  rows: AssignmentRows,
  filter: RowFilter,
  since: number,
  removals: 'omit' | 'listAsRow',
): RowList<Assignment> {
  const { held, computed } = rows
  const isChanged = (row: Assignment) => row.changedIn > since && isWanted(row, filter)
  const left = removals === 'omit' ? [] : goneRows(rows, isChanged)
  const changed = [...held.filter(isChanged), ...left].sort(compareAssetKeys)
  if (computed === undefined || computed.changedIn <= since) return changed
  return inOrder(computedParts(computed, filter), changed)
}

/** Each pair that left and has not come back, once, however often it did. */
function goneRows(rows: AssignmentRows, isChanged: (row: Assignment) => boolean): Assignment[] {
  const byPair = new Map<string, Assignment>()
  for (const row of rows.removed) {
    if (isChanged(row) && findRow(rows, row, row.target) === undefined) {
      byPair.set(pairText(row, row.target), row)
    }
  }
  return [...byPair.values()]
}

function isWanted(row: Assignment, filter: RowFilter): boolean {
  const { adamIds, pricingParam, serialNumber, clientUserId, isWantedUser } = filter
  return (
    (adamIds === undefined || adamIds.includes(row.adamId)) &&
    (pricingParam === undefined || row.pricingParam === pricingParam) &&
    (serialNumber === undefined || targetText(row.target) === `s:${serialNumber}`) &&
    (clientUserId === undefined || targetText(row.target) === `u:${clientUserId}`) &&
    (isWantedUser === undefined ||
      !('clientUserId' in row.target) ||
      isWantedUser(row.target.clientUserId))
  )
}

interface Part {
  key: AssetKey
  rows: RowList<Assignment>
}

/** A filter by adamId is a range of the rows, one by serial number names one row of each app (Apple contract 11.9). */
function computedParts(rows: ComputedRows, filter: RowFilter): Part[] {
  const { adamIds, pricingParam, serialNumber, clientUserId } = filter
  if (clientUserId !== undefined || pricingParam === 'PLUS') return []
  const device = serialNumber === undefined ? undefined : deviceOf(rows, serialNumber)
  if (serialNumber !== undefined && device === undefined) return []
  return wantedAssets(rows, adamIds).map((asset) => ({
    key: { adamId: computedAdamId(asset), pricingParam: 'STDQ' },
    rows: device === undefined ? rowsOfAsset(rows, asset) : rowOfDevice(rows, asset, device),
  }))
}

function wantedAssets(rows: ComputedRows, adamIds: readonly string[] | undefined): number[] {
  if (adamIds === undefined) return Array.from({ length: rows.assets }, (_, asset) => asset)
  const assets = new Set(adamIds.flatMap((adamId) => assetOf(rows, adamId) ?? []))
  return [...assets].sort((left, right) => left - right)
}

function rowOfDevice(rows: ComputedRows, asset: number, device: number): Assignment[] {
  return isGone(rows, asset, device) ? [] : [computedRow(rows, asset, device)]
}

/** Held rows stand behind the computed ones of their key: they came later. */
function inOrder(parts: readonly Part[], held: readonly Assignment[]): RowList<Assignment> {
  const lists: RowList<Assignment>[] = []
  let next = 0
  for (const { key, rows } of parts) {
    const first = next
    while (isBefore(held[next], key)) next += 1
    lists.push(held.slice(first, next), rows)
  }
  lists.push(held.slice(next))
  return joined(lists)
}

function isBefore(row: Assignment | undefined, key: AssetKey): boolean {
  return row !== undefined && compareAssetKeys(row, key) < 0
}
