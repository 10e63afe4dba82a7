import { fires } from '../faults/fault.ts'
import type { Library } from '../library/library.ts'
import { nextId } from '../world/made-ids.ts'
import type { World } from '../world/world.ts'
import type { Notification } from './notification.ts'

/** Each may name a hundred rows; a location can make thousands of them. */
const mostKept = 2000

export interface Message {
  type: string
  body: Record<string, unknown>
}

/** Makes a notification if the location wants to have this type; the courier brings it (Apple contract 6). */
export function notify(world: World, library: Library, message: Message, nowMs: number): void {
  if (library.notification === undefined) return
  if (!library.subscribedNotificationTypes.includes(message.type)) return
  makeNotification(world, library.uId, message, nowMs)
}

/** Makes it whatever the location asked for; the rules of hold and drop still apply. */
export function makeNotification(
  world: World,
  uId: string,
  { type, body }: Message,
  nowMs: number,
): Notification {
  const notification: Notification = {
    notificationId: nextId(world, 'notifications'),
    uId,
    type,
    body,
    standing: standingOf(world, uId, type),
    firstTryMs: nowMs,
    triesInRound: 0,
    tries: [],
  }
  const { notifications } = world.state
  notifications.push(notification)
  if (notifications.length > mostKept) forgetOldest(notifications)
  return notification
}

/** The oldest of those that nobody waits for any more. */
function forgetOldest(notifications: Notification[]): void {
  const oldest = notifications.findIndex(({ standing }) => !['waiting', 'held'].includes(standing))
  if (oldest >= 0) notifications.splice(oldest, 1)
}

/** The oldest rule that fires decides. */
function standingOf(world: World, uId: string, type: string): Notification['standing'] {
  let standing: Notification['standing'] | undefined
  for (const rule of world.state.notificationRules) {
    const fits = (rule.type ?? type) === type && (rule.uId ?? uId) === uId
    if (fits && fires(rule)) standing ??= rule.action === 'hold' ? 'held' : 'dropped'
  }
  return standing ?? 'waiting'
}
