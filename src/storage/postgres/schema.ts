/** The tables of Pomona in a PostgreSQL database: made and changed by `pomona migrate` alone, never while a service starts. */
import { Client } from 'pg'
import type { Clock } from '../../model/clock.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import { first, type SqlConnection, type SqlRow } from '../sql/connection.ts'
import { appliedMigrations, knownMigrations, migrate, missingMigrations } from '../sql/migrate.ts'
import { postgresDialect } from './dialect.ts'
import { failureOf } from './failure-of.ts'
import { connectionConfig } from './pool.ts'
import { placed } from './server-address.ts'

/** Others that migrate, and whoever uses the tables meanwhile, are waited for. */
const lockTimeoutMs = 60_000

const sql = {
  facts: `select current_schema() as schema, getdatabaseencoding() as encoding,
      to_regclass('schema_migration') is not null as is_ours,
      (select count(*) from pg_tables where schemaname = current_schema()) as tables`,
  // One at a time in a schema; the lock goes with the transaction.
  lock: `select pg_advisory_xact_lock(hashtextextended('pomona migrate ' || current_schema(), 0))`,
}

/** Failure `misconfigured` when the database is not at the schema of this program, saying what to do. */
export async function requireSchema(connection: SqlConnection): Promise<void> {
  const isOurs = judge(await first(connection, sql.facts, []))
  const known = await knownMigrations()
  const applied = isOurs ? await appliedMigrations(connection) : []
  const [next] = missingMigrations(known, applied)
  if (!next) return
  throw new Failure(
    'misconfigured',
    applied.length === 0
      ? 'The database holds no tables of Pomona yet. Make them: pomona migrate, with the same settings.'
      : `The database is older than this program: it lacks the step "${next.name}". Make a backup, stop the other nodes, and bring it up to date: pomona migrate, with the same settings.`,
  )
}

/** Applies the steps that are missing, all of them or none; answers their names, none when the database was up to date. */
export async function migrateSchema(url: string, clock: Clock): Promise<readonly string[]> {
  const client = new Client({ ...connectionConfig(url), lock_timeout: lockTimeoutMs })
  client.on('error', () => undefined)
  try {
    await client.connect()
    // Read committed: after the wait for the lock it must see what the other one has done.
    await client.query('begin isolation level read committed')
    await client.query(sql.lock)
    const connection = plainConnection(client)
    judge(await first(connection, sql.facts, []))
    const known = await knownMigrations()
    const applied = await migrate(connection, postgresDialect, known, instantOf(clock.now()))
    await client.query('commit')
    return applied
  } catch (error) {
    throw placed(failureOf(error), url)
  } finally {
    // The server undoes what was not committed.
    await client.end().catch(() => undefined)
  }
}

/** Before anything is changed in it; answers whether the tables of Pomona are there. */
function judge(facts: SqlRow | undefined): boolean {
  if (facts?.schema === null)
    throw new Failure(
      'misconfigured',
      'The schema in which the tables belong does not exist. Create it, or correct search_path in the storage URL.',
    )
  if (facts?.encoding !== 'UTF8')
    throw new Failure(
      'misconfigured',
      `The database keeps text in the encoding ${facts?.encoding}, which lacks letters that Pomona must keep. Create one with the encoding UTF8.`,
    )
  const isOurs = Boolean(facts.is_ours)
  if (!isOurs && facts.tables !== 0)
    throw new Failure(
      'misconfigured',
      'The schema holds tables of another program. Give Pomona a database of its own, or a schema by search_path in the storage URL.',
    )
  return isOurs
}

function plainConnection(client: Client) {
  return {
    all: async (text: string, values: readonly unknown[] = []) =>
      (await client.query<SqlRow>(text, [...values])).rows,
    run: async (text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rowCount ?? 0,
    script: async (text: string) => {
      await client.query(text)
    },
  }
}
