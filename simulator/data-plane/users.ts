import { isLive, type User } from '../library/library.ts'
import type { Answer } from './answer.ts'
import { listAnswer } from './list-answer.ts'
import { decodeQuery, type QueryOf } from './query.ts'
import type { LocationCall } from './request.ts'
import { sinceSequence } from './since-version.ts'

/** Apple contract 2.6. */
export const usersQuery = {
  pageIndex: 'integer',
  activeOnly: 'flag',
  retiredOnly: 'flag',
  clientUserId: 'text',
  sinceVersionId: 'text',
} as const

export function getUsers(call: LocationCall): Answer {
  const { library } = call
  const { switches } = call.world.state
  const query = decodeQuery(call.query, usersQuery)
  const since = sinceSequence(library, 'users', query.sinceVersionId, switches.versionWindow)
  return listAnswer(
    call,
    'users',
    query.pageIndex ?? 0,
    () => library.users.filter((user) => user.changedIn > since && isWanted(user, query)),
    (rows) => ({ users: rows.map(shownUser) }),
  )
}

function isWanted(user: User, query: QueryOf<typeof usersQuery>): boolean {
  return (
    (query.activeOnly !== true || isLive(user)) &&
    (query.retiredOnly !== true || user.status === 'Retired') &&
    (query.clientUserId === undefined || user.clientUserId === query.clientUserId)
  )
}

/** Of a deleted user nothing is told but that (Apple contract 2.6). */
export function shownUser({ clientUserId, email, idHash, inviteCode, status }: User) {
  if (status === 'Deleted') return { clientUserId, status }
  return {
    clientUserId,
    ...(email !== undefined && { email }),
    ...(idHash !== undefined && { idHash }),
    ...(inviteCode !== undefined && { inviteCode }),
    status,
  }
}
