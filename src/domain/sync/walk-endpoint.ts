/** One complete walk over one of Apple's lists: differences page by page, removals when the walk is whole (Apple C6, C7). */
import type { AppleRowReads, AppleRowStore } from '../../ports/apple-row-store.ts'
import type { ApplePage } from '../../ports/apple-vpp.ts'
import type { TenantStorage, TenantStores } from '../../ports/storage.ts'
import type { RowKind } from './apple-row-kinds.ts'
import { reconcile } from './reconcile.ts'
import { removeUnseen } from './remove-unseen.ts'
import type { BegunRun, Endpoint } from './run-context.ts'
import { type SeenRows, seenRows } from './seen-rows.ts'

export interface EndpointWalk<Row> {
  readonly endpoint: Endpoint
  readonly kind: RowKind<Row>
  readonly pages: AsyncIterable<ApplePage<Row>>
  storeOf(stores: TenantStores): AppleRowStore<Row>
  readsOf(reads: TenantStorage['reads']): AppleRowReads<Row>
  /** Asks Apple for this one row; absent where Apple cannot be asked so. */
  readonly isStillThere?: (row: Row) => Promise<boolean>
}

/** Rows compared, and so at most changed, in one transaction: other writers wait no longer than that. */
const chunkSize = 500

export async function walkEndpoint<Row>(run: BegunRun, walk: EndpointWalk<Row>): Promise<void> {
  const seen = seenRows()
  let firstVersion: string | undefined
  let hasMoved = false
  for await (const page of walk.pages) {
    firstVersion ??= page.versionId
    hasMoved ||= page.versionId !== firstVersion
    for (let from = 0; from < page.rows.length; from += chunkSize)
      await writeChunk(run, walk, page.rows.slice(from, from + chunkSize), seen)
  }
  // The first page's version: whatever changed during the walk is newer (Apple 3.3).
  if (firstVersion !== undefined) run.progress.versions[walk.endpoint] = firstVersion
  await removeUnseen(run, walk, seen, hasMoved)
}

async function writeChunk<Row>(
  run: BegunRun,
  walk: EndpointWalk<Row>,
  rows: readonly Row[],
  seen: SeenRows,
): Promise<void> {
  const { tokenId, fence } = run.taken
  await run.checkpoint()
  const written = await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    const store = walk.storeOf(stores)
    const differences = reconcile(walk.kind, rows, await store.findSame(tokenId, rows))
    const { insert, update } = differences
    const inserted = insert.length > 0 ? await store.insert(tokenId, insert) : []
    if (update.length > 0) await store.update(tokenId, update)
    return { inserted, updated: update.length, seen: differences.seen }
  })
  // Only what is durable counts.
  for (const number of [...written.seen, ...written.inserted]) seen.add(number)
  run.progress.rowsAdded += written.inserted.length
  run.progress.rowsChanged += written.updated
}
