import { Agent, fetch } from 'undici'
import type { NotificationTarget } from '../library.ts'
import type { LocationCall } from './request.ts'

const answerWithinMs = 5000

/**
 * Sends TEST_NOTIFICATION to a target that is about to be stored and tells whether it was taken: any 2xx
 * (Apple contract 2.3, 6). Redirects are not followed, the secret would travel with them.
 */
export async function checkNotificationTarget(
  { world, library }: LocationCall,
  target: NotificationTarget,
): Promise<boolean> {
  const { made, settings } = world.state
  made.notifications += 1
  const notificationId = `b0000000-0000-4000-8000-${made.notifications.toString(16).padStart(12, '0')}`
  const dispatcher = new Agent({
    ...(settings.notificationCa !== null && { connect: { ca: settings.notificationCa } }),
  })
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${target.authToken}`,
      },
      body: JSON.stringify({
        notificationType: 'TEST_NOTIFICATION',
        notificationId,
        uId: library.uId,
        notification: {},
      }),
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
      dispatcher,
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  } finally {
    await dispatcher.close()
  }
}
