import SqliteDatabase from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import {
  appleRowStatements,
  appleUserTable,
  assetTable,
  assignmentTable,
  togetherStatements,
} from '../sql/apple-row-tables.ts'
import { knownMigrations, migrate } from '../sql/migrate.ts'
import { sqliteConnection } from './connection.ts'
import { sqliteDialect } from './dialect.ts'

/** With a million rows under a token, a statement that walks them all for a thousand given ones would hold everybody up. */
describe('statements over many Apple rows look each given row up by its key', async () => {
  const db = new SqliteDatabase(':memory:')
  const script = async (sql: string) => {
    db.exec(sql)
  }
  await migrate({ ...sqliteConnection(db), script }, sqliteDialect, await knownMigrations(), '')

  const planOf = (sql: string): readonly string[] => {
    const numbered = sql.replaceAll('$', '?')
    const rows = db.prepare<[object], { detail: string }>(`explain query plan ${numbered}`)
    return rows.all({ 1: '', 2: '', 3: '[]', 4: 1, 5: 1, 6: 1, 7: 1 }).map(({ detail }) => detail)
  }
  const tables = [assetTable, assignmentTable, appleUserTable] as const

  test.each(
    tables.map((table) => [table.name, appleRowStatements<never>(table, sqliteDialect)] as const),
  )('%s', (name, sql) => {
    const walked = Object.values(sql)
      .flatMap(planOf)
      .filter((step) => step.startsWith(`SCAN ${name}`) || step.startsWith('SCAN stored'))
    expect(walked).toEqual([])
    expect(planOf(sql.findSame)[1]).toMatch(
      new RegExp(`^SEARCH stored USING (COVERING )?INDEX ${name}_by_key `),
    )
    expect(planOf(sql.update)[1]).toBe(`SEARCH ${name} USING INTEGER PRIMARY KEY (rowid=?)`)
    expect(planOf(sql.remove)[0]).toBe(`SEARCH ${name} USING INTEGER PRIMARY KEY (rowid=?)`)
    expect(planOf(sql.list)[0]).toContain('(token_number=? AND number>?)')
  })

  test('and walk on from a row in the order in which rows were stored', () => {
    const { together } = assignmentTable
    const sql = together && togetherStatements(assignmentTable, together, sqliteDialect)
    expect(planOf(sql?.following ?? '')).toContain(
      'SEARCH stored USING INDEX assignment_by_app (token_number=? AND adam_id=? AND number>?)',
    )
  })
})
