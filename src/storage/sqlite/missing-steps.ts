/** What a database file lacks of this program's schema, read without changing it. */
import SqliteDatabase from 'better-sqlite3'
import { first } from '../sql/connection.ts'
import { appliedMigrations, knownMigrations, missingMigrations } from '../sql/migrate.ts'
import { sqliteConnection } from './connection.ts'
import { refuseForeignFile } from './connections.ts'
import { failureOf } from './failure-of.ts'

/** Names of the steps; the next start applies them. Failures as of `openStorage`; also when there is no such file. */
export async function missingSteps(path: string): Promise<readonly string[]> {
  let db: SqliteDatabase.Database | undefined
  try {
    db = new SqliteDatabase(path, { readonly: true, fileMustExist: true })
    const connection = sqliteConnection(db)
    await refuseForeignFile(connection)
    const found = await first(connection, `select count(*) as tables from sqlite_schema`, [])
    const applied = found?.tables === 0 ? [] : await appliedMigrations(connection)
    return missingMigrations(await knownMigrations(), applied).map(({ name }) => name)
  } catch (error) {
    throw failureOf(error)
  } finally {
    db?.close()
  }
}
