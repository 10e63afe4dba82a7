/** A complete walk over one of Apple's lists: rows vanish when it is whole, and not while Apple moves (Apple C6, C7). */
import { AppleTrouble } from '../../model/apple-finding.ts'
import type { ApplePage } from '../../ports/apple-vpp.ts'
import type { KeptList } from './apple-lists.ts'
import { readPages } from './read-pages.ts'
import { everyRow, removeUnseen } from './remove-unseen.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import { seenRows } from './seen-rows.ts'

export interface FullWalk<Row> {
  readonly kept: KeptList<Row>
  readonly pages: AsyncIterable<ApplePage<Row>>
  /** What came or changed after a version; absent where Apple tells none. */
  readonly delta?: (since: string) => AsyncIterable<ApplePage<Row>>
  /** Asks Apple for this one row; absent where Apple cannot be asked so. */
  readonly isStillThere?: (row: Row) => Promise<boolean>
  /** The first page of this version ends it: nothing has changed (Apple C8). */
  readonly knownVersion?: string
}

/** Answers whether the list was read; false = its version is the one that was known. */
export async function readInFull<Row>(
  deps: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  { kept, pages, delta, isStillThere, knownVersion }: FullWalk<Row>,
): Promise<boolean> {
  const highest = await kept.readsOf(run.tenant.reads).lastNumber(run.taken.tokenId)
  const seen = seenRows(highest)
  const asked = { seen, ...(knownVersion === undefined ? {} : { knownVersion }) }
  const read = await readPages(deps, run, kept, pages, asked)
  if (read === undefined) return false
  const { versionId, hasMoved, at } = read
  const since = hasMoved && delta ? await catchUp(deps, run, kept, delta(versionId)) : versionId
  const expected = everyRow(run, kept)
  const asking = isStillThere ? { ...expected, isStillThere } : expected
  run.progress.rowsSuspect += await removeUnseen(run, asking, seen, hasMoved)
  run.progress.lists[kept.list] = {
    reading: 'full',
    versionId: since ?? versionId,
    // A removal may have pushed an unchanged row onto a page that was read already, and no delta tells of it (Apple 3.2). Assets
    // show another version the next time, and are read again for that.
    walkedAt: hasMoved && kept.list !== 'assets' ? null : at,
  }
  return true
}

/**
 * What came while the list was walked. Rows that were stored before are not taken for seen: some of Apple's deltas show removed
 * ones too. Answers its version; undefined when Apple tells none any more.
 */
async function catchUp<Row>(
  deps: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  kept: KeptList<Row>,
  pages: AsyncIterable<ApplePage<Row>>,
): Promise<string | undefined> {
  try {
    return (await readPages(deps, run, kept, pages))?.versionId
  } catch (error) {
    // The next run walks in full anyhow.
    if (error instanceof AppleTrouble && error.finding.isVersionUnknown) return undefined
    throw error
  }
}
