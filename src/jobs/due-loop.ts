/**
 * Takes due tokens under a lease and runs them, on one node or many. The schedule lives in the data: this loop keeps nothing
 * but the runs under way, so a killed process loses none: their tokens are still due, and free when the leases have ended.
 */
import { instantOf, millisecondsAt } from '../model/date-time-offset.ts'
import { traceOf } from '../model/observation.ts'
import type { TakenToken } from '../ports/instance-store.ts'
import { nap } from './nap.ts'
import { type LeasedRunDeps, runUnderLease } from './run-under-lease.ts'

export interface DueLoopDeps extends LeasedRunDeps {
  /** Runs at the same time on this node. */
  readonly concurrency: number
}

export interface DueLoop {
  /** Looks at once for what is due: something has just become so. */
  wake(): void
  /** Takes nothing more; resolves when the runs under way have finished their chunk and given back their leases. */
  stop(): Promise<void>
}

/** Other nodes make tokens due without telling this one. */
const longestNapMs = 30_000
/** A token may be due and yet not free to take: it is not asked for more often than this. */
const shortestNapMs = 1_000

export function startDueLoop(deps: DueLoopDeps): DueLoop {
  const { schedule, clock, observe } = deps
  const sleeper = nap(clock)
  const stopped = new AbortController()
  const running = new Set<Promise<void>>()

  function start(taken: TakenToken): void {
    const run = runUnderLease(deps, taken, stopped.signal).finally(() => {
      running.delete(run)
      sleeper.wake()
    })
    running.add(run)
  }

  /** Fills the free places; answers how long to sleep. */
  async function takeDue(): Promise<number> {
    const free = deps.concurrency - running.size
    if (free <= 0) return longestNapMs
    const now = clock.now()
    const until = instantOf(new Date(now.getTime() + deps.leaseMs))
    for (const taken of await schedule.takeDue({ now: instantOf(now), until, limit: free }))
      start(taken)
    // With every place taken again the end of a run is what wakes this loop.
    if (running.size >= deps.concurrency) return longestNapMs
    const next = await schedule.nextDue()
    if (next === undefined) return longestNapMs
    const ahead = millisecondsAt(next) - clock.now().getTime()
    return Math.min(Math.max(ahead, shortestNapMs), longestNapMs)
  }

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      const napMs = await takeDue().catch((error: unknown) => {
        observe({ kind: 'dueLoopFailed', error: traceOf(error) })
        return longestNapMs
      })
      await sleeper.sleep(napMs, stopped.signal)
    }
    await Promise.all(running)
  }

  const ended = loop()
  return {
    wake: () => sleeper.wake(),
    stop() {
      stopped.abort()
      return ended
    },
  }
}
