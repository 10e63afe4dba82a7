/** Who manages a location, as one tenant sees it (Apple 7). Kept per tenant and location, so twins share it and renewals keep it. */
import type { AppleFinding } from './apple-finding.ts'
import type { Instant } from './date-time-offset.ts'
import { enumType } from './entity-type.ts'
import type { TokenId } from './ids.ts'

/**
 * observe = read only, nothing was claimed · ours = a claim was confirmed: read and write · conflict = was ours, another server
 * (or none) is registered now: read only · released = given up: nothing at all. Out of conflict and released leads a claim only.
 */
export const ownershipState = enumType('ownershipState', {
  observe: 0,
  ours: 1,
  conflict: 2,
  released: 3,
})
export type OwnershipState = keyof typeof ownershipState.members

/** The server that the administrator saw registered when asking for a claim. */
export interface SeenHolder {
  /** Null = none was registered. */
  readonly id: string | null
}

export interface Ownership {
  /** Apple's uId. */
  readonly locationId: string
  /** The id under which this tenant registers there: random, never another one. */
  readonly mdmId: string
  readonly state: OwnershipState
  readonly stateSince: Instant
  /** A claim through Pomona's own API takes over from this server only; null = whoever it is. */
  readonly seenHolder: SeenHolder | null
  /** A claim was sent and compared; it counts once it is found unchanged at this instant or later. Null = none is open. */
  readonly confirmAt: Instant | null
  /** The token whose next run gives the location up; null = nobody has asked for it. */
  readonly releaseBy: TokenId | null
  /** Why the last claim or release came to nothing; null after a good one. */
  readonly finding: AppleFinding | null
}

/** A location that nobody has ever claimed here has no row; this is what it would say. */
export function observed(
  given: Pick<Ownership, 'locationId' | 'mdmId'> & { at: Instant },
): Ownership {
  return {
    locationId: given.locationId,
    mdmId: given.mdmId,
    state: 'observe',
    stateSince: given.at,
    seenHolder: null,
    confirmAt: null,
    releaseBy: null,
    finding: null,
  }
}
