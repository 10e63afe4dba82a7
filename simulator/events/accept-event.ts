import { firingRule, type MatchedCall } from '../faults/fault.ts'
import type { Library } from '../library/library.ts'
import { nextId } from '../world/made-ids.ts'
import { type World, worldNow } from '../world/world.ts'
import type { EventWork, FailedRow, WriteEvent } from './event.ts'
import { planFailures } from './event-script.ts'
import { forgetOldEvents } from './find-event.ts'

export interface Acceptance {
  work: EventWork
  /** Targets that fail without any work on them: users that a revoke cannot find. */
  failed?: FailedRow[]
  /** The call that asked for it: decides which event script it obeys. */
  call?: MatchedCall
}

/** Queues a write; nothing of it is done yet (Apple contract 2.7). */
export function acceptEvent(world: World, library: Library, acceptance: Acceptance): WriteEvent {
  const { state } = world
  const { work, failed = [], call } = acceptance
  const script = call && firingRule(state.eventScripts, call)
  const event: WriteEvent = {
    eventId: nextId(world, 'events'),
    uId: library.uId,
    work,
    acceptedMs: worldNow(world),
    delayMs: (script?.delaySeconds ?? state.settings.eventDelaySeconds) * 1000,
    stuckAfter:
      script?.outcome === 'PENDING' ? Math.min(script.stuckAfter, work.items.length) : undefined,
    planned: new Map(),
    numRequested: work.items.length,
    numCompleted: 0,
    numWorked: 0,
    stepsDone: 0,
    done: [],
    failed: [...failed],
    status: 'PENDING',
    endedMs: undefined,
    failures: [],
    scriptId: script?.id,
  }
  if (script !== undefined) planFailures(event, script)
  forgetOldEvents(world)
  state.events.set(event.eventId, event)
  state.openEvents.add(event.eventId)
  return event
}
