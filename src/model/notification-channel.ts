/** Where and by which secret Apple may tell of changes of one token's location (Apple 6). The secret itself is kept nowhere. */
import type { AppleFinding } from './apple-finding.ts'
import type { Instant } from './date-time-offset.ts'
import type { TokenId } from './ids.ts'

export interface NotificationChannel {
  /** Stands in the path and says nothing about the token. */
  readonly id: string
  readonly tokenId: TokenId
  /** The URL that Apple has taken; null = none is registered. */
  readonly url: string | null
  readonly registeredAt: Instant | null
  /** SHA-256 of the bearer that Apple has taken, hex; null = none. */
  readonly secretHash: string | null
  /** That of a configure call which is not settled: Apple's test comes while it is open. Null = none is open. */
  readonly pendingHash: string | null
  /** Why Apple cannot deliver: it is polled instead. Null = nothing is known against it. */
  readonly finding: AppleFinding | null
  /** When to try again to register; null = as soon as there is reason to. */
  readonly retryAt: Instant | null
  /** When Apple last told that these are no longer as they were. */
  readonly stale: Readonly<Partial<Record<StaleFact, Instant>>>
  readonly lastReceivedAt: Instant | null
  /** Types of notification that came and that nobody knows, each once, until a run's record takes them over (Apple C13). */
  readonly unknownTypes: readonly string[]
}

export type StaleFact = 'counts' | 'assignments' | 'users'

export function newChannel(id: string, tokenId: TokenId): NotificationChannel {
  return {
    id,
    tokenId,
    url: null,
    registeredAt: null,
    secretHash: null,
    pendingHash: null,
    finding: null,
    retryAt: null,
    stale: {},
    lastReceivedAt: null,
    unknownTypes: [],
  }
}
