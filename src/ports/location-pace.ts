/**
 * What several processes, and a process that starts again, must know of the pace at which a location may be asked (Apple 5, C4).
 * A location is named by the key of the limiter; time is that of whoever keeps it, so every span is told in milliseconds from now.
 */

/** Pauses that Apple asked for. */
export interface LocationPauses {
  /** Nothing may start for so long; an earlier pause does not shorten a later one. */
  pause(locationKey: string, forMs: number): Promise<void>
  /** What is left of it; 0 = there is none. */
  pausedForMs(locationKey: string): Promise<number>
}

/** Starts of requests, where several processes ask about the same locations. */
export interface LocationPace {
  /**
   * May a request start? When it may, a start at least `spacingMs` after all others and one of the few places in flight are
   * reserved for it. One round trip. Failure `unavailable` when nobody can be asked.
   */
  reserve(locationKey: string, spacingMs: number): Promise<Reservation>
  /**
   * Gives a place back, at once or a moment later. Never fails: a place that nobody gives back falls free by itself, a while
   * after the longest request is over.
   */
  release(locationKey: string, place: number): void
}

export type Reservation =
  | {
      readonly isGranted: true
      /** Names the place in flight, for its release. */
      readonly place: number
      /** Short, so that a pause which others are told of meanwhile is kept by all. */
      readonly startsInMs: number
    }
  | {
      readonly isGranted: false
      /** 0 = no pause is the cause. */
      readonly pausedForMs: number
      readonly askAgainInMs: number
    }
