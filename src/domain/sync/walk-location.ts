/** Reads everything that Pomona keeps of a location, list by list (Apple 10, "Run"). */
import { instantOf } from '../../model/date-time-offset.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import { assetList } from './apple-lists.ts'
import { countAssignments } from './count-assignments.ts'
import { isWalkDue } from './list-states.ts'
import { readAllAssignments, readAssignments, readAssignmentsOf } from './read-assignments.ts'
import { readInFull } from './read-in-full.ts'
import { readUsers } from './read-users.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import { updateLibrary } from './update-library.ts'

/** Assets whose assignments are read again on their own; with more, or with most of the rows, a full walk is cheaper. */
const mostReread = 50

export async function walkLocation(
  deps: SyncDeps,
  run: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  await readAssets(deps, run, conversation)
  await updateLibrary(deps, run)
  await readAssignments(deps, run, conversation)
  await readUsers(deps, run, conversation)
  const counts = await evenOut(deps, run, conversation)
  const users = await run.tenant.reads.users.count(run.taken.tokenId)
  run.progress.counts = { ...counts, users }
  run.progress.isWalked = true
}

/** Answers whether they were read, and not only found unchanged (Apple C8). */
async function readAssets(
  deps: SyncDeps,
  run: BegunRun,
  conversation: AppleConversation,
): Promise<boolean> {
  const known = run.progress.lists.assets ?? run.state.assets
  const isDue = isWalkDue('assets', known, instantOf(deps.clock.now()))
  const isRead = await readInFull(deps, run, {
    kept: assetList,
    pages: conversation.walkAssets(),
    ...(isDue || known === undefined ? {} : { knownVersion: known.versionId }),
  })
  if (!isRead && known) run.progress.lists.assets ??= { ...known, reading: 'unchanged' }
  return isRead
}

/**
 * A delta tells of no removals, and may show removed rows as if they were there: either way an asset then has more assignments
 * here than Apple counts. Such assets are read again, once; a difference that stays is shown and not repaired (Apple 9.3).
 */
async function evenOut(deps: SyncDeps, run: BegunRun, conversation: AppleConversation) {
  const { progress } = run
  let counted = await countAssignments(run)
  if (counted.uneven.length === 0) return counted.counts
  const isWhole = progress.lists.assignments?.reading === 'full'
  const isMost = counted.unevenRows * 2 > counted.counts.assignments
  if (!isWhole && (isMost || counted.uneven.length > mostReread)) {
    await readAllAssignments(deps, run, conversation)
    counted = await countAssignments(run)
  }
  if (counted.uneven.length <= mostReread)
    for (const asset of counted.uneven) await readAssignmentsOf(deps, run, conversation, asset)
  // The counts were read before the assignments: they may be the older ones.
  if (await readAssets(deps, run, conversation)) await updateLibrary(deps, run)
  counted = await countAssignments(run)
  progress.assetsUneven = counted.uneven.length
  return counted.counts
}
