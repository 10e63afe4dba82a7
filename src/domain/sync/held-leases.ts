/** The leases that one run holds: the one its token was taken under and, once the location is known, the location's. */
import type { Clock } from '../../model/clock.ts'
import { type Instant, instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { Lease, Schedule } from '../../ports/instance-store.ts'

export interface HeldLeases {
  /** Holds one more location; false when somebody else holds it. */
  add(locationKey: string): Promise<boolean>
  /** Moves their ends when a good part of their time is over. Failure `superseded` when one of them is lost. */
  refresh(): Promise<void>
  /** Keeps them for so long without anybody refreshing them: the location rests. */
  rest(ms: number): Promise<void>
  release(): Promise<void>
}

/** A lease is extended when this part of it is over, so that two refreshes may fail before it ends. */
export const refreshPart = 1 / 3

export function holdLeases(
  { schedule, clock, leaseMs }: { schedule: Schedule; clock: Clock; leaseMs: number },
  taken: Lease,
): HeldLeases {
  const leases: Lease[] = [taken]
  let refreshedAtMs = clock.now().getTime()

  const inFuture = (ms: number): Instant => instantOf(new Date(clock.now().getTime() + ms))

  async function extendAll(ms: number): Promise<void> {
    for (const lease of leases) {
      if (await schedule.extendLease(lease, inFuture(ms))) continue
      throw new Failure(
        'superseded',
        'The lease on the location ended before its run did, and another run may have begun. This one stops and writes nothing more.',
      )
    }
  }

  return {
    async add(locationKey) {
      if (leases.some((lease) => lease.locationKey === locationKey)) return true
      const now = instantOf(clock.now())
      if (!(await schedule.addLease(taken, locationKey, now, inFuture(leaseMs)))) return false
      leases.push({ locationKey, holder: taken.holder })
      return true
    },
    async refresh() {
      const nowMs = clock.now().getTime()
      if (nowMs - refreshedAtMs < leaseMs * refreshPart) return
      await extendAll(leaseMs)
      refreshedAtMs = nowMs
    },
    rest: extendAll,
    release: () => schedule.releaseLeases(taken.holder),
  }
}
