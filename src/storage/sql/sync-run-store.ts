import { Failure } from '../../model/failure.ts'
import type { TenantId } from '../../model/ids.ts'
import type { SyncRun } from '../../model/sync-run.ts'
import type { SyncRunReads, SyncRunStore } from '../../ports/sync-run-store.ts'
import { first, type SqlConnection, type SqlRow } from './connection.ts'
import { instantAndId, readInstantAndId } from './instant-and-id.ts'
import { rowCodec } from './row-codec.ts'
import { assignments, pageOf, placeholders } from './statement-text.ts'

const codec = rowCodec<Omit<SyncRun, 'tokenId'>>({
  id: 'text',
  cause: 'text',
  status: 'text',
  requestedAt: 'text',
  startedAt: 'text',
  endedAt: 'text',
  finding: 'json',
  figures: 'json',
  versions: 'json',
  unknownFields: 'json',
})
const columns = codec.columns
const active = "status in ('queued', 'running')"
const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'
const selected = `select vpp_token.id as token_id, ${columns.map((name) => `sync_run.${name}`).join(', ')}
  from sync_run join vpp_token on vpp_token.number = sync_run.token_number`

const sql = {
  findActive: `${selected} where vpp_token.tenant_id = $1 and vpp_token.id = $2 and ${active}`,
  list: `${selected} where vpp_token.tenant_id = $1 and vpp_token.id = $2
    order by requested_at desc, sync_run.id desc limit $3`,
  listAfter: `${selected} where vpp_token.tenant_id = $1 and vpp_token.id = $2
    and (requested_at, sync_run.id) < ($4, $5)
    order by requested_at desc, sync_run.id desc limit $3`,
  get: `${selected} where vpp_token.tenant_id = $1 and sync_run.id = $2`,
  insert: `insert into sync_run (token_number, ${columns.join(', ')})
    select number, ${placeholders(columns, 3)} from vpp_token where tenant_id = $1 and id = $2
    on conflict do nothing`,
  findToken: 'select number from vpp_token where tenant_id = $1 and id = $2',
  update: `update sync_run set ${assignments(columns, 4)} where id = $3 and token_number = ${token}`,
}

export function syncRunReads(connection: SqlConnection, tenantId: TenantId): SyncRunReads {
  return {
    findActive: async (tokenId) => {
      const row = await first(connection, sql.findActive, [tenantId, tokenId])
      return row && read(row)
    },
    list: async (tokenId, query) => {
      const asked = [tenantId, tokenId, query.limit + 1]
      const rows = query.after
        ? await connection.all(sql.listAfter, [...asked, ...readInstantAndId(query.after)])
        : await connection.all(sql.list, asked)
      return pageOf(rows.map(read), query, (run) => instantAndId(run.requestedAt, run.id))
    },
  }
}

export function syncRunStore(connection: SqlConnection, tenantId: TenantId): SyncRunStore {
  return {
    ...syncRunReads(connection, tenantId),
    get: async (id) => {
      const row = await first(connection, sql.get, [tenantId, id])
      if (!row)
        throw new Failure('notFound', `There is no sync run with the id "${id}". List the runs.`)
      return read(row)
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
  }
}

function read(row: SqlRow): SyncRun {
  return { tokenId: String(row.token_id), ...codec.read(row) }
}
