/** Brings a database to the schema of this program: forward only, each step once, never past what the program knows. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Failure } from '../../model/failure.ts'
import type { SqlConnection } from './connection.ts'
import { type Dialect, schemaWords } from './dialect.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

interface AppliedMigration {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

/** A connection that holds the lock of the migrations and is inside a transaction. */
export interface MigrationConnection extends SqlConnection {
  /** Runs a text of several statements. */
  script(sql: string): Promise<void>
}

const folder = new URL('./migrations/', import.meta.url)
const fileForm = /^(\d{4})-([a-z0-9-]+)\.sql$/

/** The migrations that come with this program, in order. */
export async function knownMigrations(): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => fileForm.test(file)).sort()
  return Promise.all(
    files.map(async (file) => ({
      number: Number(file.slice(0, 4)),
      name: file.slice(0, -'.sql'.length),
      sql: await readFile(new URL(file, folder), 'utf8'),
    })),
  )
}

/**
 * Applies what is missing and answers the names of those steps. Failure `misconfigured` when the database is newer than the
 * program, or its past is another.
 */
export async function migrate(
  connection: MigrationConnection,
  dialect: Dialect,
  known: readonly Migration[],
  appliedAt: string,
): Promise<readonly string[]> {
  await connection.script(inDialect(recordTable, dialect))
  const missing = missingMigrations(known, await appliedMigrations(connection))
  for (const migration of missing) {
    await connection.script(inDialect(migration.sql, dialect))
    await connection.run(
      'insert into schema_migration (number, name, checksum, applied_at) values ($1, $2, $3, $4)',
      [migration.number, migration.name, checksumOf(migration), appliedAt],
    )
  }
  return missing.map(({ name }) => name)
}

/** What a database that has the table of its migrations went through, in order. */
export async function appliedMigrations(
  connection: SqlConnection,
): Promise<readonly AppliedMigration[]> {
  const rows = await connection.all(
    'select number, name, checksum from schema_migration order by number',
  )
  return rows.map((row) => ({
    number: Number(row.number),
    name: String(row.name),
    checksum: String(row.checksum),
  }))
}

/** What is still to be applied, once it is sure that the database went the same way so far. */
export function missingMigrations(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const latest = known.at(-1)?.number ?? 0
  const newer = applied.find(({ number }) => number > latest)
  if (newer)
    throw new Failure(
      'misconfigured',
      `The database has step "${newer.name}", which is newer than this program knows. An older program could damage it. Start the newer version of Pomona, or restore a backup from before the upgrade.`,
    )
  for (const { number, name, checksum } of applied) {
    const migration = known.find((candidate) => candidate.number === number)
    if (!migration || checksumOf(migration) !== checksum)
      throw new Failure(
        'misconfigured',
        `The database went through step "${name}", but this program has another text for that step. The two come from different sources. Start the version of Pomona that made the database, or restore a backup.`,
      )
  }
  return known.filter(({ number }) => !applied.some((done) => done.number === number))
}

/** Of the text as it is written, before any word of a dialect: the same on every database. */
export function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex')
}

function inDialect(sql: string, dialect: Dialect): string {
  return schemaWords.reduce(
    (text, word) => text.replaceAll(`{${word}}`, dialect.schemaWords[word]),
    sql,
  )
}

const recordTable = `create table if not exists schema_migration (
  number {integer} primary key,
  name {text} not null,
  checksum {text} not null,
  applied_at {text} not null
) {strict}`
