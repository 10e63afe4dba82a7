/** Prepared statements by their SQL text: preparing costs about ten times what running does. */
import type SqliteDatabase from 'better-sqlite3'
import type { SqlValue } from '../sql/connection.ts'

export interface PreparedStatement {
  readonly statement: SqliteDatabase.Statement
  /** The given values in the order in which SQLite's own placeholders want them. */
  arrange(values: readonly SqlValue[]): readonly SqlValue[]
}

/** Keeps the `limit` statements that were used last. */
export function statementCache(db: SqliteDatabase.Database, limit = 200) {
  const kept = new Map<string, PreparedStatement>()
  return (sql: string): PreparedStatement => {
    const known = kept.get(sql)
    // Taking it out and putting it back makes it the newest; a Map keeps the order of insertion.
    if (known) kept.delete(sql)
    const prepared = known ?? prepare(db, sql)
    kept.set(sql, prepared)
    if (kept.size > limit) {
      const [oldest] = kept.keys()
      if (oldest !== undefined) kept.delete(oldest)
    }
    return prepared
  }
}

function prepare(db: SqliteDatabase.Database, sql: string): PreparedStatement {
  const order: number[] = []
  const text = sql.replace(/\$(\d+)/g, (_, number: string) => {
    order.push(Number(number) - 1)
    return '?'
  })
  const isInOrder = order.every((from, to) => from === to)
  return {
    statement: db.prepare(text),
    arrange: isInOrder
      ? (values) => values
      : (values) => order.map((index) => values[index] ?? null),
  }
}
