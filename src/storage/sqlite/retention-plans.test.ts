import SqliteDatabase from 'better-sqlite3'
import { expect, test } from 'vitest'
import { knownMigrations, migrate } from '../sql/migrate.ts'
import { licenseRetention } from '../sql/retention.ts'
import { sqliteConnection } from './connection.ts'
import { sqliteDialect } from './dialect.ts'

/** A unit that reads a whole table holds up every other one here, and undoes itself with each of them on PostgreSQL. */
test.each(Object.entries(licenseRetention))(
  'ended changes of licences go without a look through a whole table: %s',
  async (_, sql) => {
    const db = new SqliteDatabase(':memory:')
    const script = async (text: string) => {
      db.exec(text)
    }
    await migrate({ ...sqliteConnection(db), script }, sqliteDialect, await knownMigrations(), '')
    const plan = db
      .prepare<[object], { detail: string }>(`explain query plan ${sql.replaceAll('$', '?')}`)
      .all({ 1: '2026', 2: 100 })
      .map(({ detail }) => detail)
    expect(plan).toContain(
      'SEARCH license_intent USING INDEX ended_license_intent (ended_date_time<?)',
    )
    expect(plan.filter((step) => /^SCAN license/.test(step))).toEqual([])
  },
)
