import {
  type Assignment,
  compareAssetKeys,
  findLiveUser,
  type Library,
  pricingParams,
  type User,
} from '../library.ts'
import type { Switches } from '../switches.ts'
import type { Answer } from './answer.ts'
import { isWantedId } from './assets.ts'
import { listAnswer } from './list-answer.ts'
import { decodeQuery, type QueryOf } from './query.ts'
import type { LocationCall } from './request.ts'
import { sinceSequence } from './since-version.ts'

/** Apple contract 2.5. */
const assignmentsQuery = {
  pageIndex: 'integer',
  adamId: 'text',
  clientUserId: 'text',
  serialNumber: 'text',
  pricingParam: pricingParams,
  sinceVersionId: 'text',
  excludeInactiveUsers: 'flag',
  includeUserState: 'flag',
} as const

type AssignmentsQuery = QueryOf<typeof assignmentsQuery>

export function getAssignments(call: LocationCall): Answer {
  const { library } = call
  const { switches } = call.world.state
  const query = decodeQuery(call.query, assignmentsQuery, switches)
  const since = sinceSequence(library, 'assignments', query.sinceVersionId, switches.versionWindow)
  return listAnswer(
    call,
    'assignments',
    query.pageIndex ?? 0,
    () =>
      changedRows(library, since, switches).filter((row) =>
        isWanted(row, library, query, switches),
      ),
    (rows) => ({ assignments: rows.map((row) => shownRow(row, library, query)) }),
  )
}

// Nothing marks a removed row in a delta: it is missing or, by switch, comes like any other (Apple contract 3.3).
function changedRows(library: Library, since: number, switches: Switches): readonly Assignment[] {
  if (since === 0) return library.assignments
  const changed = library.assignments.filter((row) => row.changedIn > since)
  if (switches.deltaRemovals === 'omit') return changed
  const removed = library.removedAssignments.filter((row) => row.changedIn > since)
  return [...changed, ...removed].sort(compareAssetKeys)
}

function isWanted(
  { adamId, pricingParam, target }: Assignment,
  library: Library,
  query: AssignmentsQuery,
  switches: Switches,
): boolean {
  const serialNumber = 'serialNumber' in target ? target.serialNumber : undefined
  const clientUserId = 'clientUserId' in target ? target.clientUserId : undefined
  return (
    isWantedId(adamId, query.adamId, switches) &&
    (query.pricingParam === undefined || pricingParam === query.pricingParam) &&
    (query.serialNumber === undefined || serialNumber === query.serialNumber) &&
    (query.clientUserId === undefined || clientUserId === query.clientUserId) &&
    (query.excludeInactiveUsers !== true ||
      clientUserId === undefined ||
      findLiveUser(library, clientUserId) !== undefined)
  )
}

function shownRow(
  { adamId, pricingParam, target }: Assignment,
  library: Library,
  query: AssignmentsQuery,
) {
  const user =
    query.includeUserState === true && 'clientUserId' in target
      ? newestUser(library, target.clientUserId)
      : undefined
  return {
    adamId,
    pricingParam,
    ...target,
    ...(user?.idHash !== undefined && { idHash: user.idHash }),
    ...(user && { userStatus: user.status }),
  }
}

function newestUser(library: Library, clientUserId: string): User | undefined {
  return (
    findLiveUser(library, clientUserId) ??
    library.users.findLast((user) => user.clientUserId === clientUserId)
  )
}
