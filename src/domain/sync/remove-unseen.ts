/** Rows that a complete walk did not show (Apple C7): gone, or only suspect when Apple's data moved during the walk. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AppleRowReads, AppleRowStore, NumberedRow } from '../../ports/apple-row-store.ts'
import type { TenantStorage, TenantStores } from '../../ports/storage.ts'
import type { BegunRun } from './run-context.ts'
import type { SeenRows } from './seen-rows.ts'

interface Rows<Row> {
  storeOf(stores: TenantStores): AppleRowStore<Row>
  readsOf(reads: TenantStorage['reads']): AppleRowReads<Row>
  readonly isStillThere?: (row: Row) => Promise<boolean>
}

/** Rows read, and so at most removed, at once. */
const chunkSize = 500
/** Suspects that are asked for one by one; more wait for the next walk (Apple C7). */
const mostConfirmed = 50

export async function removeUnseen<Row>(
  run: BegunRun,
  rows: Rows<Row>,
  seen: SeenRows,
  hasMoved: boolean,
): Promise<void> {
  if (hasMoved) return judgeSuspects(run, rows, seen)
  for await (const missing of unseenRows(run, rows, seen)) await remove(run, rows, missing)
}

/** A removal elsewhere may have pushed an unchanged row onto a page that was read already (Apple 3.2). */
async function judgeSuspects<Row>(run: BegunRun, rows: Rows<Row>, seen: SeenRows): Promise<void> {
  const suspects: NumberedRow<Row>[] = []
  let count = 0
  for await (const missing of unseenRows(run, rows, seen)) {
    count += missing.length
    suspects.push(...missing.slice(0, mostConfirmed - suspects.length))
  }
  if (rows.isStillThere === undefined || count > mostConfirmed) {
    run.progress.rowsSuspect += count
    return
  }
  const gone: NumberedRow<Row>[] = []
  for (const suspect of suspects) {
    await run.checkpoint()
    if (!(await rows.isStillThere(suspect.row))) gone.push(suspect)
  }
  await remove(run, rows, gone)
}

async function* unseenRows<Row>(
  run: BegunRun,
  rows: Rows<Row>,
  seen: SeenRows,
): AsyncGenerator<readonly NumberedRow<Row>[]> {
  const reads = rows.readsOf(run.tenant.reads)
  let after = 0
  for (;;) {
    const stored = await reads.list(run.taken.tokenId, after, chunkSize)
    const last = stored.at(-1)
    if (last === undefined) return
    after = last.number
    const missing = stored.filter(({ number }) => !seen.has(number))
    if (missing.length > 0) yield missing
    // A million rows are no reason to keep requests waiting.
    await nextTurn()
  }
}

async function remove<Row>(
  run: BegunRun,
  rows: Rows<Row>,
  gone: readonly NumberedRow<Row>[],
): Promise<void> {
  if (gone.length === 0) return
  const { tokenId, fence } = run.taken
  await run.checkpoint()
  await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    const numbers = gone.map(({ number }) => number)
    await rows.storeOf(stores).remove(tokenId, numbers)
  })
  run.progress.rowsRemoved += gone.length
}
