/** A token as it is kept: the declared record, and what Pomona needs to know to keep it true. */
import type { AppleFinding } from './apple-finding.ts'
import type { Instant } from './date-time-offset.ts'
import type { VppToken } from './vpp-token.ts'

export interface StoredToken {
  readonly record: VppToken
  /** Grows with every stored change; the ETag. */
  readonly version: number
  readonly createdAt: Instant
  /** When the due loop must look at it: the earlier of next sync and expiry. */
  readonly dueAt: Instant
  /** The last answer that was not a good one; null after a good one, and before any. */
  readonly finding: AppleFinding | null
  /** Keyed hash of the content token, hex: two tokens are the same when these are. Null without a content token. */
  readonly contentHash: string | null
}
