import type { Clock } from '../src/model/clock.ts'

/** A clock that moves only by hand: whoever sleeps wakes when it has been turned far enough. */
export interface HandClock extends Clock {
  /** Lengths of the sleeps that have not ended, in milliseconds, in the order in which they began. */
  readonly asleep: readonly number[]
  turn(ms: number): void
}

export function handClock(start: Date): HandClock {
  let nowMs = start.getTime()
  const sleepers = new Set<{ readonly ms: number; readonly dueMs: number; wake(): void }>()
  return {
    get asleep() {
      return [...sleepers].map(({ ms }) => ms)
    },
    now: () => new Date(nowMs),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const rise = () => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper = {
          ms,
          dueMs: nowMs + ms,
          wake() {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', rise)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', rise, { once: true })
      }),
    turn(ms) {
      nowMs += ms
      for (const sleeper of [...sleepers]) if (sleeper.dueMs <= nowMs) sleeper.wake()
    },
  }
}
