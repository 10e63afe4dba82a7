import { Failure } from '../../model/failure.ts'
import type { TenantId } from '../../model/ids.ts'
import type { Order } from '../../model/list-query.ts'
import { syncChangeType } from '../../model/sync-history.ts'
import { noFigures, type SyncRun } from '../../model/sync-run.ts'
import type { SyncRunReads, SyncRunStore } from '../../ports/sync-run-store.ts'
import { first, type SqlConnection, type SqlRow } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { entityColumns } from './entity-columns.ts'
import { countStatement, listedPage, listStatement, type Statement } from './list-statement.ts'
import { rowCodec } from './row-codec.ts'
import { changeFacts, changeSource, runFacts, runSource } from './run-source.ts'
import { assignments, placeholders } from './statement-text.ts'

const codec = rowCodec<Omit<SyncRun, 'tokenId'>>({
  id: 'text',
  cause: 'text',
  status: 'text',
  requestedAt: 'text',
  startedAt: 'text',
  endedAt: 'text',
  finding: 'json',
  figures: 'json',
  versionsBefore: 'json',
  versions: 'json',
  readings: 'json',
  counts: 'json',
  refusals: 'json',
  unknownFields: 'json',
})
const columns = codec.columns
const changes = entityColumns(syncChangeType)
const active = "status in ('queued', 'running')"
const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'
const selection = ['vpp_token.id as token_id', ...columns.map((name) => `sync_run.${name}`)].join(
  ', ',
)
const selected = `select ${selection} from ${runSource.from}`
const changeSelection = ['number', ...changes.columns]
  .map((name) => `run_change.${name}`)
  .join(', ')

const sql = {
  findActive: `${selected} where vpp_token.tenant_id = $1 and vpp_token.id = $2 and ${active}`,
  find: `${selected} where vpp_token.tenant_id = $1 and sync_run.id = $2`,
  insert: `insert into sync_run (token_number, ${columns.join(', ')})
    select number, ${placeholders(columns, 3)} from vpp_token where tenant_id = $1 and id = $2
    on conflict do nothing`,
  findToken: 'select number from vpp_token where tenant_id = $1 and id = $2',
  update: `update sync_run set ${assignments(columns, 4)} where id = $3 and token_number = ${token}`,
}

function insertChanges(dialect: Dialect): string {
  return `insert into run_change (token_number, run_id, ${changes.columns.join(', ')})
    select sync_run.token_number, sync_run.id, ${changes.columns.map((name) => `given.${name}`).join(', ')}
    from ${runSource.from} cross join ${dialect.rowsFromJson('$3', changes.typedColumns)} as given
    where vpp_token.tenant_id = $1 and sync_run.id = $2
    order by given.position`
}

const newestFirst: readonly Order[] = [
  { operand: { property: 'requestedDateTime' }, isDescending: true },
  { operand: { property: 'id' }, isDescending: true },
]

export function syncRunReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
): SyncRunReads {
  const all = (statement: Statement) => connection.all(statement.sql, statement.values)
  const count = async (statement: Statement) => Number((await all(statement))[0]?.count)
  return {
    findActive: async (tokenId) => {
      const row = await first(connection, sql.findActive, [tenantId, tokenId])
      return row && read(row)
    },
    find: async (id) => {
      const row = await first(connection, sql.find, [tenantId, id])
      return row && read(row)
    },
    list: async (tokenId, asked) => {
      const query = { ...asked, orderBy: asked.orderBy ?? newestFirst }
      const rows = await all(
        listStatement(runSource, selection, [tenantId, tokenId], query, dialect),
      )
      return listedPage(runSource, runFacts, query, rows.map(read))
    },
    count: (tokenId, filter) =>
      count(countStatement(runSource, [tenantId, tokenId], filter, dialect)),
    changes: async (id, query) => {
      const rows = await all(
        listStatement(changeSource, changeSelection, [tenantId, id], query, dialect),
      )
      const page = listedPage(
        changeSource,
        changeFacts,
        query,
        rows.map((row) => ({ number: Number(row.number), change: changes.read(row) })),
      )
      return { ...page, rows: page.rows.map(({ change }) => change) }
    },
    countChanges: (id, filter) =>
      count(countStatement(changeSource, [tenantId, id], filter, dialect)),
  }
}

export function syncRunStore(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
): SyncRunStore {
  const reads = syncRunReads(connection, tenantId, dialect)
  return {
    ...reads,
    get: async (id) => {
      const run = await reads.find(id)
      if (!run)
        throw new Failure('notFound', `There is no sync run with the id "${id}". List the runs.`)
      return run
    },
    insert: async (run) => {
      const { tokenId } = run
      if ((await connection.run(sql.insert, [tenantId, tokenId, ...codec.write(run)])) > 0) return
      if (await first(connection, sql.findToken, [tenantId, tokenId]))
        throw new Failure(
          'conflict',
          `The token "${tokenId}" already has an active sync run. Wait until it has ended.`,
        )
      throw new Failure(
        'notFound',
        `There is no token with the id "${tokenId}" to sync. It may have been removed.`,
      )
    },
    update: async (run) => {
      const values = [tenantId, run.tokenId, run.id, ...codec.write(run)]
      if ((await connection.run(sql.update, values)) === 0)
        throw new Failure(
          'notFound',
          `The sync run "${run.id}" is no longer stored. Its token may have been removed.`,
        )
    },
    insertChanges: async (id, given) => {
      if (given.length === 0) return
      const rows = JSON.stringify(given.map(changes.write))
      await connection.run(insertChanges(dialect), [tenantId, id, rows])
    },
  }
}

/** Runs that an older program has stored know fewer figures. */
function read(row: SqlRow): SyncRun {
  const run = codec.read(row)
  return { tokenId: String(row.token_id), ...run, figures: { ...noFigures, ...run.figures } }
}
