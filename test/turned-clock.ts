import type { Clock } from '../src/model/clock.ts'

/** A clock whose sleepers turn it: nobody waits in real time, yet everybody wakes in the right order. */
export interface TurnedClock extends Clock {
  /** Lengths of all the sleeps so far in milliseconds, in the order in which they began. */
  readonly sleeps: readonly number[]
  /** Moves the time by hand and wakes those whose time has come; negative = the clock is put back. */
  turn(ms: number): void
}

interface Sleeper {
  readonly dueMs: number
  readonly wake: () => void
}

/**
 * Starts at `start`. When something sleeps, the clock waits until the program has come to rest (one turn of the event
 * loop), jumps to the earliest sleeper and wakes it; then it looks again. Sleepers due at the same time wake one by one, in
 * the order in which they fell asleep. While `isBusy` says so the clock stands still, such as for a request on its way.
 */
export function createTurnedClock(start: Date, isBusy = () => false): TurnedClock {
  let nowMs = start.getTime()
  let isTurning = false
  const sleeps: number[] = []
  const sleepers: Sleeper[] = []

  function turnLater(): void {
    if (isTurning || sleepers.length === 0) return
    isTurning = true
    setImmediate(() => {
      isTurning = false
      if (isBusy()) return turnLater()
      const next = sleepers.shift()
      if (next === undefined) return
      nowMs = Math.max(nowMs, next.dueMs)
      next.wake()
      turnLater()
    })
  }

  function fallAsleep(sleeper: Sleeper): void {
    const later = sleepers.findIndex(({ dueMs }) => dueMs > sleeper.dueMs)
    sleepers.splice(later === -1 ? sleepers.length : later, 0, sleeper)
    turnLater()
  }

  return {
    sleeps,
    now: () => new Date(nowMs),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        sleeps.push(ms)
        const rise = () => {
          const place = sleepers.indexOf(sleeper)
          if (place !== -1) sleepers.splice(place, 1)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          dueMs: nowMs + ms,
          wake: () => {
            signal?.removeEventListener('abort', rise)
            resolve()
          },
        }
        signal?.addEventListener('abort', rise, { once: true })
        fallAsleep(sleeper)
      }),
    turn: (ms) => {
      nowMs += ms
      while ((sleepers[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) sleepers.shift()?.wake()
    },
  }
}
