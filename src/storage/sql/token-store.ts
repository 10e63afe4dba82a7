import { Failure } from '../../model/failure.ts'
import type { TenantId, TokenId } from '../../model/ids.ts'
import type { TokenReads, TokenStore } from '../../ports/token-store.ts'
import { first, type SqlConnection, type SqlValue } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { countStatement, listedPage, listStatement } from './list-statement.ts'
import { assignments, placeholders } from './statement-text.ts'
import {
  readToken,
  selectToken,
  tokenColumns,
  tokenFacts,
  tokenSelection,
  tokenSource,
  writeToken,
} from './token-rows.ts'

const ofTenant = 'where tenant_id = $1 and id = $2'

const sql = {
  find: `${selectToken} ${ofTenant}`,
  listByLocation: `${selectToken} where tenant_id = $1 and location_id = $2 order by created_at, id`,
  findByContent: `${selectToken} where tenant_id = $1 and content_hash = $2 order by created_at, id limit 1`,
  insert: `insert into vpp_token (tenant_id, version, ${tokenColumns.join(', ')})
    values ($1, $2, ${placeholders(tokenColumns, 3)})`,
  update: `update vpp_token set version = version + 1, ${assignments(tokenColumns, 3)} ${ofTenant} returning version`,
  leaveRows: `insert into removed_token (number) select number from vpp_token ${ofTenant}`,
  removeSecrets: 'delete from sealed_secret where tenant_id = $1 and record_id = $2',
  remove: `delete from vpp_token ${ofTenant}`,
  raiseFence: `update vpp_token set fence = fence + 1 ${ofTenant}`,
  findFence: `select fence from vpp_token ${ofTenant}`,
  makeDue: `update vpp_token set due_at = case when due_at > $3 then $3 else due_at end ${ofTenant}`,
  setDue: `update vpp_token set due_at = $3 ${ofTenant}`,
}

export function tokenReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
): TokenReads {
  const find = async (id: TokenId) => {
    const row = await first(connection, sql.find, [tenantId, id])
    return row && readToken(row)
  }
  return {
    find,
    get: async (id) => (await find(id)) ?? absent(id),
    list: async (query) => {
      const list = listStatement(tokenSource, tokenSelection, [tenantId], query, dialect)
      const rows = await connection.all(list.sql, list.values)
      return listedPage(tokenSource, tokenFacts, query, rows.map(readToken))
    },
    count: async (filter) => {
      const count = countStatement(tokenSource, [tenantId], filter, dialect)
      return Number((await first(connection, count.sql, count.values))?.count)
    },
    findByContent: async (contentHash) => {
      const row = await first(connection, sql.findByContent, [tenantId, contentHash])
      return row && readToken(row)
    },
    listByLocation: async (locationId) =>
      (await connection.all(sql.listByLocation, [tenantId, locationId])).map(readToken),
  }
}

/** `onRemoved` is told when rows of Apple's were left to be swept. */
export function tokenStore(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
  onRemoved: () => void,
): TokenStore {
  const change = async (text: string, id: TokenId, values: readonly SqlValue[] = []) => {
    if ((await connection.run(text, [tenantId, id, ...values])) === 0) absent(id)
  }
  return {
    ...tokenReads(connection, tenantId, dialect),
    insert: async (token) => {
      await connection.run(sql.insert, [tenantId, token.version, ...writeToken(token)])
    },
    update: async (token) => {
      const { id } = token.record
      const row = await first(connection, sql.update, [tenantId, id, ...writeToken(token)])
      return row ? { ...token, version: Number(row.version) } : absent(id)
    },
    remove: async (id) => {
      // Runs go with the token (on delete cascade), Apple's rows after it (sql/sweeper.ts).
      await change(sql.leaveRows, id)
      await change(sql.remove, id)
      await connection.run(sql.removeSecrets, [tenantId, id])
      onRemoved()
    },
    raiseFence: (id) => change(sql.raiseFence, id),
    checkFence: async (id, fence) => {
      const row = await first(connection, sql.findFence, [tenantId, id])
      if (row?.fence !== fence)
        throw new Failure(
          'superseded',
          `The token "${id}" was changed, removed or taken by another run. This run stops and writes nothing more.`,
        )
    },
    makeDue: (id, at) => change(sql.makeDue, id, [at]),
    setDue: (id, at) => change(sql.setDue, id, [at]),
  }
}

export function absent(id: TokenId): never {
  throw new Failure(
    'notFound',
    `There is no token with the id "${id}". It may have been removed; list the tokens to see those that exist.`,
  )
}
