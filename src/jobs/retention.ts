/** Once a day, removes what has been kept long enough: audit events, ended runs, ended work on licences, answers kept for retried creates. */
import type { Clock } from '../model/clock.ts'
import { instantOf } from '../model/date-time-offset.ts'
import { traceOf } from '../model/observation.ts'
import type { Pruned, Retention } from '../ports/instance-store.ts'
import type { Observe } from '../ports/observer.ts'
import type { Storage } from '../ports/storage.ts'
import { nap } from './nap.ts'

/** Absent = for ever too. */
type Days = number | 'forever' | undefined

/** How long each is kept, in days. */
export interface RetentionDays {
  readonly audit?: Days
  readonly runs?: Days
  readonly idempotency?: Days
  readonly intents?: Days
}

export interface RetentionDeps {
  readonly instance: Pick<Storage['instance'], 'prune'>
  readonly days: RetentionDays
  readonly clock: Clock
  readonly observe: Observe
}

const dayMs = 86_400_000
/** Rows of a kind per unit of work: others wait for the database meanwhile. */
const batchSize = 500

/** Sweeps at once and then daily; a failed sweep is observed and tried again the next day. */
export function startRetention(deps: RetentionDeps): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const sleeper = nap(deps.clock)
  const loop = async () => {
    while (!stopped.signal.aborted) {
      await sweep(deps, stopped.signal).catch((error: unknown) =>
        deps.observe({ kind: 'retentionFailed', error: traceOf(error) }),
      )
      await sleeper.sleep(dayMs, stopped.signal)
    }
  }
  const ended = loop()
  return {
    stop() {
      stopped.abort()
      return ended
    },
  }
}

async function sweep({ instance, days, clock, observe }: RetentionDeps, stopped: AbortSignal) {
  const retention = retentionAt(clock.now(), days)
  const swept = { audit: 0, runs: 0, idempotency: 0, intents: 0 }
  for (;;) {
    const batch: Pruned = await instance.prune(retention, batchSize)
    swept.audit += batch.audit
    swept.runs += batch.runs
    swept.idempotency += batch.idempotency
    swept.intents += batch.intents
    const isDone = Math.max(...Object.values(batch)) < batchSize
    if (isDone || stopped.aborted) break
  }
  if (Object.values(swept).some((count) => count > 0)) observe({ kind: 'retentionSwept', ...swept })
}

function retentionAt(now: Date, days: RetentionDays): Retention {
  const before = (kept: Days) =>
    kept === undefined || kept === 'forever'
      ? undefined
      : instantOf(new Date(now.getTime() - kept * dayMs))
  const [auditBefore, runsBefore, idempotencyBefore, intentsBefore] = [
    before(days.audit),
    before(days.runs),
    before(days.idempotency),
    before(days.intents),
  ]
  return {
    ...(auditBefore === undefined ? {} : { auditBefore }),
    ...(runsBefore === undefined ? {} : { runsBefore }),
    ...(idempotencyBefore === undefined ? {} : { idempotencyBefore }),
    ...(intentsBefore === undefined ? {} : { intentsBefore }),
  }
}
