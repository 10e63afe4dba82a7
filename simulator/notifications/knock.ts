import type { Library, NotificationTarget } from '../library/library.ts'
import type { World } from '../world/world.ts'
import { makeNotification } from './notify.ts'
import { trySending } from './send.ts'

/**
 * Sends TEST_NOTIFICATION once to a target that is about to be stored and tells whether it was taken
 * (Apple contract 2.3, 6). Held or dropped, it was not.
 */
export async function isTargetReachable(
  world: World,
  { uId }: Library,
  target: NotificationTarget,
  nowMs: number,
): Promise<boolean> {
  const test = makeNotification(world, uId, { type: 'TEST_NOTIFICATION', body: {} }, nowMs)
  if (test.standing !== 'waiting') return false
  // Nobody else may bring it: the location's own target is still another one.
  test.standing = 'failed'
  const isTaken = await trySending(world, test, target)
  if (isTaken) test.standing = 'delivered'
  return isTaken
}
