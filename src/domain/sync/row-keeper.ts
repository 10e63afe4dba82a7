/** Keeps what the pages of one reading say, chunk by chunk: rows are compared with the stored ones, and differences written. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Failure } from '../../model/failure.ts'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { KeptList } from './apple-lists.ts'
import { reconcile } from './reconcile.ts'
import type { BegunRun } from './run-context.ts'
import type { SeenRows } from './seen-rows.ts'
import { chunkSize, writeDifferences } from './write-rows.ts'

export interface RowKeeper<Row> {
  /** The rows of the next page, in Apple's order. */
  keep(rows: readonly Row[]): Promise<void>
}

/** `seen` takes down the rows that were there before, once that is sure. */
export function rowKeeper<Row>(
  run: BegunRun,
  kept: KeptList<Row>,
  seen?: SeenRows,
): RowKeeper<Row> {
  /** Nothing was stored when the walk began, so nothing is there to compare with; until a row comes twice (Apple 3.2). */
  let isNew = seen?.highest === 0
  let last: NumberedRow<Row> | undefined

  /** Answers false, and nothing is written, when one of the rows is stored already. */
  async function hasInserted(rows: readonly Row[]): Promise<boolean> {
    try {
      await writeDifferences(run, kept, reconcile(kept.kind, rows, []))
      return true
    } catch (error) {
      if (error instanceof Failure && error.code === 'conflict') return false
      throw error
    }
  }

  /** Read before the transaction: nobody but the run that holds the fence changes these rows. */
  async function compare(rows: readonly Row[]): Promise<void> {
    const reads = kept.readsOf(run.tenant.reads)
    const stored = await reads.findInTurn(run.taken.tokenId, rows, last)
    last = stored.findLast((row) => row !== undefined) ?? last
    const differences = reconcile(kept.kind, rows, stored)
    if (differences.insert.length + differences.update.length > 0)
      await writeDifferences(run, kept, differences)
    // A million rows are no reason to keep requests waiting.
    else await nextTurn()
    if (seen) for (const number of differences.seen) seen.add(number)
  }

  return {
    async keep(rows) {
      for (let from = 0; from < rows.length; from += chunkSize) {
        const chunk = rows.slice(from, from + chunkSize)
        await run.checkpoint()
        isNew &&= await hasInserted(chunk)
        if (!isNew) await compare(chunk)
      }
    },
  }
}
