/** Answers of the lookup that were given to everybody, without a cookie; what is not known there is remembered, too (Apple 8). */
import type { Clock } from '../model/clock.ts'
import type { AppMetadata, Storefront } from '../ports/app-metadata.ts'

export interface LookupCache {
  /** Null = the store does not show it to everybody; undefined = not remembered, or no longer. */
  find(storefront: Storefront, adamId: string): AppMetadata | null | undefined
  put(storefront: Storefront, adamId: string, metadata: AppMetadata | null): void
}

export const freshMs = 24 * 3_600_000
/** Some megabytes, most of them descriptions. */
export const mostRemembered = 2_000

/** Of one language: it is the same for all questions. */
export function createLookupCache(clock: Clock): LookupCache {
  const remembered = new Map<string, { metadata: AppMetadata | null; atMs: number }>()
  return {
    find(storefront, adamId) {
      const found = remembered.get(keyOf(storefront, adamId))
      if (found === undefined) return undefined
      const ageMs = clock.now().getTime() - found.atMs
      return ageMs >= 0 && ageMs < freshMs ? found.metadata : undefined
    },
    put(storefront, adamId, metadata) {
      const key = keyOf(storefront, adamId)
      // Last in again, so that the first in is the oldest.
      remembered.delete(key)
      remembered.set(key, { metadata, atMs: clock.now().getTime() })
      const [oldest] = remembered.keys()
      if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest)
    },
  }
}

function keyOf({ platform, country }: Storefront, adamId: string): string {
  return `${platform} ${country} ${adamId}`
}
