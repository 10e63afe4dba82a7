import { type World, worldNow } from '../world/world.ts'
import { isLastTry, type Notification, nextTryMs } from './notification.ts'
import { trySending } from './send.ts'

/** Tries everything that is due; resolves when nothing due is left to try. */
export async function deliverDue(world: World): Promise<void> {
  const { courier } = world
  while (!courier.stopped.signal.aborted) {
    const waiting = new Set(dueNow(world).map((notification) => notification.uId))
    if (waiting.size === 0 && courier.rounds.size === 0) return
    await Promise.all([...new Set([...waiting, ...courier.rounds.keys()])].map(roundOf))
  }

  function roundOf(uId: string): Promise<void> {
    const underWay = courier.rounds.get(uId)
    if (underWay !== undefined) return underWay
    const round = deliverTo(world, uId).finally(() => courier.rounds.delete(uId))
    courier.rounds.set(uId, round)
    return round
  }
}

async function deliverTo(world: World, uId: string): Promise<void> {
  while (!world.courier.stopped.signal.aborted) {
    const notification = dueNow(world).find((candidate) => candidate.uId === uId)
    if (notification === undefined) return
    await deliver(world, notification)
  }
}

/** Due ones, the longest due first; what was made first goes first. */
function dueNow(world: World): Notification[] {
  const now = worldNow(world)
  return world.state.notifications
    .flatMap((notification) => {
      const dueMs = nextTryMs(notification)
      return dueMs !== undefined && dueMs <= now ? [{ notification, dueMs }] : []
    })
    .sort((left, right) => left.dueMs - right.dueMs)
    .map(({ notification }) => notification)
}

async function deliver(world: World, notification: Notification): Promise<void> {
  const target = world.state.libraries.get(notification.uId)?.notification
  if (target === undefined) {
    notification.standing = 'noTarget'
    return
  }
  const isTaken = await trySending(world, notification, target)
  // Somebody may have held or dropped it meanwhile.
  if (isTaken) notification.standing = 'delivered'
  else if (notification.standing === 'waiting' && isLastTry(notification)) {
    notification.standing = 'failed'
  }
}
