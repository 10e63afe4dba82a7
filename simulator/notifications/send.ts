import { Agent, fetch } from 'undici'
import type { NotificationTarget } from '../library/library.ts'
import { type World, worldNow } from '../world/world.ts'
import { type Notification, type NotificationTry, nextTryMs } from './notification.ts'

const answerWithinMs = 5000

/** One try; it is taken when the answer is any 2xx (Apple contract 6). */
export async function trySending(
  world: World,
  notification: Notification,
  target: NotificationTarget,
): Promise<boolean> {
  const virtualMs = worldNow(world)
  const attempt: NotificationTry = {
    dueMs: nextTryMs(notification) ?? virtualMs,
    virtualMs,
    realMs: world.time.now(),
    status: null,
  }
  notification.triesInRound += 1
  notification.tries.push(attempt)
  attempt.status = await post(world, notification, target)
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300
}

/** Redirects are not followed: the secret would travel with them. */
async function post(
  world: World,
  { type, notificationId, uId, body }: Notification,
  target: NotificationTarget,
): Promise<number | null> {
  const { notificationCa } = world.state.settings
  const dispatcher = new Agent({
    ...(notificationCa !== null && { connect: { ca: notificationCa } }),
  })
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${target.authToken}`,
      },
      body: JSON.stringify({ notificationType: type, notificationId, uId, notification: body }),
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), world.courier.stopped.signal]),
      dispatcher,
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  } finally {
    await dispatcher.destroy()
  }
}
