import {
  type ComputedRows,
  computedCount,
  computedRow,
  deviceOf,
  findComputed,
  isGone,
  markGone,
} from './computed-rows.ts'
import {
  type AssetKey,
  type Assignment,
  compareAssetKeys,
  insertInOrder,
  type Target,
  targetText,
} from './library.ts'

/**
 * Who has what in a location. Rows are held one by one, a generated location computes most of them: whoever reads or
 * changes rows does it through the functions below and need not know which. Plain data, so that snapshots hold it.
 */
export interface AssignmentRows {
  /** In the order of Apple contract 11.3 S2. */
  held: Assignment[]
  heldByPair: Map<string, Assignment>
  /** What left, in that order; `changedIn` is the version in which it did. */
  removed: Assignment[]
  computed?: ComputedRows
}

export function noRows(): AssignmentRows {
  return { held: [], heldByPair: new Map(), removed: [] }
}

export function countRows({ held, computed }: AssignmentRows): number {
  return held.length + (computed ? computedCount(computed) : 0)
}

export function findRow(
  rows: AssignmentRows,
  key: AssetKey,
  target: Target,
): Assignment | undefined {
  const held = rows.heldByPair.get(pairText(key, target))
  if (held !== undefined || rows.computed === undefined) return held
  const place = findComputed(rows.computed, key, target)
  return place && computedRow(rows.computed, place.asset, place.device)
}

/** False, and nothing done, when the pair has a row already. */
export function addRow(rows: AssignmentRows, row: Assignment): boolean {
  if (findRow(rows, row, row.target) !== undefined) return false
  insertInOrder(rows.held, row)
  rows.heldByPair.set(pairText(row, row.target), row)
  return true
}

/** Many new rows in one pass, of pairs that have none yet: one by one they would move all others each time. */
export function addRows(rows: AssignmentRows, added: readonly Assignment[]): void {
  if (added.length === 0) return
  for (const row of added) rows.heldByPair.set(pairText(row, row.target), row)
  // The sort leaves equals as they stand: those that came later stay behind.
  rows.held = [...rows.held, ...added].sort(compareAssetKeys)
}

/** Many rows in one pass; pairs that have none are passed over. */
export function removeRows(
  rows: AssignmentRows,
  pairs: readonly (AssetKey & { target: Target })[],
  changedIn: number,
): void {
  const gone = new Set<Assignment>()
  for (const { adamId, pricingParam, target } of pairs) {
    const pair = pairText({ adamId, pricingParam }, target)
    const held = rows.heldByPair.get(pair)
    if (held !== undefined) {
      gone.add(held)
      rows.heldByPair.delete(pair)
    } else if (!removeComputed(rows.computed, { adamId, pricingParam }, target)) continue
    rows.removed.push({ adamId, pricingParam, target, changedIn })
  }
  if (gone.size > 0) rows.held = rows.held.filter((row) => !gone.has(row))
}

/** All rows of one device or user, in order. */
export function rowsOfTarget({ held, computed }: AssignmentRows, target: Target): Assignment[] {
  const wanted = targetText(target)
  const found = held.filter((row) => targetText(row.target) === wanted)
  if (computed === undefined || !('serialNumber' in target)) return found
  const device = deviceOf(computed, target.serialNumber)
  if (device === undefined) return found
  const rows: Assignment[] = []
  for (let asset = 0; asset < computed.assets; asset += 1) {
    if (!isGone(computed, asset, device)) insertInOrder(rows, computedRow(computed, asset, device))
  }
  for (const row of found) insertInOrder(rows, row)
  return rows
}

function removeComputed(
  computed: ComputedRows | undefined,
  key: AssetKey,
  target: Target,
): boolean {
  const place = computed && findComputed(computed, key, target)
  if (computed === undefined || place === undefined) return false
  markGone(computed, place.asset, place.device)
  return true
}

export function pairText({ adamId, pricingParam }: AssetKey, target: Target): string {
  return `${adamId}|${pricingParam}|${targetText(target)}`
}
