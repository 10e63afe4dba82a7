/** The floor on PostgreSQL: `pg` with statements that keep a name, on as many connections as the service has. */
import { Pool } from 'pg'
import {
  type FloorRow,
  type FloorStore,
  floorColumns,
  floorValues,
  newFloorRow,
  pageSize,
} from './floor-store.ts'
import { sharedCommits } from './shared-commits.ts'

const mostConnections = 10

/** `url` names a schema of its own by its search_path. */
export async function openPostgresFloor(url: string): Promise<FloorStore> {
  const pool = new Pool({ connectionString: url, max: mostConnections })
  const names = floorColumns.map((name) => `"${name}"`)
  const types = floorColumns.map((name) =>
    name === 'automaticallyUpdateApps' ? 'boolean' : 'text',
  )
  const columns = names.map((name, place) => `${name} ${types[place]}`)
  await pool.query(`create table token (${columns.join(', ')}, primary key ("id"))`)
  await pool.query('create index token_by_state on token ("state", "id")')
  const ask = async (name: string, text: string, values: readonly unknown[]) =>
    (await pool.query<FloorRow>({ name, text, values: [...values] })).rows

  const get = `select ${names} from token where "id" = $1`
  const list = `select ${names} from token where "state" = $1 order by "id" limit $2`
  const insert = `insert into token values (${names.map((_, place) => `$${place + 1}`)})`
  const arrays = types.map((type, place) => `$${place + 1}::${type}[]`)
  const insertMany = `insert into token select * from unnest(${arrays})`
  const storeTogether = async (sent: readonly FloorRow[]) => {
    const rows = sent.map(newFloorRow)
    const values = rows.map(floorValues)
    await ask(
      'insertMany',
      insertMany,
      names.map((_, column) => values.map((each) => each[column])),
    )
    return rows
  }
  return {
    get: async (id) => (await ask('get', get, [id]))[0] ?? {},
    listValid: () => ask('list', list, ['valid', pageSize]),
    insert: async (sent) => {
      const row = newFloorRow(sent)
      await ask('insert', insert, floorValues(row))
      return row
    },
    insertShared: sharedCommits(storeTogether),
    insertAll: async (rows) => {
      await storeTogether(rows)
      await pool.query('analyze token')
    },
    close: () => pool.end(),
  }
}
