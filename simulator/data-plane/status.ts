import { findEvent } from '../events/find-event.ts'
import { type Answer, jsonAnswer, Refusal } from './answer.ts'
import { commonMembers } from './common-members.ts'
import { decodeQuery } from './query.ts'
import type { LocationCall } from './request.ts'

export const statusQuery = { eventId: 'text' } as const

/** Apple contract 2.8. An event belongs to its location: each of its tokens may ask, no other. */
export function getStatus(call: LocationCall): Answer {
  const { world, library } = call
  const { eventId } = decodeQuery(call.query, statusQuery)
  if (eventId === undefined) throw new Refusal(9602)
  const event = findEvent(world, eventId)
  if (event?.uId !== library.uId) throw new Refusal(9708)
  return jsonAnswer(200, {
    eventStatus: event.status,
    eventType: event.work.eventType,
    numCompleted: event.numCompleted,
    numRequested: event.numRequested,
    ...(event.failures.length > 0 && { failures: event.failures }),
    ...commonMembers(call),
  })
}
