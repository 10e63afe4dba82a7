import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import type { Storage } from '../../src/ports/storage.ts'
import { openStorage } from '../../src/storage/open.ts'
import { createTurnedClock } from '../turned-clock.ts'
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
import { sharedCommitsContract } from './shared-commits.ts'
import { syncHistoryContract } from './sync-history.ts'
import { syncRunStoreContract } from './sync-run-store.ts'
import { tokenFreshnessContract } from './token-freshness.ts'
import { tokenQueriesContract } from './token-queries.ts'
import { tokenStoreContract } from './token-store.ts'
import { transactionContract } from './transaction.ts'

const sqlite: Backend = {
  name: 'SQLite',
  keepsOrder: true,
  openFresh: async (onCommit) => {
    const folder = await mkdtemp(join(tmpdir(), 'pomona-contract-'))
    const url = `sqlite:${join(folder, 'pomona.db')}`
    const opened: Storage[] = []
    const open = async (told?: (units: number) => void) => {
      const clock = createTurnedClock(new Date('2026-12-01T09:00:00Z'))
      const storage = await openStorage({ url, clock, ...(told && { onCommit: told }) })
      opened.push(storage)
      return storage
    }
    return {
      storage: await open(onCommit),
      openAgain: () => open(),
      remove: async () => {
        for (const storage of opened) await storage.close()
        await rm(folder, { recursive: true })
      },
    }
  },
}

appleRowStoreContract(sqlite)
auditStoreContract(sqlite)
idempotencyStoreContract(sqlite)
instanceStoreContract(sqlite)
libraryQueriesContract(sqlite)
libraryStoreContract(sqlite)
licenseIntentStoreContract(sqlite)
licenseReadsContract(sqlite)
licenseSummaryContract(sqlite)
notificationChannelStoreContract(sqlite)
ownershipStoreContract(sqlite)
removalContract(sqlite)
scheduleContract(sqlite)
secretStoreContract(sqlite)
syncRunStoreContract(sqlite)
syncHistoryContract(sqlite)
tokenStoreContract(sqlite)
tokenFreshnessContract(sqlite)
tokenQueriesContract(sqlite)
transactionContract(sqlite)
sharedCommitsContract(sqlite)
anyOrderContract(sqlite)
keyCheckContract(sqlite)
contentionContract(sqlite)
keyRotationContract(sqlite)
retentionContract(sqlite)
migrationContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-contract-'))
  const path = join(folder, 'pomona.db')
  return {
    url: `sqlite:${path}`,
    ask: async (sql) => {
      const db = new SqliteDatabase(path)
      try {
        db.exec(sql)
      } finally {
        db.close()
      }
    },
    remove: () => rm(folder, { recursive: true }),
  }
})
