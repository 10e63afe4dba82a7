import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import type { Storage } from '../../src/ports/storage.ts'
import { migrateStorage, openStorage } from '../../src/storage/open.ts'
import { makeSchema, type PostgresSchema, postgresUrl } from '../postgres-schema.ts'
import { anyOrderContract } from './any-order.ts'
import { appleRowStoreContract } from './apple-row-store.ts'
import { auditStoreContract } from './audit-store.ts'
import type { Backend } from './backend.ts'
import { contentionContract } from './contention.ts'
import { idempotencyStoreContract } from './idempotency-store.ts'
import { instanceStoreContract } from './instance-store.ts'
import { keyCheckContract } from './key-check.ts'
import { keyRotationContract } from './key-rotation.ts'
import { libraryQueriesContract } from './library-queries.ts'
import { libraryStoreContract } from './library-store.ts'
import { licenseIntentStoreContract } from './license-intent-store.ts'
import { licenseReadsContract } from './license-reads.ts'
import { licenseSummaryContract } from './license-summaries.ts'
import { migrationContract } from './migrations.ts'
import { notificationChannelStoreContract } from './notification-channel-store.ts'
import { ownershipStoreContract } from './ownership-store.ts'
import { removalContract } from './removal.ts'
import { retentionContract } from './retention.ts'
import { scheduleContract } from './schedule.ts'
import { secretStoreContract } from './secret-store.ts'
import { syncHistoryContract } from './sync-history.ts'
import { syncRunStoreContract } from './sync-run-store.ts'
import { tokenFreshnessContract } from './token-freshness.ts'
import { tokenQueriesContract } from './token-queries.ts'
import { tokenStoreContract } from './token-store.ts'
import { transactionContract } from './transaction.ts'

/** The time stands still, but pauses are real: what they wait for happens in the server. */
const clock = {
  now: () => new Date('2026-12-01T09:00:00Z'),
  sleep: async (ms: number) => {
    await setTimeout(ms)
  },
}

/** Emptied schemas are used again: making one takes longer than most tests. */
const emptied: PostgresSchema[] = []
afterAll(async () => {
  for (const schema of emptied.splice(0)) await schema.remove()
})

async function emptySchema(server: string): Promise<PostgresSchema> {
  const known = emptied.pop()
  if (known) return known
  const made = await makeSchema(server)
  await migrateStorage({ url: made.url, clock })
  return made
}

async function empty(schema: PostgresSchema): Promise<void> {
  const tables = await schema.ask(
    "select tablename from pg_tables where schemaname = current_schema() and tablename <> 'schema_migration'",
  )
  // The tenants first: most of the rest goes with them.
  const names = ['tenant', ...tables.map(({ tablename }) => String(tablename))]
  await schema.ask(names.map((name) => `delete from ${name}`).join(';'))
  emptied.push(schema)
}

const postgresAt = (server: string): Backend => ({
  name: 'PostgreSQL',
  keepsOrder: false,
  openFresh: async (onCommit) => {
    const schema = await emptySchema(server)
    const { url } = schema
    const opened: Storage[] = []
    const open = async (told?: (units: number) => void) => {
      const storage = await openStorage({ url, clock, ...(told && { onCommit: told }) })
      opened.push(storage)
      return storage
    }
    return {
      storage: await open(onCommit),
      openAgain: () => open(),
      remove: async () => {
        for (const storage of opened) await storage.close()
        await empty(schema)
      },
    }
  },
})

if (postgresUrl) {
  const postgres = postgresAt(postgresUrl)
  appleRowStoreContract(postgres)
  auditStoreContract(postgres)
  idempotencyStoreContract(postgres)
  instanceStoreContract(postgres)
  libraryQueriesContract(postgres)
  libraryStoreContract(postgres)
  licenseIntentStoreContract(postgres)
  licenseReadsContract(postgres)
  licenseSummaryContract(postgres)
  notificationChannelStoreContract(postgres)
  ownershipStoreContract(postgres)
  removalContract(postgres)
  scheduleContract(postgres)
  secretStoreContract(postgres)
  syncRunStoreContract(postgres)
  syncHistoryContract(postgres)
  tokenStoreContract(postgres)
  tokenFreshnessContract(postgres)
  tokenQueriesContract(postgres)
  transactionContract(postgres)
  anyOrderContract(postgres)
  keyCheckContract(postgres)
  contentionContract(postgres)
  keyRotationContract(postgres)
  retentionContract(postgres)
  migrationContract('PostgreSQL', () => makeSchema(postgresUrl ?? ''))
} else {
  const how =
    'POMONA_TEST_POSTGRES_URL names no server. Run: tools/with-postgres.sh npm run --silent check'
  // biome-ignore lint/suspicious/noConsole: a skip must not pass unnoticed
  if (!process.env.CI) console.warn(`SKIPPED: every storage suite on PostgreSQL. ${how}`)
  test.skipIf(!process.env.CI)('the storage suites run on PostgreSQL too', () => {
    expect.fail(how)
  })
}
