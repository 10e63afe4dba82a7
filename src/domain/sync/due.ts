/** When a token is looked at again. Instants and milliseconds; chance is passed in (0 ≤ random < 1). Pure. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import { type Instant, instantOf, instantPlus, neverInstant } from '../../model/date-time-offset.ts'

const minuteMs = 60_000
/** Apple 10, "Run": every 6 h with jitter. */
export const normalIntervalMs = 360 * minuteMs
/** Apple 5: after a failed run not before 5 minutes. */
export const shortestRetryMs = 5 * minuteMs
/** Rows that could not be confirmed as removed wait for the next whole walk (Apple C7): it comes sooner. */
export const suspectIntervalMs = 30 * minuteMs
/** How soon a token asks again for a location that another run holds. */
export const contendedMs = 3_000

export interface EndedRun {
  readonly now: Date
  /** Null = the run went well. */
  readonly finding: AppleFinding | null
  /** Runs in a row, this one included, that failed for a passing trouble. */
  readonly failuresInARow: number
  readonly rowsSuspect: number
  /** When a list must be walked in full again (Apple C7); null = not before the next run anyhow. */
  readonly walkDueAt: Instant | null
  readonly random: number
}

/** When the next sync may begin. */
export function nextSyncAfter(run: EndedRun): Instant {
  const now = instantOf(run.now)
  const regular = instantPlus(now, Math.round(normalIntervalMs * (0.9 + 0.2 * run.random)))
  if (run.finding === null)
    return run.rowsSuspect > 0
      ? instantPlus(now, suspectIntervalMs)
      : noLaterThan(run.walkDueAt, regular, instantPlus(now, shortestRetryMs))
  // Asking again soon changes neither a verdict nor the end of the service (9634).
  const isFinal = run.finding.isDefinite || run.finding.reason === 'serviceGone'
  const next = isFinal ? regular : instantPlus(now, retryDelayMs(run))
  const { notBefore } = run.finding
  return notBefore !== undefined && notBefore > next ? notBefore : next
}

function noLaterThan(latest: Instant | null, wanted: Instant, earliest: Instant): Instant {
  if (latest === null || latest >= wanted) return wanted
  return latest > earliest ? latest : earliest
}

/** Doubles with each failure; the jitter only adds, since Apple gives a lower bound. */
function retryDelayMs({ failuresInARow, random }: EndedRun): number {
  const grown = shortestRetryMs * 2 ** (Math.max(failuresInARow, 1) - 1)
  return Math.min(Math.round(grown * (1 + 0.1 * random)), normalIntervalMs)
}

/** The earlier of next sync and expiry; an expiry that has come already is written and done with (graph 9, row 8). */
export function dueAt(nextSync: Instant, expiresAt: Instant, now: Date): Instant {
  const isAhead = expiresAt !== neverInstant && expiresAt > instantOf(now)
  return isAhead && expiresAt < nextSync ? expiresAt : nextSync
}
