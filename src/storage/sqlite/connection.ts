import type SqliteDatabase from 'better-sqlite3'
import type { SqlConnection, SqlRow } from '../sql/connection.ts'
import { failureOf, storageClosed } from './failure-of.ts'
import { statementCache } from './statement-cache.ts'

/** SQLite answers at once: the promises are settled when they are handed out, which the write queue relies on. */
export function sqliteConnection(db: SqliteDatabase.Database): SqlConnection {
  const prepared = statementCache(db)
  return {
    all: async (sql, values = []) => {
      try {
        const { statement, arrange } = prepared(sql)
        return statement.all(...arrange(values)) as readonly SqlRow[]
      } catch (error) {
        throw db.open ? failureOf(error) : storageClosed()
      }
    },
    run: async (sql, values = []) => {
      try {
        const { statement, arrange } = prepared(sql)
        return statement.run(...arrange(values)).changes
      } catch (error) {
        throw db.open ? failureOf(error) : storageClosed()
      }
    },
  }
}
