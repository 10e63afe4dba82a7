/**
 * How often one client and one tenant may ask (graph 7.9): counted in windows of 20 seconds, as Graph counts, by each node for
 * itself. What was refused is not counted, so a client that keeps hammering gets through again with the next window.
 */
import type { Clock } from '../../model/clock.ts'
import { Failure } from '../../model/failure.ts'
import type { Caller } from '../../ports/authenticator.ts'

/** Of one client in 20 seconds; its tenant may send twice as many (the ratio that Graph has). Undefined = no limit. */
export interface RequestLimits {
  readonly requests: number | undefined
  readonly writes: number | undefined
}

export interface RequestLimiter {
  /** Failure `throttled` with the whole seconds until the next window. */
  take(caller: Pick<Caller, 'tenantId' | 'clientId'>, method: string): void
}

const windowMs = 20_000
const tenantShare = 2
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

export function requestLimiter(
  clock: Pick<Clock, 'now'>,
  { requests = Number.POSITIVE_INFINITY, writes = Number.POSITIVE_INFINITY }: RequestLimits,
): RequestLimiter {
  let windowEndsMs = 0
  let counts = new Map<string, number>()
  return {
    take: ({ tenantId, clientId }, method) => {
      const nowMs = clock.now().getTime()
      // A clock that was set back does not leave anybody waiting for the old window's end.
      if (nowMs >= windowEndsMs || nowMs < windowEndsMs - windowMs) {
        windowEndsMs = nowMs + windowMs
        counts = new Map()
      }
      const client = `${tenantId} ${clientId}`
      const counted: (readonly [key: string, limit: number])[] = [
        [tenantId, requests * tenantShare],
        [client, requests],
      ]
      if (!readingMethods.has(method))
        counted.push([`write ${tenantId}`, writes * tenantShare], [`write ${client}`, writes])
      if (counted.some(([key, limit]) => (counts.get(key) ?? 0) >= limit))
        throw new Failure('throttled', 'Please retry again later.', {
          retryAfterSeconds: Math.max(1, Math.ceil((windowEndsMs - nowMs) / 1_000)),
        })
      for (const [key] of counted) counts.set(key, (counts.get(key) ?? 0) + 1)
    },
  }
}
