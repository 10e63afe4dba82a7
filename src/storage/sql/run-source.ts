/** What lists of runs, and of what a run changed, are made of. */
import { neverInstant } from '../../model/date-time-offset.ts'
import { type SyncChange, shownRun, syncChangeType } from '../../model/sync-history.ts'
import type { SyncRun } from '../../model/sync-run.ts'
import { columnOperands } from './entity-columns.ts'
import type { ListSource, OperandSql } from './list-source.ts'
import type { RowFacts } from './list-statement.ts'

const column = (sql: string): OperandSql => ({ sql, kind: 'text', isNullable: false })
/** An instant that has not come shows as the year 1. */
const instant = (name: string) => column(`coalesce(sync_run.${name}, '${neverInstant}')`)

/** `$1` is the tenant, `$2` the token. */
export const runSource: ListSource = {
  from: 'sync_run join vpp_token on vpp_token.number = sync_run.token_number',
  where: 'vpp_token.tenant_id = $1 and vpp_token.id = $2',
  key: { sql: 'sync_run.id', form: 'text', property: 'id' },
  operands: new Map([
    ['id', column('sync_run.id')],
    ['cause', column('sync_run.cause')],
    ['status', column('sync_run.status')],
    ['requestedDateTime', column('sync_run.requested_at')],
    ['startedDateTime', instant('started_at')],
    ['endedDateTime', instant('ended_at')],
  ]),
}

export const runFacts: RowFacts<SyncRun> = { key: ({ id }) => id, record: shownRun }

export interface NumberedChange {
  readonly number: number
  readonly change: SyncChange
}

/** `$1` is the tenant, `$2` the run. */
export const changeSource: ListSource = {
  from: `run_change join sync_run
      on sync_run.token_number = run_change.token_number and sync_run.id = run_change.run_id
    join vpp_token on vpp_token.number = sync_run.token_number`,
  where: 'vpp_token.tenant_id = $1 and sync_run.id = $2',
  key: { sql: 'run_change.number', form: 'number' },
  operands: columnOperands('run_change', syncChangeType),
}

export const changeFacts: RowFacts<NumberedChange> = {
  key: ({ number }) => number,
  record: ({ change }) => change,
}
