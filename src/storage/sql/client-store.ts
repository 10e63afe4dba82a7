import { Failure } from '../../model/failure.ts'
import type { ClientId } from '../../model/ids.ts'
import type { Client } from '../../model/tenant.ts'
import type { ClientReads, ClientStore } from '../../ports/instance-store.ts'
import { first, type SqlConnection } from './connection.ts'
import { rowCodec } from './row-codec.ts'
import { assignments, placeholders } from './statement-text.ts'

const codec = rowCodec<Client>({
  tenantId: 'text',
  id: 'text',
  name: 'text',
  roles: 'json',
  secretHash: 'text',
  createdAt: 'text',
})
const columns = codec.columns.join(', ')
const ofTenant = 'where tenant_id = $1 and id = $2'

const sql = {
  find: `select ${columns} from client ${ofTenant}`,
  list: `select ${columns} from client where tenant_id = $1 order by id`,
  insert: `insert into client (${columns}) values (${placeholders(codec.columns)})`,
  // `write` gives tenant and id first, so they are $1 and $2 in the assignments as well.
  update: `update client set ${assignments(codec.columns)} ${ofTenant}`,
  remove: `delete from client ${ofTenant}`,
}

export function clientReads(connection: SqlConnection): ClientReads {
  return {
    find: async (tenantId, id) => {
      const row = await first(connection, sql.find, [tenantId, id])
      return row && codec.read(row)
    },
    list: async (tenantId) => (await connection.all(sql.list, [tenantId])).map(codec.read),
  }
}

export function clientStore(connection: SqlConnection): ClientStore {
  return {
    ...clientReads(connection),
    insert: async (client) => {
      await connection.run(sql.insert, codec.write(client))
    },
    update: async (client) => {
      if ((await connection.run(sql.update, codec.write(client))) === 0) absent(client.id)
    },
    remove: async (tenantId, id) => {
      if ((await connection.run(sql.remove, [tenantId, id])) === 0) absent(id)
    },
  }
}

function absent(id: ClientId): never {
  throw new Failure(
    'notFound',
    `The tenant has no client with the id "${id}". List its clients to see those that are registered.`,
  )
}
