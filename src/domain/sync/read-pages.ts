/** Reads pages of a list of Apple's to their end and keeps what they say (Apple C6). */
import { type Instant, instantOf } from '../../model/date-time-offset.ts'
import type { ApplePage } from '../../ports/apple-vpp.ts'
import type { KeptList } from './apple-lists.ts'
import { rowKeeper } from './row-keeper.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import type { SeenRows } from './seen-rows.ts'

export interface PagesRead {
  /** The first page's: whatever changed while the pages were read is newer (Apple 3.3). */
  readonly versionId: string
  /** When the first page came. */
  readonly at: Instant
  /** The version was another one on a later page. */
  readonly hasMoved: boolean
}

/**
 * Answers undefined when the first page shows `knownVersion`: it is neither kept nor followed by another one (Apple C8). Rejects
 * with `AppleTrouble` as the pages do.
 */
export async function readPages<Row>(
  { clock }: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  kept: KeptList<Row>,
  pages: AsyncIterable<ApplePage<Row>>,
  { seen, knownVersion }: { readonly seen?: SeenRows; readonly knownVersion?: string } = {},
): Promise<PagesRead | undefined> {
  const keeper = rowKeeper(run, kept, seen)
  let read: PagesRead | undefined
  for await (const { versionId, rows, isFirst } of pages) {
    await run.checkpoint()
    if (read === undefined && versionId === knownVersion) return undefined
    if (read === undefined || isFirst) {
      read = { versionId, at: instantOf(clock.now()), hasMoved: false }
      seen?.clear()
    }
    if (versionId !== read.versionId) read = { ...read, hasMoved: true }
    await keeper.keep(rows)
  }
  return read
}
