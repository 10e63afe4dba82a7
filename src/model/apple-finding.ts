/** What an answer of Apple's (or its absence) means for a token. Numbers are kept for people, never decided upon. */
import type { Instant } from './date-time-offset.ts'
import type { StateReason } from './vpp-token-types.ts'

export interface AppleFinding {
  readonly reason: StateReason
  /** A verdict on the token itself (revoked, expired, …); false: trouble that says nothing about the token. */
  readonly isDefinite: boolean
  /** Apple's errorNumber, when there was one. */
  readonly errorNumber?: number
  readonly httpStatus?: number
  /** Apple's text or the cause of the trouble; holds no secret. */
  readonly detail?: string
  /** The host that was asked, when it matters to the admin. */
  readonly host?: string
  /** Nothing may be sent for this location before this instant (Retry-After). */
  readonly notBefore?: Instant
}

/** Thrown by the Apple port; the run turns it into state, reason and schedule. */
export class AppleTrouble extends Error {
  readonly finding: AppleFinding

  constructor(finding: AppleFinding, cause?: unknown) {
    super(finding.detail ?? finding.reason, cause === undefined ? undefined : { cause })
    this.name = 'AppleTrouble'
    this.finding = finding
  }
}
