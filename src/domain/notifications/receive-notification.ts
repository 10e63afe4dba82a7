/** Takes in what Apple tells (Apple 6): it makes the token due and is never proof of anything; the run asks Apple itself. */
import type { Clock } from '../../model/clock.ts'
import { type Instant, instantOf, instantPlus } from '../../model/date-time-offset.ts'
import type { NewId } from '../../model/ids.ts'
import type { NotificationChannel } from '../../model/notification-channel.ts'
import type { ChannelDoor } from '../../ports/notification-channel-store.ts'
import type { Observe } from '../../ports/observer.ts'
import type { Storage, TenantStores } from '../../ports/storage.ts'
import { queueRun } from '../tokens/queue-run.ts'
import { type AppleNotification, staleBy } from './apple-notification.ts'

/** There is news of an event that somebody waits for; called inside the transaction that takes the notification in. */
export type HastenEvent = (
  stores: TenantStores,
  news: {
    readonly tokenId: string
    readonly locationId: string
    readonly eventId: string
    readonly now: Instant
  },
) => Promise<void>

export interface ReceiveDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly newId: NewId
  readonly observe: Observe
  /** Absent = events are waited for as if nobody told. */
  readonly hastenEvent?: HastenEvent
}

/** Apple tries for five minutes; a day leaves room for clocks and for whoever sends one again by hand. */
export const rememberedMs = 24 * 3_600_000
/** What Apple tells of often comes in several messages: they are waited for. */
export const gatheringMs = 5_000
/** However much Apple tells, a token's runs begin no closer together. */
export const shortestIntervalMs = 30_000
/** Types that nobody knows, kept for the record of one run. */
const mostUnknownTypes = 20
const longestTypeName = 80

export type Received =
  /** Its token is due by it. */
  | 'news'
  /** It came before, or says nothing of what Pomona keeps. */
  | 'nothing'

export async function receiveNotification(
  deps: ReceiveDeps,
  channelId: string,
  { tenantId, tokenId }: ChannelDoor,
  notification: AppleNotification,
): Promise<Received> {
  const now = instantOf(deps.clock.now())
  const received = await deps.storage.forTenant(tenantId).transaction(async (stores) => {
    const times = { at: now, forgetBefore: instantPlus(now, -rememberedMs) }
    const isNew = await stores.channels.takeDown(channelId, notification.id, times)
    const channel = await stores.channels.find(tokenId)
    if (!isNew || !channel) return 'nothing'
    return takeIn(deps, stores, channel, notification, now)
  })
  if (staleBy(notification.type) === undefined)
    deps.observe({ kind: 'notificationUnknown', tenantId, tokenId, type: notification.type })
  return received
}

async function takeIn(
  { newId, hastenEvent }: ReceiveDeps,
  stores: TenantStores,
  channel: NotificationChannel,
  { type, uId, eventId }: AppleNotification,
  now: Instant,
): Promise<Received> {
  const { tokenId } = channel
  const known = staleBy(type)
  const facts = known ?? []
  const stale = { ...channel.stale, ...Object.fromEntries(facts.map((fact) => [fact, now])) }
  const unknownTypes = known ? channel.unknownTypes : withType(channel.unknownTypes, type)
  await stores.channels.put({ ...channel, stale, lastReceivedAt: now, unknownTypes })
  if (facts.length === 0) return 'nothing'
  const { record } = await stores.tokens.get(tokenId)
  const gathered = instantPlus(now, gatheringMs)
  const spaced = instantPlus(record.lastSyncDateTime.instant, shortestIntervalMs)
  const dueAt = spaced > gathered ? spaced : gathered
  await queueRun(stores, { tokenId, cause: 'notification', now, dueAt, newId })
  if (eventId !== null) await hastenEvent?.(stores, { tokenId, locationId: uId, eventId, now })
  return 'news'
}

/** As the names of unknown fields: short, each once, and not without end. */
function withType(types: readonly string[], type: string): readonly string[] {
  return [...new Set([...types, type.slice(0, longestTypeName)])].slice(0, mostUnknownTypes)
}
