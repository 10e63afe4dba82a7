import {
  type Assignment,
  findLiveUser,
  type Library,
  pricingParams,
  type User,
} from '../library/library.ts'
import { changedRows, selectRows } from '../library/select-rows.ts'
import type { Answer } from './answer.ts'
import { wantedIds } from './assets.ts'
import { listAnswer } from './list-answer.ts'
import { decodeQuery, type QueryOf } from './query.ts'
import type { LocationCall } from './request.ts'
import { sinceSequence } from './since-version.ts'

/** Apple contract 2.5. */
export const assignmentsQuery = {
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
  const query = decodeQuery(call.query, assignmentsQuery)
  const since = sinceSequence(library, 'assignments', query.sinceVersionId, switches.versionWindow)
  const filter = {
    adamIds: wantedIds(query.adamId, switches),
    pricingParam: query.pricingParam,
    serialNumber: query.serialNumber,
    clientUserId: query.clientUserId,
    isWantedUser:
      query.excludeInactiveUsers === true
        ? (clientUserId: string) => findLiveUser(library, clientUserId) !== undefined
        : undefined,
  }
  return listAnswer(
    call,
    'assignments',
    query.pageIndex ?? 0,
    () =>
      since === 0
        ? selectRows(library.assignments, filter)
        : changedRows(library.assignments, filter, since, switches.deltaRemovals),
    (rows) => ({ assignments: rows.map((row) => shownRow(row, library, query)) }),
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
