/**
 * Questions to the store inside a run: whatever goes wrong there is observed and fails nothing, and all of them together hold
 * up the end of the run no longer than a bound (Apple 8).
 */
import { AppleTrouble } from '../../model/apple-finding.ts'
import { traceOf } from '../../model/observation.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

/** Well below the time of a lease, since nothing extends it during a question. */
export const longestAskingMs = 30_000

export interface StoreQuestions {
  /** Undefined = no answer, and none to be expected in this run. Rejects only when the run itself must stop. */
  ask<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>
  /** Milliseconds since the first question; undefined when there was none. */
  askingMs(): number | undefined
  /** To be called when the last question has been asked. */
  close(): void
}

export function storeQuestions(
  { clock, observe }: Pick<SyncDeps, 'clock' | 'observe'>,
  run: BegunRun,
  signal: AbortSignal,
): StoreQuestions {
  const late = new AbortController()
  const closed = new AbortController()
  let begunAtMs: number | undefined

  function begin(): void {
    if (begunAtMs !== undefined) return
    begunAtMs = clock.now().getTime()
    clock.sleep(longestAskingMs, closed.signal).then(
      () => late.abort(),
      // Closed before that time was over.
      () => undefined,
    )
  }

  function unread(detail: string, where: ReturnType<typeof whereOf> = {}): void {
    const { tenantId, tokenId } = run.taken
    observe({ kind: 'metadataUnread', runId: run.run.id, tenantId, tokenId, detail, ...where })
  }

  return {
    async ask(question) {
      begin()
      await run.checkpoint()
      if (late.signal.aborted) return undefined
      try {
        return await question(AbortSignal.any([signal, late.signal]))
      } catch (error) {
        signal.throwIfAborted()
        if (late.signal.aborted) unread(`no answer within ${longestAskingMs / 1_000} s`)
        else if (error instanceof AppleTrouble) unread(error.message, whereOf(error))
        else unread(traceOf(error))
        return undefined
      }
    },
    askingMs: () => (begunAtMs === undefined ? undefined : clock.now().getTime() - begunAtMs),
    close: () => closed.abort(),
  }
}

function whereOf({ finding: { host, httpStatus } }: AppleTrouble) {
  return {
    ...(host === undefined ? {} : { host }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
  }
}
