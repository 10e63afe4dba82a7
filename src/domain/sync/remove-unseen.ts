/** Rows that a complete walk did not show (Apple C7): gone, or only suspect when Apple's data moved during the walk. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { KeptList } from './apple-lists.ts'
import type { BegunRun } from './run-context.ts'
import type { SeenRows } from './seen-rows.ts'
import { chunkSize, removeRows } from './write-rows.ts'

/** The stored rows that a walk was to show, chunk by chunk, and how Apple is asked for one of them. */
export interface Expected<Row> {
  readonly kept: KeptList<Row>
  /** As `AppleRowReads.list`. */
  list(after: number, limit: number): Promise<readonly NumberedRow<Row>[]>
  /** As `AppleRowReads.countNext`; absent = they are so few that they can all be looked at. */
  countNext?(after: number, until: number, limit: number): Promise<{ count: number; last: number }>
  /** Absent where Apple cannot be asked so. */
  readonly isStillThere?: (row: Row) => Promise<boolean>
}

/** Every stored row of the list. */
export function everyRow<Row>(run: BegunRun, kept: KeptList<Row>): Expected<Row> {
  const reads = kept.readsOf(run.tenant.reads)
  const { tokenId } = run.taken
  return {
    kept,
    list: (after, limit) => reads.list(tokenId, after, limit),
    countNext: (after, until, limit) => reads.countNext(tokenId, after, until, limit),
  }
}

/** Rows whose number is compared with that of the seen ones, before any of them is looked at. */
const rowsCounted = 8_192
/** Suspects that are asked for one by one; more wait for the next walk (Apple C7). */
const mostConfirmed = 50

/** Answers how many rows stay suspect. */
export async function removeUnseen<Row>(
  run: BegunRun,
  expected: Expected<Row>,
  seen: SeenRows,
  hasMoved: boolean,
): Promise<number> {
  if (hasMoved) return judgeSuspects(run, expected, seen)
  for await (const missing of unseenRows(expected, seen))
    await removeRows(run, expected.kept, missing)
  return 0
}

/** A removal elsewhere may have pushed an unchanged row onto a page that was read already (Apple 3.2). */
async function judgeSuspects<Row>(
  run: BegunRun,
  expected: Expected<Row>,
  seen: SeenRows,
): Promise<number> {
  const suspects: NumberedRow<Row>[] = []
  let count = 0
  for await (const missing of unseenRows(expected, seen)) {
    count += missing.length
    suspects.push(...missing.slice(0, mostConfirmed - suspects.length))
  }
  if (expected.isStillThere === undefined || count > mostConfirmed) return count
  const gone: NumberedRow<Row>[] = []
  for (const suspect of suspects) {
    await run.checkpoint()
    if (!(await expected.isStillThere(suspect.row))) gone.push(suspect)
  }
  await removeRows(run, expected.kept, gone)
  return 0
}

async function* unseenRows<Row>(
  expected: Expected<Row>,
  seen: SeenRows,
): AsyncGenerator<readonly NumberedRow<Row>[]> {
  for (let after = 0; after < seen.highest; ) {
    const next = await expected.countNext?.(after, seen.highest, rowsCounted)
    if (next?.count === 0) return
    // Only rows are seen that are stored: as many of them are the same ones.
    const isAllSeen = next !== undefined && seen.countIn(after, next.last) === next.count
    if (!isAllSeen) yield* unseenBetween(expected, seen, after, next?.last ?? seen.highest)
    after = next?.last ?? seen.highest
    // A million rows are no reason to keep requests waiting.
    await nextTurn()
  }
}

async function* unseenBetween<Row>(
  expected: Expected<Row>,
  seen: SeenRows,
  from: number,
  until: number,
): AsyncGenerator<readonly NumberedRow<Row>[]> {
  for (let after = from; after < until; ) {
    const stored = await expected.list(after, chunkSize)
    const last = stored.at(-1)
    if (last === undefined) return
    after = last.number
    const missing = stored.filter(({ number }) => number <= until && !seen.has(number))
    if (missing.length > 0) yield missing
    await nextTurn()
  }
}
