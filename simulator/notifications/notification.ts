/** Apple contract 6; the last three are never made by this simulator itself, only sent by hand. */
export const notificationTypes = [
  'TEST_NOTIFICATION',
  'ASSET_MANAGEMENT',
  'USER_MANAGEMENT',
  'USER_ASSOCIATED',
  'ASSET_COUNT',
  'SUBSCRIPTION_MANAGEMENT',
  'SUBSCRIPTION_COUNT',
  'UNLIMITED_ASSET',
] as const
export type NotificationType = (typeof notificationTypes)[number]

/** One message to the notification URL of a location, and what became of it. */
export interface Notification {
  notificationId: string
  uId: string
  type: string
  /** The `notification` member of the envelope. */
  body: Record<string, unknown>
  /**
   * `waiting`: its next try stands out. `held`: until somebody has it delivered. `failed`: three tries, none
   * taken. `noTarget`: the location had no notification URL any more.
   */
  standing: 'waiting' | 'held' | 'dropped' | 'delivered' | 'failed' | 'noTarget'
  /** Of the round of tries that it is in; redelivery begins another one. */
  firstTryMs: number
  triesInRound: number
  tries: NotificationTry[]
}

export interface NotificationTry {
  /** Virtual time for which it stood out. */
  dueMs: number
  virtualMs: number
  realMs: number
  /** HTTP status; null when there was no answer. */
  status: number | null
}

/** Hold or drop notifications as they are made (Apple contract 11.3 S9). */
export interface NotificationRule {
  action: 'hold' | 'drop'
  /** Undefined: of every type, of every location. */
  type: string | undefined
  uId: string | undefined
  nth: number
  count: number
  seen: number
}

/** Virtual time from the first try to each of the three (Apple contract 11.3 S9). */
const tryAfterMs = [0, 60_000, 240_000]

/** Undefined when nothing is going to happen by itself. */
export function nextTryMs({
  standing,
  firstTryMs,
  triesInRound,
}: Notification): number | undefined {
  const afterMs = tryAfterMs[triesInRound]
  return standing !== 'waiting' || afterMs === undefined ? undefined : firstTryMs + afterMs
}

export function isLastTry({ triesInRound }: Notification): boolean {
  return triesInRound >= tryAfterMs.length
}
