/** The databases that the laws of lists are held against: SQLite, and PostgreSQL when the tests were given a server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Storage } from '../../src/ports/storage.ts'
import { migrateStorage, openStorage } from '../../src/storage/open.ts'
import { makeSchema, postgresUrl } from '../postgres-schema.ts'

export interface Database {
  readonly name: string
  /** Of a fresh, empty database. */
  open(): Promise<OpenedDatabase>
}

export interface OpenedDatabase {
  readonly storage: Storage
  /** Closes and removes it. */
  remove(): Promise<void>
}

/** The time stands still, but pauses are real: what they wait for happens in the database. */
const clock = {
  now: () => new Date('2026-12-01T09:00:00Z'),
  sleep: async (ms: number) => {
    await setTimeout(ms)
  },
}

const sqlite: Database = {
  name: 'SQLite',
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pomona-list-query-'))
    const storage = await openStorage({ url: `sqlite:${join(folder, 'pomona.db')}`, clock })
    return {
      storage,
      remove: async () => {
        await storage.close()
        await rm(folder, { recursive: true })
      },
    }
  },
}

const postgresAt = (server: string): Database => ({
  name: 'PostgreSQL',
  open: async () => {
    const schema = await makeSchema(server)
    await migrateStorage({ url: schema.url, clock })
    const storage = await openStorage({ url: schema.url, clock })
    return {
      storage,
      remove: async () => {
        await storage.close()
        await schema.remove()
      },
    }
  },
})

/** Those there are; says so when PostgreSQL is not among them. */
export function databases(): readonly Database[] {
  if (postgresUrl) return [sqlite, postgresAt(postgresUrl)]
  const how =
    'POMONA_TEST_POSTGRES_URL names no server. Run: tools/with-postgres.sh npx vitest run test/list-query'
  // biome-ignore lint/suspicious/noConsole: a skip must not pass unnoticed
  if (!process.env.CI) console.warn(`SKIPPED: the laws of lists on PostgreSQL. ${how}`)
  test.skipIf(!process.env.CI)('the laws of lists hold on PostgreSQL too', () => {
    expect.fail(how)
  })
  return [sqlite]
}

/** How many queries a law is tried with, out of a share of POMONA_TEST_CASES over all laws. */
export function casesFor(share: number): number {
  return Math.ceil(Number(process.env.POMONA_TEST_CASES ?? 2_000) * share)
}

/** Enough for tens of thousands of cases. */
export const lawTimeoutMs = 600_000
