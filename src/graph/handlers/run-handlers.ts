/** What each operation on the history of syncs does (graph H12, Apple C16). */
import { changesOfRun, getRun, runsOfToken } from '../../domain/sync/read-runs.ts'
import { shownRun } from '../../model/sync-history.ts'
import type { SyncRun } from '../../model/sync-run.ts'
import { type Handler, type Row, reads } from './handler.ts'
import { listed } from './listed.ts'

export const runHandlers = {
  listRuns: reads('list', async ({ storage }, input) => {
    const runs = await runsOfToken(storage, input.actor, input.id())
    return listed(
      input,
      async (query) => {
        const page = await runs.list(input.id(), query)
        return { ...page, rows: page.rows.map(shown) }
      },
      (filter) => runs.count(input.id(), filter),
    )
  }),
  getRun: reads('entity', async ({ storage }, { actor, id }) => ({
    kind: 'entity',
    row: shown(await getRun(storage, actor, id('runId'))),
  })),
  listChanges: reads('list', async ({ storage }, input) => {
    const runId = input.id('runId')
    const runs = await changesOfRun(storage, input.actor, runId)
    return listed(
      input,
      async (query) => {
        const page = await runs.changes(runId, query)
        return { ...page, rows: page.rows.map((record) => ({ record })) }
      },
      (filter) => runs.countChanges(runId, filter),
    )
  }),
} as const satisfies Record<string, Handler>

function shown(run: SyncRun): Row {
  return { record: shownRun(run) }
}
