import { type World, worldNow } from '../world/world.ts'
import type { WriteEvent } from './event.ts'

const dayMs = 24 * 60 * 60 * 1000
const manyEvents = 10_000

/** Undefined for what never was and for what ended too long ago (Apple contract 11.4 eventRetention). */
export function findEvent(world: World, eventId: string): WriteEvent | undefined {
  const event = world.state.events.get(eventId)
  return event !== undefined && isKept(world, event) ? event : undefined
}

export function listEvents(world: World): WriteEvent[] {
  return [...world.state.events.values()].filter((event) => isKept(world, event))
}

/** Nobody can see them any more; done only when there are many. */
export function forgetOldEvents(world: World): void {
  const { events } = world.state
  if (events.size < manyEvents) return
  for (const event of events.values()) if (!isKept(world, event)) events.delete(event.eventId)
}

function isKept(world: World, { endedMs }: WriteEvent): boolean {
  const keptMs = world.state.switches.eventRetention * dayMs
  return endedMs === undefined || worldNow(world) < endedMs + keptMs
}
