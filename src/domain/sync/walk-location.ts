/** Reads everything that Pomona keeps of a location, list by list (Apple 10, "Run"). */
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import { assetKind, assignmentKind, userKind } from './apple-row-kinds.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import { updateLibrary } from './update-library.ts'
import { walkEndpoint } from './walk-endpoint.ts'

export async function walkLocation(
  deps: SyncDeps,
  run: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  await walkEndpoint(run, {
    endpoint: 'assets',
    kind: assetKind,
    pages: conversation.walkAssets(),
    storeOf: (stores) => stores.assets,
    readsOf: (reads) => reads.assets,
  })
  await updateLibrary(deps, run)
  await walkEndpoint(run, {
    endpoint: 'assignments',
    kind: assignmentKind,
    pages: conversation.walkAssignments(),
    storeOf: (stores) => stores.assignments,
    readsOf: (reads) => reads.assignments,
    isStillThere: (row) => conversation.hasAssignment(row),
  })
  await walkEndpoint(run, {
    endpoint: 'users',
    kind: userKind,
    pages: conversation.walkUsers(),
    storeOf: (stores) => stores.users,
    readsOf: (reads) => reads.users,
  })
  run.progress.isWalked = true
}
