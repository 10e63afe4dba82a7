/** A sleep that can be cut short; a wake that comes while nobody sleeps cuts the next sleep. */
import type { Clock } from '../model/clock.ts'

export interface Nap {
  /** Ends after `ms`, at a wake or with the signal; never rejects for those. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  wake(): void
}

export function nap(clock: Clock): Nap {
  let isWoken = false
  let asleep: AbortController | undefined
  return {
    async sleep(ms, signal) {
      if (!isWoken) {
        asleep = new AbortController()
        const cut = AbortSignal.any([asleep.signal, signal])
        await clock.sleep(ms, cut).catch((error: unknown) => {
          if (!cut.aborted) throw error
        })
        asleep = undefined
      }
      isWoken = false
    },
    wake() {
      isWoken = true
      asleep?.abort()
    },
  }
}
