/**
 * Spaces the starts of requests per location and bounds how many are in flight (Apple 5, C4). All conversations of this process
 * with the same key share one entry; who asked first goes first. Where other processes ask about the same locations, whoever has
 * its turn here also asks the pace that they share.
 */
import type { Clock } from '../model/clock.ts'
import type { LocationPace, LocationPauses } from '../ports/location-pace.ts'
import { orAborted } from './or-aborted.ts'

export interface Limiter {
  /**
   * Ends when a request may start, and counts it as in flight until the answer is called. Rejects with the signal's reason, or
   * with `LocationPaused` when Apple has asked for a pause that is too long to wait for.
   */
  enter(key: string, spacingMs: number, signal?: AbortSignal): Promise<() => void>
  /**
   * Nothing starts here for this key before `until`, milliseconds since 1970; an earlier pause does not shorten a later one.
   */
  pause(key: string, until: number): void
  /** Locations that are remembered. */
  readonly size: number
}

/** Thrown to those who would have to wait longer than a run should. */
export class LocationPaused extends Error {
  readonly untilMs: number

  constructor(untilMs: number) {
    super('Apple asked for a pause.')
    this.name = 'LocationPaused'
    this.untilMs = untilMs
  }
}

export const maxInFlight = 5
/** A longer pause ends the attempt (Apple 5). */
export const longestWaitMs = 60_000
/** Pauses are capped here, whatever Apple says (Apple 5). */
export const longestPauseMs = 3_600_000

/** Eight tenths of what Apple allows per second: 84 ms at 15, so at most 12 starts in any second. */
export function spacingAt(maxRequestPerSecond: number): number {
  return Math.ceil(1_000 / (0.8 * maxRequestPerSecond))
}

interface Location {
  /** Ends when everybody who asked before has started or given up. */
  lastTurn: Promise<void>
  waiting: number
  inFlight: number
  /** Wakes the one whose turn it is when a place becomes free. */
  freed: (() => void) | undefined
  nextStartMs: number
  pausedUntilMs: number
  /** Until it is read, a pause may be left from before this process. */
  isPauseRead: boolean
}

/** What reaches beyond this process. */
export interface Beyond {
  readonly pauses?: LocationPauses
  readonly pace?: LocationPace
}

interface Reserved {
  readonly place: number
  readonly startMs: number
}

export function createLimiter(clock: Clock, { pauses, pace }: Beyond = {}): Limiter {
  /** In the order of their last inspection, so that looking at two of them per request finds every idle one. */
  const locations = new Map<string, Location>()
  const now = () => clock.now().getTime()

  function locationOf(key: string): Location {
    const known = locations.get(key)
    if (known) return known
    const location: Location = {
      lastTurn: Promise.resolve(),
      waiting: 0,
      inFlight: 0,
      freed: undefined,
      nextStartMs: 0,
      pausedUntilMs: 0,
      // The shared pace tells of pauses with each answer.
      isPauseRead: pauses === undefined || pace !== undefined,
    }
    locations.set(key, location)
    return location
  }

  function dropIdle(): void {
    for (let looks = 0; looks < 2; looks += 1) {
      const [oldest] = locations
      if (oldest === undefined) return
      const [key, location] = oldest
      locations.delete(key)
      if (!isIdle(location)) locations.set(key, location)
    }
  }

  function isIdle(location: Location): boolean {
    return (
      location.waiting === 0 &&
      location.inFlight === 0 &&
      now() >= Math.max(location.nextStartMs, location.pausedUntilMs)
    )
  }

  /** Waits as the one whose turn it is; answers the place in the shared pace. Looks again after each wait: a pause may have come. */
  async function untilFree(
    key: string,
    location: Location,
    spacingMs: number,
    signal?: AbortSignal,
  ) {
    let reserved: Reserved | undefined
    const giveBack = () => {
      if (reserved) pace?.release(key, reserved.place)
      reserved = undefined
    }
    try {
      if (!location.isPauseRead) await readPause(key, location)
      for (;;) {
        signal?.throwIfAborted()
        // A clock that was put back must not stop a location for as long.
        location.nextStartMs = Math.min(location.nextStartMs, now() + spacingMs)
        location.pausedUntilMs = Math.min(location.pausedUntilMs, now() + longestPauseMs)
        const pauseMs = location.pausedUntilMs - now()
        if (pauseMs > longestWaitMs) throw new LocationPaused(location.pausedUntilMs)
        if (pauseMs > 0) {
          // Others may have the place meanwhile.
          giveBack()
          await clock.sleep(pauseMs, signal)
        } else if (location.inFlight >= maxInFlight) await orAborted(placeIn(location), signal)
        else if (pace && !reserved) reserved = await reserve(pace, key, location, spacingMs, signal)
        else {
          const waitMs = Math.max(location.nextStartMs, reserved?.startMs ?? 0) - now()
          if (waitMs <= 0) return reserved?.place
          await clock.sleep(waitMs, signal)
        }
      }
    } catch (error) {
      giveBack()
      throw error
    }
  }

  async function readPause(key: string, location: Location): Promise<void> {
    const leftMs = (await pauses?.pausedForMs(key)) ?? 0
    location.isPauseRead = true
    if (leftMs > 0) location.pausedUntilMs = Math.max(location.pausedUntilMs, now() + leftMs)
  }

  /** Undefined = not yet: the wait is over, or a pause is known that the caller looks at first. */
  async function reserve(
    shared: LocationPace,
    key: string,
    location: Location,
    spacingMs: number,
    signal?: AbortSignal,
  ): Promise<Reserved | undefined> {
    const answer = await shared.reserve(key, spacingMs)
    if (answer.isGranted) return { place: answer.place, startMs: now() + answer.startsInMs }
    if (answer.pausedForMs > 0)
      location.pausedUntilMs = Math.max(location.pausedUntilMs, now() + answer.pausedForMs)
    else await clock.sleep(answer.askAgainInMs, signal)
    return undefined
  }

  function placeIn(location: Location): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    location.freed = resolve
    return promise
  }

  function start(
    key: string,
    location: Location,
    spacingMs: number,
    place: number | undefined,
  ): () => void {
    location.nextStartMs = now() + spacingMs
    location.inFlight += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      location.inFlight -= 1
      if (place !== undefined) pace?.release(key, place)
      location.freed?.()
    }
  }

  return {
    async enter(key, spacingMs, signal) {
      signal?.throwIfAborted()
      dropIdle()
      const location = locationOf(key)
      const before = location.lastTurn
      const { promise: turn, resolve: endTurn } = Promise.withResolvers<void>()
      location.lastTurn = turn
      location.waiting += 1
      try {
        await orAborted(before, signal)
        const place = await untilFree(key, location, spacingMs, signal)
        return start(key, location, spacingMs, place)
      } finally {
        location.waiting -= 1
        // Whoever gives up early still lets those before it go first.
        void before.then(endTurn)
      }
    },
    pause(key, until) {
      const location = locationOf(key)
      location.pausedUntilMs = Math.max(location.pausedUntilMs, until)
    },
    get size() {
      return locations.size
    },
  }
}
