import type { WriteEvent } from '../events/event.ts'
import { type EventScript, planFailures } from '../events/event-script.ts'
import { listEvents } from '../events/find-event.ts'
import { finishEvent } from '../events/work-on-event.ts'
import { worldNow } from '../world/world.ts'
import { bodyOf, type ControlHandler, ok, paramOf, worldOf } from './control-call.ts'
import { ControlError } from './control-error.ts'
import {
  type Decode,
  list,
  object,
  oneOf,
  optional,
  or,
  text,
  texts,
  whole,
  wrong,
} from './decode.ts'
import { callMatch } from './faults.ts'
import { keptRules } from './kept-rules.ts'

/** So many of the items, or the names of targets. */
const take: Decode<number | string[]> = (value, name) =>
  Array.isArray(value) ? texts(value, name) : whole(1)(value, name)

const plannedFailures = list(object({ errorNumber: whole(1), take: optional(take) }))

const scriptBody = object({
  id: optional(text),
  match: or(callMatch, {}),
  nth: or(whole(1), 1),
  count: or(whole(0), 1),
  outcome: optional(oneOf(['COMPLETE', 'FAILED', 'PENDING'])),
  delaySeconds: optional(whole(0, 10_000_000)),
  stuckAfter: or(whole(0), 0),
  failures: or(plannedFailures, []),
})

const finishBody = object({
  outcome: optional(oneOf(['COMPLETE', 'FAILED'])),
  failures: or(plannedFailures, []),
})

export const listAllEvents: ControlHandler = (call) =>
  ok({ events: listEvents(worldOf(call)).map(shownEvent) })

const kept = keptRules('eventScripts', 'an event script', shownScript)
export const { list: listEventScripts, remove: removeEventScript } = kept

export const addEventScript: ControlHandler = (call) => {
  const { id: wanted, outcome, ...script } = bodyOf(call, scriptBody)
  const rule = { ...script, outcome: outcomeOf(outcome, script.failures), seen: 0 }
  return kept.add(call, wanted, (id) => ({ id, ...rule }))
}

/** Does what is left of an event now, as its script or this body says. */
export const finish: ControlHandler = (call) => {
  const world = worldOf(call)
  const eventId = paramOf(call, 'eventId')
  const event = listEvents(world).find((candidate) => candidate.eventId === eventId)
  if (event === undefined) {
    throw new ControlError(404, `There is no event "${eventId}" in this world. List the events.`)
  }
  if (event.status !== 'PENDING') {
    throw new ControlError(
      409,
      `Event "${eventId}" is ${event.status} already. Only a pending one can be finished.`,
    )
  }
  const { outcome, failures } = bodyOf(call, finishBody)
  planFailures(event, { outcome: outcomeOf(outcome, failures), failures })
  finishEvent(world, event, worldNow(world))
  return ok(shownEvent(event))
}

function outcomeOf(
  outcome: EventScript['outcome'] | undefined,
  failures: EventScript['failures'],
): EventScript['outcome'] {
  if (outcome === 'COMPLETE' && failures.length > 0) {
    throw wrong('An event with failures is not COMPLETE. Leave "outcome" or "failures" out.')
  }
  return outcome ?? (failures.length > 0 ? 'FAILED' : 'COMPLETE')
}

function shownEvent(event: WriteEvent) {
  const endMs = event.endedMs ?? event.acceptedMs + event.delayMs
  const isStuck = event.status === 'PENDING' && event.stuckAfter !== undefined
  return {
    eventId: event.eventId,
    uId: event.uId,
    eventType: event.work.eventType,
    eventStatus: event.status,
    numRequested: event.numRequested,
    numCompleted: event.numCompleted,
    failures: event.failures,
    acceptedAt: new Date(event.acceptedMs).toISOString(),
    /** When it ended or is going to; null when it will not by itself. */
    endsAt: isStuck ? null : new Date(endMs).toISOString(),
    scriptId: event.scriptId ?? null,
  }
}

function shownScript({ failures, delaySeconds, ...script }: EventScript) {
  return {
    ...script,
    delaySeconds: delaySeconds ?? null,
    failures: failures.map(({ errorNumber, take }) => ({ errorNumber, take: take ?? null })),
  }
}
