import SqliteDatabase from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { statementCache } from './statement-cache.ts'

describe('prepared statements', () => {
  const rowsOf = (sql: string, values: readonly (string | number)[]) => {
    const { statement, arrange } = statementCache(new SqliteDatabase(':memory:'))(sql)
    return statement.raw().all(...arrange(values))
  }

  test.each([
    ['select $1, $2', ['a', 'b'], ['a', 'b']],
    ['select $2, $1', ['a', 'b'], ['b', 'a']],
    ['select $1, $2, $1', ['a', 'b'], ['a', 'b', 'a']],
    ['select $10, $2', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 2]],
    ['select 1', [], [1]],
  ])('%s is given its values', (sql, values, row) => {
    expect(rowsOf(sql, values)).toEqual([row])
  })

  test('a text is prepared once, and no more texts are kept than the limit says: those used last', () => {
    const db = new SqliteDatabase(':memory:')
    const prepared = statementCache(db, 2)
    const a = prepared('select 1')
    const b = prepared('select 2')
    expect(prepared('select 1')).toBe(a)
    prepared('select 3')
    expect(prepared('select 1')).toBe(a)
    expect(prepared('select 2')).not.toBe(b)
  })
})
