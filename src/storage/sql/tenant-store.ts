import { Failure } from '../../model/failure.ts'
import type { TenantId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { TenantReads, TenantStore } from '../../ports/instance-store.ts'
import { first, type SqlConnection } from './connection.ts'
import { rowCodec } from './row-codec.ts'
import { assignments, placeholders } from './statement-text.ts'

const codec = rowCodec<Tenant>({ id: 'text', name: 'text', status: 'text', createdAt: 'text' })
const columns = codec.columns.join(', ')

const sql = {
  find: `select ${columns} from tenant where id = $1`,
  list: `select ${columns} from tenant order by name, id`,
  insert: `insert into tenant (${columns}) values (${placeholders(codec.columns)}) on conflict do nothing`,
  // `write` gives the id first, so it is $1 in the assignments as well.
  update: `update tenant set ${assignments(codec.columns)} where id = $1`,
  leaveRows: 'insert into removed_token (number) select number from vpp_token where tenant_id = $1',
  remove: 'delete from tenant where id = $1',
  removeSecrets: 'delete from sealed_secret where tenant_id = $1',
}

export function tenantReads(connection: SqlConnection): TenantReads {
  return {
    find: async (id) => {
      const row = await first(connection, sql.find, [id])
      return row && codec.read(row)
    },
    list: async () => (await connection.all(sql.list)).map(codec.read),
  }
}

/** `onRemoved` is told when rows of Apple's were left to be swept. */
export function tenantStore(connection: SqlConnection, onRemoved: () => void): TenantStore {
  return {
    ...tenantReads(connection),
    insert: async (tenant) => {
      if ((await connection.run(sql.insert, codec.write(tenant))) === 0)
        throw new Failure(
          'conflict',
          `A tenant with the id "${tenant.id}" is already registered. Choose another id, or change the one that is there.`,
        )
    },
    update: async (tenant) => {
      if ((await connection.run(sql.update, codec.write(tenant))) === 0) absent(tenant.id)
    },
    remove: async (id) => {
      // Clients, tokens and runs go with the tenant (on delete cascade), Apple's rows after it (sql/sweeper.ts).
      await connection.run(sql.leaveRows, [id])
      if ((await connection.run(sql.remove, [id])) === 0) absent(id)
      await connection.run(sql.removeSecrets, [id])
      onRemoved()
    },
  }
}

function absent(id: TenantId): never {
  throw new Failure(
    'notFound',
    `There is no tenant with the id "${id}". List the tenants to see those that are registered.`,
  )
}
