/** Assignments of a location, by delta or in full, and those of one asset (Apple 2.5). */
import type { Assignment } from '../../model/apple-rows.ts'
import type { AssetKey } from '../../model/apple-write.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import { assignmentList } from './apple-lists.ts'
import { readDelta } from './read-delta.ts'
import { readInFull } from './read-in-full.ts'
import { readPages } from './read-pages.ts'
import { removeUnseen } from './remove-unseen.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import { seenRows } from './seen-rows.ts'

export async function readAssignments(
  deps: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  const pagesSince = (since: string) => conversation.walkAssignments(since)
  if (await readDelta(deps, run, assignmentList, pagesSince)) return
  await readAllAssignments(deps, run, conversation)
}

export async function readAllAssignments(
  deps: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  await readInFull(deps, run, {
    kept: assignmentList,
    pages: conversation.walkAssignments(),
    delta: (since) => conversation.walkAssignments(since),
    isStillThere: (row) => conversation.hasAssignment(row),
  })
}

/** Every assignment of one asset, so that what is not among them is gone. */
export async function readAssignmentsOf(
  deps: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  conversation: AppleConversation,
  asset: AssetKey,
): Promise<void> {
  const { tokenId } = run.taken
  const seen = seenRows(await run.tenant.reads.assignments.lastNumber(tokenId))
  const pages = conversation.walkAssignmentsOf(asset)
  const hasMoved = (await readPages(deps, run, assignmentList, pages, { seen }))?.hasMoved ?? false
  const expected = {
    kept: assignmentList,
    list: (after: number, limit: number) =>
      run.tenant.reads.assignments.listOfAsset(tokenId, asset, after, limit),
    isStillThere: (row: Assignment) => conversation.hasAssignment(row),
  }
  const suspects = await removeUnseen(run, expected, seen, hasMoved)
  const read = run.progress.lists.assignments
  // A full walk that moved has counted them already.
  if (read?.reading === 'delta') run.progress.rowsSuspect += suspects
  if (hasMoved && read) run.progress.lists.assignments = { ...read, walkedAt: null }
}
