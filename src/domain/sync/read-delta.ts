/** What came or changed in a list since the last completed run (Apple 3.3, C7). It tells of no removals. */
import { AppleTrouble } from '../../model/apple-finding.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { ApplePage } from '../../ports/apple-vpp.ts'
import type { KeptList } from './apple-lists.ts'
import { isWalkDue } from './list-states.ts'
import { readPages } from './read-pages.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import type { SeenRows } from './seen-rows.ts'

/** Answers false when a delta will not do: the list is to be walked in full. */
export async function readDelta<Row>(
  deps: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  kept: KeptList<Row>,
  pagesSince: (since: string) => AsyncIterable<ApplePage<Row>>,
  seen?: SeenRows,
): Promise<boolean> {
  const { list } = kept
  const known = run.state[list]
  if (known === undefined || isWalkDue(list, known, instantOf(deps.clock.now()))) return false
  try {
    const pages = pagesSince(known.versionId)
    const read = await readPages(deps, run, kept, pages, seen ? { seen } : {})
    run.progress.lists[list] = {
      reading: 'delta',
      versionId: read?.versionId ?? known.versionId,
      // Rows may have shifted between its pages and been missed.
      walkedAt: read?.hasMoved ? null : known.walkedAt,
    }
    return true
  } catch (error) {
    if (error instanceof AppleTrouble && error.finding.isVersionUnknown) return false
    // Whatever it was, the next run does without a delta.
    run.progress.doubted.add(list)
    throw error
  }
}
