/** What Pomona keeps of a location: its assets, who holds their licences, and its users (Apple 2.4 to 2.6). */

/** An app or book owned in one quality. Key: adamId, pricingParam. Counts are licences. */
export interface Asset {
  readonly adamId: string
  readonly pricingParam: string
  readonly productType: string
  /** 2147483647 together with `isUnlimited`. */
  readonly totalCount: number
  readonly availableCount: number
  readonly assignedCount: number
  readonly retiredCount: number
  readonly isUnlimited: boolean
  readonly isDeviceAssignable: boolean
  readonly isRevocable: boolean
  readonly supportedPlatforms: readonly string[]
}

/** One licence given to a device or a user. Key: everything. */
export interface Assignment {
  readonly adamId: string
  readonly pricingParam: string
  readonly targetKind: 'serialNumber' | 'clientUserId'
  readonly target: string
}

/** A user registered at the location. Key: everything but `status` and `email`; several retired rows may share a clientUserId. */
export interface AppleUser {
  readonly clientUserId: string
  readonly idHash: string | null
  readonly inviteCode: string | null
  readonly email: string | null
  readonly status: string
}

/** What `client/config` says about the location behind a content token (Apple 2.3). */
export interface LocationConfig {
  readonly uId: string
  readonly locationName: string | null
  /** Two letters, lower case. */
  readonly country: string | null
  readonly accountType: 'business' | 'education' | null
  /** UTC text as stored, or null when Apple sent none. */
  readonly tokenExpiration: string | null
  /** The server registered as manager; null = none. */
  readonly mdm: {
    readonly id: string
    readonly name: string | null
    readonly metadata: string | null
  } | null
}

/** Apple's number for "unlimited" (Apple 9.3). */
export const unlimitedCount = 2_147_483_647
