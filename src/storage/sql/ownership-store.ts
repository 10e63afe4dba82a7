import type { TenantId } from '../../model/ids.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { OwnershipReads, OwnershipStore } from '../../ports/ownership-store.ts'
import { first, type SqlConnection } from './connection.ts'
import { rowCodec } from './row-codec.ts'
import { placeholders } from './statement-text.ts'

const codec = rowCodec<Ownership>({
  locationId: 'text',
  mdmId: 'text',
  state: 'text',
  stateSince: 'text',
  seenHolder: 'json',
  confirmAt: 'text',
  releaseBy: 'text',
  finding: 'json',
})
const columns = codec.columns
const changing = columns.filter((name) => name !== 'location_id')

const sql = {
  find: `select ${columns.join(', ')} from location_ownership where tenant_id = $1 and location_id = $2`,
  put: `insert into location_ownership (tenant_id, ${columns.join(', ')}) values ($1, ${placeholders(columns, 2)})
    on conflict (tenant_id, location_id) do update
    set ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`,
}

export function ownershipReads(connection: SqlConnection, tenantId: TenantId): OwnershipReads {
  return {
    find: async (locationId) => {
      const row = await first(connection, sql.find, [tenantId, locationId])
      return row && codec.read(row)
    },
  }
}

export function ownershipStore(connection: SqlConnection, tenantId: TenantId): OwnershipStore {
  return {
    ...ownershipReads(connection, tenantId),
    put: async (ownership) => {
      await connection.run(sql.put, [tenantId, ...codec.write(ownership)])
    },
  }
}
