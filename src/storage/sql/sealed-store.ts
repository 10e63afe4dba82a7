import type { SecretPlace } from '../../ports/secret-box.ts'
import type { PlacedSecret, SealedReads, SealedStore } from '../../ports/secret-store.ts'
import type { SqlConnection, SqlRow } from './connection.ts'

const listed = `select tenant_id, record_id, property, key_id, box from sealed_secret where key_id <> $1`
const inOrder = 'order by tenant_id, record_id, property limit $2'

const sql = {
  countByKey: 'select key_id, count(*) as count from sealed_secret group by key_id order by key_id',
  list: `${listed} ${inOrder}`,
  listAfter: `${listed} and (tenant_id, record_id, property) > ($3, $4, $5) ${inOrder}`,
  replace: `update sealed_secret set key_id = $6, box = $7
    where tenant_id = $1 and record_id = $2 and property = $3 and key_id = $4 and box = $5`,
}

export function sealedReads(connection: SqlConnection): SealedReads {
  return {
    countByKey: async () =>
      (await connection.all(sql.countByKey)).map(({ key_id, count }) => ({
        keyId: String(key_id),
        count: Number(count),
      })),
    listSealedByOthers: async (keyId, limit, after) => {
      const rows = after
        ? await connection.all(sql.listAfter, [keyId, limit, ...valuesOf(after)])
        : await connection.all(sql.list, [keyId, limit])
      return rows.map(read)
    },
  }
}

export function sealedStore(connection: SqlConnection): SealedStore {
  return {
    replace: async (place, old, fresh) => {
      const values = [...valuesOf(place), old.keyId, old.box, fresh.keyId, fresh.box]
      return (await connection.run(sql.replace, values)) > 0
    },
  }
}

function read(row: SqlRow): PlacedSecret {
  return {
    place: {
      tenantId: String(row.tenant_id),
      recordId: String(row.record_id),
      property: String(row.property) as SecretPlace['property'],
    },
    sealed: { keyId: String(row.key_id), box: row.box as Uint8Array },
  }
}

function valuesOf({ tenantId, recordId, property }: SecretPlace): readonly string[] {
  return [tenantId, recordId, property]
}
