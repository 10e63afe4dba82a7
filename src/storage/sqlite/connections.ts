/** Opens an SQLite file: one connection that writes, one that only reads, both as Pomona needs them. */
import SqliteDatabase from 'better-sqlite3'
import type { Clock } from '../../model/clock.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import { first, type SqlConnection } from '../sql/connection.ts'
import { knownMigrations, migrate } from '../sql/migrate.ts'
import { sqliteConnection } from './connection.ts'
import { sqliteDialect, textHolds } from './dialect.ts'
import { failureOf } from './failure-of.ts'
import { makePrivateFile } from './private-file.ts'

export interface SqliteConnections {
  readonly writer: SqliteDatabase.Database
  readonly reader: SqliteDatabase.Database
  /** Names of the migrations that were applied while it was opened. */
  readonly applied: readonly string[]
}

/** The whole process waits this long for another one that writes, but only while it opens the file. */
const openTimeoutMs = 5_000
const keptLogBytes = 64 * 1024 * 1024
/** Of pages, for reads: ten thousand tokens fit, so that a list need not ask the system for each of its rows. */
const readCacheKiB = 32 * 1024

/** Makes the file when it is absent and brings it to this program's schema. */
export async function openConnections(path: string, clock: Clock): Promise<SqliteConnections> {
  await makePrivateFile(path)
  const opened: SqliteDatabase.Database[] = []
  const open = (options: SqliteDatabase.Options) => {
    const db = new SqliteDatabase(path, { timeout: openTimeoutMs, ...options })
    opened.push(db)
    db.function(textHolds.name, { deterministic: true, directOnly: true }, textHolds.run)
    return db
  }
  try {
    const writer = open({})
    await refuseForeignFile(sqliteConnection(writer))
    configure(writer)
    const applied = await migrateFile(writer, clock)
    // From here on the write queue waits for the lock itself, without holding up the event loop.
    writer.pragma('busy_timeout = 0')
    const reader = open({ readonly: true })
    reader.pragma(`cache_size = -${readCacheKiB}`)
    return { writer, reader, applied }
  } catch (error) {
    for (const db of opened) db.close()
    throw failureOf(error)
  }
}

/** Before anything is changed in it. */
export async function refuseForeignFile(connection: SqlConnection): Promise<void> {
  const row = await first(
    connection,
    `select count(*) as tables, count(*) filter (where name = 'schema_migration') as ours
      from sqlite_schema where type = 'table'`,
    [],
  )
  if (row?.tables !== 0 && row?.ours === 0)
    throw new Failure(
      'misconfigured',
      'The database file belongs to another program. Give Pomona a file of its own.',
    )
}

/** Facts of the connection, most of them not kept in the file: they are set at every open. */
function configure(db: SqliteDatabase.Database): void {
  const journalMode = db.pragma('journal_mode = wal', { simple: true })
  if (journalMode !== 'wal')
    throw new Failure(
      'misconfigured',
      `The database cannot keep a write-ahead log (its journal mode stays "${journalMode}"). Put it on a local disk; network file systems will not do.`,
    )
  // A file that is opened again comes up with NORMAL, which may lose the last commits in a power failure.
  db.pragma('synchronous = full')
  db.pragma('foreign_keys = on')
  // What a savepoint may have to put back is kept in memory; in files it would slow every write down.
  db.pragma('temp_store = memory')
  // A first load of a large location leaves a long log; this much is kept for reuse.
  db.pragma(`journal_size_limit = ${keptLogBytes}`)
}

async function migrateFile(db: SqliteDatabase.Database, clock: Clock): Promise<readonly string[]> {
  const known = await knownMigrations()
  const script = async (sql: string) => {
    db.exec(sql)
  }
  // The write lock keeps two processes that start together from applying the same step.
  db.exec('begin immediate')
  try {
    const connection = { ...sqliteConnection(db), script }
    const applied = await migrate(connection, sqliteDialect, known, instantOf(clock.now()))
    db.exec('commit')
    return applied
  } catch (error) {
    if (db.inTransaction) db.exec('rollback')
    throw error
  }
}
