import { acceptEvent } from '../events/accept-event.ts'
import type { EventWork, FailedRow } from '../events/event.ts'
import { findLiveUser } from '../library/library.ts'
import { type Answer, jsonAnswer, Refusal } from './answer.ts'
import { commonMembers } from './common-members.ts'
import type { LocationCall } from './request.ts'

/** Stage 14: the write is queued and answered with an EventResponse (Apple contract 2.7, 11.2). */
export function accepted(call: LocationCall, work: EventWork, failed: FailedRow[] = []): Answer {
  const { world, library, sent } = call
  const event = acceptEvent(world, library, {
    work,
    failed,
    call: { ...sent, uId: library.uId },
  })
  const { eventId, numRequested } = event
  return {
    ...jsonAnswer(200, { eventId, ...commonMembers(call) }),
    effect: `event ${eventId}: ${work.eventType} of ${numRequested}`,
    eventId,
  }
}

/** Users that are neither Registered nor Associated; by switch they end the call (Apple contract 11.3 S7, 11.4). */
export function unknownUsers(
  { world, library }: LocationCall,
  clientUserIds: readonly string[],
): string[] {
  const unknown = clientUserIds.filter((id) => findLiveUser(library, id) === undefined)
  if (unknown.length > 0 && world.state.switches.userNotFound === 'sync') {
    throw new Refusal(9609, { info: { clientUserIds: unknown } })
  }
  return unknown
}
