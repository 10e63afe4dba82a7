/** One taken token from its lease to the giving back: the lease is kept while the run lasts, a crash makes the location rest. */
import { contendedMs, shortestRetryMs } from '../domain/sync/due.ts'
import { type HeldLeases, holdLeases, refreshPart } from '../domain/sync/held-leases.ts'
import type { RunOutcome } from '../domain/sync/run-sync.ts'
import { isSuperseded } from '../domain/sync/superseded.ts'
import type { Clock } from '../model/clock.ts'
import { traceOf } from '../model/observation.ts'
import type { Schedule, TakenToken } from '../ports/instance-store.ts'
import type { Observe } from '../ports/observer.ts'
import { hasSlept } from './has-slept.ts'

/** Runs one token; stops between two chunks when the signal comes. */
export type RunOne = (
  taken: TakenToken,
  leases: HeldLeases,
  signal: AbortSignal,
) => Promise<RunOutcome>

export interface LeasedRunDeps {
  readonly schedule: Schedule
  readonly clock: Clock
  readonly observe: Observe
  readonly runOne: RunOne
  /** How long a location stays taken when this process dies. */
  readonly leaseMs: number
}

/** Never rejects: whatever goes wrong is observed. */
export async function runUnderLease(
  deps: LeasedRunDeps,
  taken: TakenToken,
  stopped: AbortSignal,
): Promise<void> {
  const leases = holdLeases(deps, taken.lease)
  const lost = new AbortController()
  const ended = new AbortController()
  const heartbeat = beat(deps, leases, lost, ended.signal)
  const restMs = await run(deps, taken, leases, AbortSignal.any([stopped, lost.signal]))
  ended.abort()
  await heartbeat
  // The token is still due: its location is kept for a while instead of being given back, so that it is not taken at once.
  const givenBack = restMs > 0 ? leases.rest(restMs) : leases.release()
  await givenBack.catch((error: unknown) => {
    // Then the leases end by themselves.
    if (!isSuperseded(error)) deps.observe({ kind: 'dueLoopFailed', error: traceOf(error) })
  })
}

/** Answers how long the location shall rest; 0 = not at all. */
async function run(
  { runOne, observe }: LeasedRunDeps,
  taken: TakenToken,
  leases: HeldLeases,
  signal: AbortSignal,
): Promise<number> {
  // Taken while the loop was being stopped: nothing new begins.
  if (signal.aborted) return 0
  try {
    return (await runOne(taken, leases, signal)) === 'postponed' ? contendedMs : 0
  } catch (error) {
    const { tenantId, tokenId } = taken
    observe({ kind: 'runCrashed', tenantId, tokenId, error: traceOf(error) })
    return shortestRetryMs
  }
}

async function beat(
  { clock, leaseMs, observe }: LeasedRunDeps,
  leases: HeldLeases,
  lost: AbortController,
  ended: AbortSignal,
): Promise<void> {
  while (await hasSlept(clock, leaseMs * refreshPart, ended)) {
    try {
      await leases.refresh()
    } catch (error) {
      if (isSuperseded(error)) return lost.abort(error)
      observe({ kind: 'dueLoopFailed', error: traceOf(error) })
    }
  }
}
