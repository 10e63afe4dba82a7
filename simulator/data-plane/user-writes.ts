import type { UserEventType } from '../events/event.ts'
import { accepted, unknownUsers } from './accepted.ts'
import type { Answer } from './answer.ts'
import type { LocationCall } from './request.ts'
import { decodeUsersRequest } from './user-write-request.ts'

export const postCreateUsers = (call: LocationCall) => changeUsers(call, 'CREATE')
export const postUpdateUsers = (call: LocationCall) => changeUsers(call, 'UPDATE')
export const postRetireUsers = (call: LocationCall) => changeUsers(call, 'RETIRE')

function changeUsers(call: LocationCall, eventType: UserEventType): Answer {
  const items = decodeUsersRequest(call.body, call.world.state)
  if (eventType !== 'CREATE') {
    unknownUsers(
      call,
      items.map((user) => user.clientUserId),
    )
  }
  return accepted(call, { eventType, items })
}
