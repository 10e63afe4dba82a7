/** Brings stored rows in line with Apple's, chunk by chunk; each chunk is one transaction, its history with it. */
import type { SyncChange } from '../../model/sync-history.ts'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { TenantStores } from '../../ports/storage.ts'
import type { KeptList } from './apple-lists.ts'
import { reconcile } from './reconcile.ts'
import type { BegunRun } from './run-context.ts'
import type { SeenRows } from './seen-rows.ts'

/** Rows compared, and so at most changed, in one transaction: other writers wait no longer than that. */
export const chunkSize = 500
/** What the history of one run lists row by row: a first sync would otherwise keep everything twice. */
export const mostChangesListed = 10_000

/** Takes down which rows are there, once that is durable. */
export interface Witness {
  readonly seen: SeenRows
  /** Rows that were stored before are no proof: some of Apple's deltas show removed ones too. */
  readonly isForNewRows?: true
}

export async function writeRows<Row>(
  run: BegunRun,
  kept: KeptList<Row>,
  rows: readonly Row[],
  witness?: Witness,
): Promise<void> {
  for (let from = 0; from < rows.length; from += chunkSize)
    await writeChunk(run, kept, rows.slice(from, from + chunkSize), witness)
}

async function writeChunk<Row>(
  run: BegunRun,
  kept: KeptList<Row>,
  rows: readonly Row[],
  witness?: Witness,
): Promise<void> {
  const { tokenId, fence } = run.taken
  await run.checkpoint()
  const written = await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    const store = kept.storeOf(stores)
    const stored = await store.findSame(tokenId, rows)
    const { insert, update, seen } = reconcile(kept.kind, rows, stored)
    const inserted = insert.length > 0 ? await store.insert(tokenId, insert) : []
    if (update.length > 0)
      await store.update(
        tokenId,
        update.map(({ after }) => after),
      )
    const listed = await list(run, stores, insert.length + update.length, () => [
      ...insert.map((row) => kept.changeOf(null, row)),
      ...update.map(({ before, after }) => kept.changeOf(before.row, after.row)),
    ])
    return { inserted, changed: update.length, seen, listed }
  })
  // Only what is durable counts.
  if (!witness?.isForNewRows) for (const number of written.seen) witness?.seen.add(number)
  for (const number of written.inserted) witness?.seen.add(number)
  run.progress.rowsAdded += written.inserted.length
  run.progress.rowsChanged += written.changed
  count(run, written.inserted.length + written.changed, written.listed)
}

/** At most a chunk of them. */
export async function removeRows<Row>(
  run: BegunRun,
  kept: KeptList<Row>,
  gone: readonly NumberedRow<Row>[],
): Promise<void> {
  if (gone.length === 0) return
  const { tokenId, fence } = run.taken
  await run.checkpoint()
  const listed = await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    const numbers = gone.map(({ number }) => number)
    await kept.storeOf(stores).remove(tokenId, numbers)
    return list(run, stores, gone.length, () => gone.map(({ row }) => kept.changeOf(row, null)))
  })
  run.progress.rowsRemoved += gone.length
  count(run, gone.length, listed)
}

/** Answers how many were listed. */
async function list(
  { run, progress }: BegunRun,
  { runs }: TenantStores,
  changes: number,
  describe: () => readonly SyncChange[],
): Promise<number> {
  const room = Math.min(mostChangesListed - progress.changesListed, changes)
  if (room > 0) await runs.insertChanges(run.id, describe().slice(0, room))
  return Math.max(room, 0)
}

function count({ progress }: BegunRun, changes: number, listed: number): void {
  progress.changesListed += listed
  progress.changesUnlisted += changes - listed
}
