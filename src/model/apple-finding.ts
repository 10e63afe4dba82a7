/** What an answer of Apple's (or its absence) means for a token. Numbers are kept for people, never decided upon. */
import type { ItemFailure } from './apple-write.ts'
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
  /** Met by a request that was to change something; absent = by one that reads. */
  readonly isOfWrite?: true
  /** Nothing that this token asks would fare better, though nothing is known against the token itself (Apple 4.1, 9722). */
  readonly stopsToken?: true
  /** Of a write: nobody knows whether Apple took it; absent = it certainly did not. */
  readonly isAnswerLost?: true
  /** Of a write that was refused at once: what was wrong with which part of it. */
  readonly item?: ItemFailure
  /** Of a walk from a versionId that Apple does not know, or no longer does: take a full walk (Apple 3.3). */
  readonly isVersionUnknown?: true
  /** Of a write with more in it than Apple allows: read the limits again, split it, send it again once (Apple 4.1). */
  readonly isOverLimits?: true
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
