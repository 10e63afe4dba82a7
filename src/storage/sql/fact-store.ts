import type { FactStore } from '../../ports/instance-store.ts'
import { first, type SqlConnection } from './connection.ts'

const sql = {
  find: 'select value from instance_fact where name = $1',
  put: `insert into instance_fact (name, value) values ($1, $2)
    on conflict (name) do update set value = excluded.value`,
}

export function factStore(connection: SqlConnection): FactStore {
  return {
    find: async (name) => {
      const row = await first(connection, sql.find, [name])
      return row && String(row.value)
    },
    put: async (name, value) => {
      await connection.run(sql.put, [name, value])
    },
  }
}
