import type { Instant } from '../model/date-time-offset.ts'

/** For tables: to the minute, UTC. `2027-02-20 08:00Z` */
export function shortTime(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}Z`
}
