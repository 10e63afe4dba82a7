import type { TenantId } from '../../model/ids.ts'
import type { IdempotencyStore, IdempotentCreate } from '../../ports/idempotency-store.ts'
import { first, type SqlConnection } from './connection.ts'

const sql = {
  find: `select request_hash, at, created from idempotent_create
    where tenant_id = $1 and client_id = $2 and key = $3`,
  put: `insert into idempotent_create (tenant_id, client_id, key, request_hash, at, created)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant_id, client_id, key) do update
    set request_hash = excluded.request_hash, at = excluded.at, created = excluded.created`,
}

export function idempotencyStore(connection: SqlConnection, tenantId: TenantId): IdempotencyStore {
  return {
    find: async (clientId, key) => {
      const row = await first(connection, sql.find, [tenantId, clientId, key])
      return (
        row && {
          clientId,
          key,
          requestHash: String(row.request_hash),
          at: String(row.at),
          created: JSON.parse(String(row.created)) as IdempotentCreate['created'],
        }
      )
    },
    put: async ({ clientId, key, requestHash, at, created }) => {
      const values = [tenantId, clientId, key, requestHash, at, JSON.stringify(created)]
      await connection.run(sql.put, values)
    },
  }
}
