import { nextStepMs, type WriteEvent } from '../events/event.ts'
import { takeStep } from '../events/work-on-event.ts'
import { deliverDue } from '../notifications/courier.ts'
import { nextTryMs } from '../notifications/notification.ts'
import { machineAlarm } from './clock.ts'
import { type World, worldNow } from './world.ts'

/**
 * Does what was due in the world of events up to now, in the order in which it was due. It has to run before anybody
 * looks: nothing else moves an event, so the same calls at the same times see the same (Apple contract 11.1).
 */
export function settle(world: World): void {
  const now = worldNow(world)
  for (;;) {
    const next = nextStep(world)
    if (next === undefined || next.dueMs > now) return
    takeStep(world, next.event, next.dueMs)
  }
}

/**
 * Settles, brings what is due to the notification URLs, and in a running world sees to it that this happens again in
 * time. Resolves when all that is due has been tried; whoever cannot wait does not.
 */
export async function goOn(world: World): Promise<void> {
  settle(world)
  await deliverDue(world)
  setAlarm(world)
}

function setAlarm(world: World): void {
  const { courier, state, time } = world
  courier.cancelAlarm?.()
  courier.cancelAlarm = undefined
  if (state.clock.mode === 'frozen' || courier.stopped.signal.aborted) return
  const dues = state.notifications.flatMap((notification) => nextTryMs(notification) ?? [])
  const step = nextStep(world)
  if (step !== undefined) dues.push(step.dueMs)
  if (dues.length === 0) return
  const nextMs = dues.reduce((least, due) => Math.min(least, due))
  const alarm = time.alarm ?? machineAlarm
  courier.cancelAlarm = alarm(Math.max(nextMs - worldNow(world), 0), () => goOn(world))
}

function nextStep(world: World): { event: WriteEvent; dueMs: number } | undefined {
  let next: { event: WriteEvent; dueMs: number } | undefined
  for (const eventId of world.state.openEvents) {
    const event = world.state.events.get(eventId)
    const dueMs = event && nextStepMs(event)
    if (event === undefined || dueMs === undefined) continue
    if (next === undefined || dueMs < next.dueMs) next = { event, dueMs }
  }
  return next
}
