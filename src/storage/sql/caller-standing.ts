import type { ClientId, TenantId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { CallerStanding } from '../../ports/instance-store.ts'
import { first, type SqlConnection } from './connection.ts'
import { rowCodec } from './row-codec.ts'

const codec = rowCodec<Tenant>({ id: 'text', name: 'text', status: 'text', createdAt: 'text' })

/** One look for each request: tenant and client are in one answer. */
const sql = `select ${codec.columns.join(', ')},
    case when exists (select 1 from client where tenant_id = $1 and id = $2) then 1 else 0 end as is_client
  from tenant where id = $1`

export async function callerStanding(
  connection: SqlConnection,
  tenantId: TenantId,
  clientId: ClientId,
): Promise<CallerStanding | undefined> {
  const row = await first(connection, sql, [tenantId, clientId])
  return row && { tenant: codec.read(row), isClientKnown: row.is_client === 1 }
}
