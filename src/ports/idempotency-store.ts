/** Answers to creates that carried an Idempotency-Key, kept so that a retried create stores nothing twice (graph D18, G10). */
import type { Instant } from '../model/date-time-offset.ts'
import type { ClientId } from '../model/ids.ts'
import type { StoredIntent } from '../model/license-intent.ts'
import type { StoredToken } from '../model/stored-token.ts'

export interface IdempotentCreate {
  readonly clientId: ClientId
  /** As the caller sent it. */
  readonly key: string
  /** Keyed hash of what was sent, hex: the same key with another body is a mistake. */
  readonly requestHash: string
  readonly at: Instant
  /** The token, or the change of licences, as the first request left it; holds no content token, and of a change no request. */
  readonly created: StoredToken | StoredIntent
}

export interface IdempotencyStore {
  find(clientId: ClientId, key: string): Promise<IdempotentCreate | undefined>
  /** Inserts, or replaces what an older request left under the key. */
  put(create: IdempotentCreate): Promise<void>
}
