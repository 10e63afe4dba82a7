import {
  type Notification,
  type NotificationRule,
  nextTryMs,
  notificationTypes,
} from '../notifications/notification.ts'
import { type Message, makeNotification } from '../notifications/notify.ts'
import { type World, worldNow } from '../world/world.ts'
import {
  bodyOf,
  type ControlCall,
  type ControlHandler,
  created,
  expectNoBody,
  gone,
  libraryOf,
  ok,
  worldOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import { object, oneOf, optional, or, plainObject, text, whole, wrong } from './decode.ts'

export const listNotifications: ControlHandler = (call) => {
  const { state } = worldOf(call)
  return ok({
    notifications: state.notifications.map(shownNotification),
    rules: state.notificationRules.map(shownRule),
  })
}

const message = object({ uId: optional(text), type: text, body: or(plainObject, {}) })

/** Any message, also of a type that the location never asked for or that Apple has not announced. */
export const send: ControlHandler = (call) => {
  const world = worldOf(call)
  const { uId, type, body }: Message & { uId: string | undefined } = bodyOf(call, message)
  const library = uId === undefined ? onlyReceiver(world) : libraryOf(call, uId)
  if (library.notification === undefined) {
    throw new ControlError(
      409,
      `Location ${library.uId} has no notification URL. A client sets one with POST client/config.`,
    )
  }
  const made = makeNotification(world, library.uId, { type, body }, worldNow(world))
  return created({ notificationId: made.notificationId })
}

function onlyReceiver(world: World) {
  const receivers = [...world.state.libraries.values()].filter((library) => library.notification)
  const [receiver, another] = receivers
  if (receiver === undefined) {
    throw new ControlError(
      409,
      'No location has a notification URL. A client sets one with POST client/config.',
    )
  }
  if (another !== undefined) {
    throw wrong(`${receivers.length} locations have a notification URL. Name one with "uId".`)
  }
  return receiver
}

/** Once more, whatever became of it: a held one is let go, a delivered one comes twice (Apple contract 11.3 S9). */
export const redeliver: ControlHandler = (call) => {
  const world = worldOf(call)
  const notification = notificationOf(world, bodyOf(call, object({ id: text })).id)
  notification.standing = 'waiting'
  notification.firstTryMs = worldNow(world)
  notification.triesInRound = 0
  return ok({ notificationId: notification.notificationId })
}

const oneOrComing = object({
  id: optional(text),
  type: optional(oneOf(notificationTypes)),
  uId: optional(text),
  nth: or(whole(1), 1),
  count: or(whole(0), 1),
})

export const hold: ControlHandler = (call) => stopOne(call, 'hold', 'held')
export const drop: ControlHandler = (call) => stopOne(call, 'drop', 'dropped')

/** One that is made already, by its id; otherwise coming ones, by a rule that counts as a fault does. */
function stopOne(
  call: ControlCall,
  action: NotificationRule['action'],
  standing: 'held' | 'dropped',
) {
  const world = worldOf(call)
  const { id, ...rule } = bodyOf(call, oneOrComing)
  if (id === undefined) {
    if (rule.uId !== undefined) libraryOf(call, rule.uId)
    const added: NotificationRule = { action, ...rule, seen: 0 }
    world.state.notificationRules.push(added)
    return created(shownRule(added))
  }
  if (rule.type !== undefined || rule.uId !== undefined) {
    throw wrong(
      '"id" names one notification, "type" and "uId" stand for coming ones. Send one kind.',
    )
  }
  const notification = notificationOf(world, id)
  if (!['waiting', 'held'].includes(notification.standing)) {
    throw new ControlError(
      409,
      `Notification "${id}" is ${notification.standing} already. Nothing was changed.`,
    )
  }
  notification.standing = standing
  return ok(shownNotification(notification))
}

/** What they held stays held until it is redelivered. */
export const removeRules: ControlHandler = (call) => {
  expectNoBody(call)
  worldOf(call).state.notificationRules = []
  return gone
}

function notificationOf(world: World, id: string): Notification {
  const found = world.state.notifications.find((candidate) => candidate.notificationId === id)
  if (found === undefined) {
    throw new ControlError(
      404,
      `There is no notification "${id}" in this world. List them to see their ids.`,
    )
  }
  return found
}

function shownNotification(notification: Notification) {
  const dueMs = nextTryMs(notification)
  return {
    notificationId: notification.notificationId,
    uId: notification.uId,
    type: notification.type,
    body: notification.body,
    standing: notification.standing,
    nextTryAt: dueMs === undefined ? null : asText(dueMs),
    tries: notification.tries.map((attempt) => ({
      at: asText(attempt.dueMs),
      realAt: asText(attempt.realMs),
      status: attempt.status,
    })),
  }
}

function shownRule({ type, uId, ...rule }: NotificationRule) {
  return { ...rule, type: type ?? null, uId: uId ?? null }
}

const asText = (ms: number) => new Date(ms).toISOString()
