/** When the outcome of a write is asked for (Apple 5): no sooner than 30 s, no closer than that, given up at 10 minutes. Pure. */
import { type Instant, instantPlus } from '../../model/date-time-offset.ts'
import type { LicenseStep } from '../../model/license-intent.ts'

const firstSeconds = 30
/** Where Apple tells of events: only for those that it did not tell of. */
const firstWhereToldSeconds = 300
const laterSeconds = 45
const closestSeconds = 30
const giveUpSeconds = 600

export function firstPoll(sentAt: Instant, isTold: boolean): Instant {
  return plus(sentAt, isTold ? firstWhereToldSeconds : firstSeconds)
}

/** After one that found it still under way. */
export function nextPoll({ sentAt }: Pick<LicenseStep, 'sentAt'>, now: Instant): Instant {
  const next = plus(now, laterSeconds)
  const end = plus(sentAt, giveUpSeconds)
  return next < end ? next : end
}

export function isLate({ sentAt }: Pick<LicenseStep, 'sentAt'>, now: Instant): boolean {
  return now >= plus(sentAt, giveUpSeconds)
}

/** Apple has told of the event: at once, but not right after a poll, since many messages can tell of one event (Apple 6). */
export function hastenedPoll(
  { sentAt, pollAt }: Pick<LicenseStep, 'sentAt' | 'pollAt'>,
  now: Instant,
): Instant {
  if (pollAt <= now) return pollAt
  if (pollAt === firstPoll(sentAt, false) || pollAt === firstPoll(sentAt, true)) return now
  const soonest = plus(pollAt, closestSeconds - laterSeconds)
  return soonest > now ? soonest : now
}

function plus(instant: Instant, seconds: number): Instant {
  return instantPlus(instant, seconds * 1_000)
}
