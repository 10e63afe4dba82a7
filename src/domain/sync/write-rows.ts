/** Writes what differs between Apple's rows and the stored ones: a chunk is one transaction, its history with it. */
import type { SyncChange } from '../../model/sync-history.ts'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { TenantStores } from '../../ports/storage.ts'
import type { KeptList } from './apple-lists.ts'
import type { Differences } from './reconcile.ts'
import type { BegunRun } from './run-context.ts'

/**
 * Rows compared, inserted or removed at once: other work waits no longer than that takes. Each commit writes the pages of the
 * indexes again that its rows are scattered over, so half as many rows would cost a fifth more.
 */
export const chunkSize = 500
/** What the history of one run lists row by row: a first sync would otherwise keep everything twice. */
export const mostChangesListed = 10_000

/** Of a chunk. */
export async function writeDifferences<Row>(
  run: BegunRun,
  kept: KeptList<Row>,
  { insert, update }: Differences<Row>,
): Promise<void> {
  const { tokenId, fence } = run.taken
  const changes = insert.length + update.length
  const listed = await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    const store = kept.storeOf(stores)
    if (insert.length > 0) await store.insert(tokenId, insert)
    if (update.length > 0)
      await store.update(
        tokenId,
        update.map(({ after }) => after),
      )
    return list(run, stores, changes, () => [
      ...insert.map((row) => kept.changeOf(null, row)),
      ...update.map(({ before, after }) => kept.changeOf(before.row, after.row)),
    ])
  })
  run.progress.rowsAdded += insert.length
  run.progress.rowsChanged += update.length
  count(run, changes, listed)
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
