import type { QueryResult } from 'pg'
import type { SqlConnection, SqlRow, SqlValue } from '../sql/connection.ts'
import { takesManyRows } from './dialect.ts'
import { failureOf } from './failure-of.ts'
import type { ConnectionPool, Pooled } from './pool.ts'

/** Statements of one connection, one after the other: a unit may ask for several at once. */
export function postgresConnection({ client, names }: Pooled): SqlConnection {
  let last: Promise<unknown> = Promise.resolve()

  const ask = (sql: string, values: readonly SqlValue[]): Promise<QueryResult> => {
    // The way to many rows depends on how many there are already: a plan from when the table was empty, kept under a name, would
    // be ruinous when it has grown. Planning anew costs nothing beside the rows.
    const name = takesManyRows(sql) ? {} : { name: names.nameOf(sql) }
    const statement = { ...name, text: sql, values: [...values] }
    const answer = last
      .then(() => client.query(statement))
      .catch((error) => {
        throw failureOf(error)
      })
    last = answer.catch(() => undefined)
    return answer
  }

  return {
    all: async (sql, values = []) => (await ask(sql, values)).rows as readonly SqlRow[],
    run: async (sql, values = []) => (await ask(sql, values)).rowCount ?? 0,
  }
}

/** Statements outside units of work, each on any free connection. */
export function pooledConnection(pool: ConnectionPool): SqlConnection {
  return {
    all: (sql, values) => pool.lend((pooled) => postgresConnection(pooled).all(sql, values)),
    run: (sql, values) => pool.lend((pooled) => postgresConnection(pooled).run(sql, values)),
  }
}
