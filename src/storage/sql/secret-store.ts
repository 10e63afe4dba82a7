import { Failure } from '../../model/failure.ts'
import type { SecretPlace } from '../../ports/secret-box.ts'
import type { SealedSecretReads, SecretStore } from '../../ports/secret-store.ts'
import { first, type SqlConnection } from './connection.ts'

const atPlace = 'where tenant_id = $1 and record_id = $2 and property = $3'
const sql = {
  find: `select key_id, box from sealed_secret ${atPlace}`,
  put: `insert into sealed_secret (tenant_id, record_id, property, key_id, box) values ($1, $2, $3, $4, $5)
    on conflict (tenant_id, record_id, property) do update set key_id = excluded.key_id, box = excluded.box`,
  remove: `delete from sealed_secret ${atPlace}`,
  listKeyIds: 'select distinct key_id from sealed_secret order by key_id',
}

/** `tenantId` of the secrets that belong to the instance itself (ports/secret-box.ts). */
export const instanceItself = ''

/** The secrets of one tenant, or of the instance itself when `tenantId` is empty. Others' places are as good as empty. */
export function secretStore(connection: SqlConnection, tenantId: string): SecretStore {
  const isOurs = (place: SecretPlace) => place.tenantId === tenantId
  return {
    find: async (place) => {
      if (!isOurs(place)) return undefined
      const row = await first(connection, sql.find, valuesOf(place))
      return row && { keyId: String(row.key_id), box: row.box as Uint8Array }
    },
    put: async (place, { keyId, box }) => {
      if (!isOurs(place))
        throw new Failure(
          'internal',
          'A secret was to be stored under another tenant than the one at work. This is a defect of Pomona; please report it.',
        )
      await connection.run(sql.put, [...valuesOf(place), keyId, box])
    },
    remove: async (place) => {
      if (isOurs(place)) await connection.run(sql.remove, valuesOf(place))
    },
  }
}

/** The instance's own secrets, and the keys of everybody's. */
export function instanceSecretReads(connection: SqlConnection): SealedSecretReads {
  return {
    find: secretStore(connection, instanceItself).find,
    listKeyIds: async () =>
      (await connection.all(sql.listKeyIds)).map(({ key_id }) => String(key_id)),
  }
}

function valuesOf({ tenantId, recordId, property }: SecretPlace): readonly string[] {
  return [tenantId, recordId, property]
}
