/** What Apple tells of a change, as far as Pomona heeds it (Apple 6): which facts are stale, never what they are now. Pure. */
import type { StaleFact } from '../../model/notification-channel.ts'
import { isStorable } from '../../model/storable-text.ts'

export interface AppleNotification {
  readonly type: string
  /** Apple sends one up to three times under the same id. */
  readonly id: string
  readonly uId: string
  /** The event that it tells of; null = none. */
  readonly eventId: string | null
}

/** Undefined when a member that every notification has is missing or of another kind. */
export function decodeNotification(body: unknown): AppleNotification | undefined {
  const { notificationType: type, notificationId: id, uId, notification } = membersOf(body)
  if (!isShortText(type) || !isShortText(id) || !isShortText(uId)) return undefined
  const { eventId } = membersOf(notification)
  return { type, id, uId, eventId: isShortText(eventId) ? eventId : null }
}

/** Undefined = a type that is not known. */
export function staleBy(type: string): readonly StaleFact[] | undefined {
  return stale.get(type)
}

const stale: ReadonlyMap<string, readonly StaleFact[]> = new Map([
  ['TEST_NOTIFICATION', []],
  ['ASSET_COUNT', ['counts']],
  ['ASSET_MANAGEMENT', ['counts', 'assignments']],
  ['USER_MANAGEMENT', ['users']],
  ['USER_ASSOCIATED', ['users']],
])

const longest = 256

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest && isStorable(value)
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
