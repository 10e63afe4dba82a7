import type { ListName } from '../library/library.ts'

/** The `limits` of service/config in Apple's order; today's values are the defaults (Apple contract 2.2, 3.1). */
export interface Limits {
  maxAssets: number
  maxUsers: number
  maxClientUserIds: number
  maxSerialNumbers: number
  maxRevokeClientUserIds: number
  maxRevokeSerialNumbers: number
  maxNotificationLength: number
  maxMdmIdLength: number
  maxMdmNameLength: number
  maxMdmMetadataLength: number
  maxSubscriptions: number
  maxSubscriptionClientUserIds: number
  maxRequestPerSecond: number
}

export interface Settings {
  pageSizes: Record<ListName, number>
  limits: Limits
  /** From the acceptance of an event to its end, in virtual time (Apple contract 11.3 S4). */
  eventDelaySeconds: number
  /** Real time added to every data call. */
  latencyMs: number
  /** Off: a sixth call in flight is journalled only. On: it is refused (Apple contract 11.3 S8). */
  refuseOverParallel: boolean
  /** Off: notification URLs have to be https. */
  allowHttpNotificationUrl: boolean
  /** PEM of a private certification authority of the notification URLs; null: the usual ones. */
  notificationCa: string | null
}

export function defaultSettings(): Settings {
  return {
    pageSizes: { assets: 1000, assignments: 1000, users: 1000 },
    limits: {
      maxAssets: 25,
      maxUsers: 100,
      maxClientUserIds: 1000,
      maxSerialNumbers: 1000,
      maxRevokeClientUserIds: 100,
      maxRevokeSerialNumbers: 100,
      maxNotificationLength: 512,
      maxMdmIdLength: 100,
      maxMdmNameLength: 100,
      maxMdmMetadataLength: 255,
      maxSubscriptions: 25,
      maxSubscriptionClientUserIds: 1000,
      maxRequestPerSecond: 15,
    },
    eventDelaySeconds: 2,
    latencyMs: 0,
    refuseOverParallel: false,
    allowHttpNotificationUrl: false,
    notificationCa: null,
  }
}
