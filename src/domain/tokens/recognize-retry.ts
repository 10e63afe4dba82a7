/** A create that may be sent again: the same key within the time set gets the first answer (graph D18, G10). */
import { type Instant, millisecondsAt } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { ClientId } from '../../model/ids.ts'
import type { IdempotencyStore, IdempotentCreate } from '../../ports/idempotency-store.ts'

export interface KeyedRequest {
  readonly clientId: ClientId
  readonly key: string
  /** How long the first answer stands for the key (graph D18: a day). */
  readonly recognizedMs: number
  /** Keyed hash of where it was sent, and what: the same body elsewhere is another request. */
  readonly requestHash: string
}

/** What the first request under the key made; undefined = this is the first. Failure `idempotencyMismatch` when that was another one. */
export async function findCreated(
  store: IdempotencyStore,
  { clientId, key, recognizedMs, requestHash }: KeyedRequest,
  now: Instant,
): Promise<IdempotentCreate['created'] | undefined> {
  const first = await store.find(clientId, key)
  if (!first || millisecondsAt(now) - millisecondsAt(first.at) >= recognizedMs) return undefined
  if (first.requestHash === requestHash) return first.created
  throw new Failure(
    'idempotencyMismatch',
    'This Idempotency-Key was used for another request within the last 24 hours. Nothing was created; send a new key with a new request.',
    { property: 'Idempotency-Key' },
  )
}
