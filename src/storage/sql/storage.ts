/** Puts the stores together behind the two doors (ports/storage.ts), over any database that runs their SQL. */
import type { TenantId } from '../../model/ids.ts'
import type { DueSignal, InstanceReads, InstanceStores } from '../../ports/instance-store.ts'
import type { LocationPace, LocationPauses } from '../../ports/location-pace.ts'
import type { Storage, TenantStorage, TenantStores } from '../../ports/storage.ts'
import { assignmentReads, userReads } from './apple-row-reads.ts'
import { appleRows } from './apple-row-store.ts'
import { appleUserTable, assetTable, assignmentTable } from './apple-row-tables.ts'
import { auditReads, auditStore } from './audit-store.ts'
import { cachedTokenReads } from './cached-token-reads.ts'
import { callerStanding } from './caller-standing.ts'
import { clientReads, clientStore } from './client-store.ts'
import type { SqlConnection, Transact } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { factStore } from './fact-store.ts'
import { idempotencyStore } from './idempotency-store.ts'
import { intents } from './intent-store.ts'
import { library } from './library-store.ts'
import { licenseReads } from './license-reads.ts'
import { licenseSource } from './license-source.ts'
import { licenseTotals } from './license-totals.ts'
import { locationReads } from './location-reads.ts'
import {
  channelDoors,
  notificationChannelReads,
  notificationChannelStore,
} from './notification-channel-store.ts'
import { ownershipReads, ownershipStore } from './ownership-store.ts'
import { prune } from './retention.ts'
import { schedule } from './schedule.ts'
import { sealedReads, sealedStore } from './sealed-store.ts'
import { instanceItself, instanceSecretReads, secretStore } from './secret-store.ts'
import { signingKeyStore } from './signing-key-store.ts'
import { sweeper } from './sweeper.ts'
import { syncRunReads, syncRunStore } from './sync-run-store.ts'
import { syncStateStore } from './sync-state-store.ts'
import { tenantReads, tenantStore } from './tenant-store.ts'
import { tokenCache } from './token-cache.ts'
import { tokenStore } from './token-store.ts'

export interface Database {
  readonly dialect: Dialect
  /** For reads of what is committed; other connections than that of the units of work. */
  readonly reads: SqlConnection
  readonly transact: Transact
  readonly dueSignal?: DueSignal
  readonly pauses: LocationPauses
  readonly pace?: LocationPace
  ping(): Promise<void>
  close(): Promise<void>
}

export function storageIn(database: Database, newHolder: () => string): Storage {
  const { dialect, reads, transact } = database
  const assets = appleRows(assetTable, dialect)
  const assignments = appleRows(assignmentTable, dialect)
  const users = appleRows(appleUserTable, dialect)
  const tokens = tokenCache()
  const items = library(dialect)
  const licenseIntents = intents(dialect)
  const licenses = licenseSource(dialect)

  // Getters, since most requests need one store out of seven.
  const readsOf = (tenantId: TenantId): TenantStorage['reads'] => ({
    get tokens() {
      return cachedTokenReads(reads, tenantId, dialect, tokens)
    },
    get assets() {
      return { ...assets.reads(reads, tenantId), ...licenseTotals(reads, tenantId) }
    },
    get assignments() {
      return { ...assignments.reads(reads, tenantId), ...assignmentReads(reads, tenantId) }
    },
    get users() {
      return { ...users.reads(reads, tenantId), ...userReads(reads, tenantId, dialect) }
    },
    get library() {
      return items.reads(reads, tenantId)
    },
    get licenses() {
      return licenseReads(reads, tenantId, dialect, licenses)
    },
    get location() {
      return locationReads(reads, tenantId, dialect)
    },
    get intents() {
      return licenseIntents.reads(reads, tenantId)
    },
    get ownership() {
      return ownershipReads(reads, tenantId)
    },
    get channels() {
      return notificationChannelReads(reads, tenantId)
    },
    get runs() {
      return syncRunReads(reads, tenantId, dialect)
    },
    get secrets() {
      return secretStore(reads, tenantId)
    },
    get audit() {
      return auditReads(reads, tenantId)
    },
  })

  const sweep = sweeper(reads, transact)
  sweep.wake()
  /** Runs a unit, and sweeps after it when it has removed something. */
  const transactAndSweep = async <T>(
    work: (connection: SqlConnection, onRemoved: () => void) => Promise<T>,
  ): Promise<T> => {
    let hasRemoved = false
    const onRemoved = () => {
      hasRemoved = true
    }
    const answer = await transact((connection) => work(connection, onRemoved))
    if (hasRemoved) sweep.wake()
    return answer
  }

  const storesOf = (
    connection: SqlConnection,
    tenantId: TenantId,
    onRemoved: () => void,
  ): TenantStores => ({
    get tokens() {
      return tokenStore(connection, tenantId, dialect, onRemoved)
    },
    get assets() {
      return { ...assets.store(connection, tenantId), ...licenseTotals(connection, tenantId) }
    },
    get assignments() {
      return assignments.store(connection, tenantId)
    },
    get users() {
      return { ...users.store(connection, tenantId), ...userReads(connection, tenantId, dialect) }
    },
    get library() {
      return items.store(connection, tenantId)
    },
    get intents() {
      return licenseIntents.store(connection, tenantId)
    },
    get runs() {
      return syncRunStore(connection, tenantId, dialect)
    },
    get ownership() {
      return ownershipStore(connection, tenantId)
    },
    get channels() {
      return notificationChannelStore(connection, tenantId)
    },
    get syncState() {
      return syncStateStore(connection, tenantId)
    },
    get secrets() {
      return secretStore(connection, tenantId)
    },
    get idempotency() {
      return idempotencyStore(connection, tenantId)
    },
    get audit() {
      return auditStore(connection, tenantId)
    },
  })

  return {
    forTenant: (tenantId) => ({
      reads: readsOf(tenantId),
      transaction: (work) =>
        transactAndSweep((connection, onRemoved) =>
          work(storesOf(connection, tenantId, onRemoved)),
        ),
    }),
    instance: {
      reads: instanceReads(reads),
      schedule: {
        ...schedule(dialect, reads, transact, newHolder),
        ...(database.dueSignal && { dueSignal: database.dueSignal }),
      },
      pauses: database.pauses,
      ...(database.pace && { pace: database.pace }),
      transaction: (work) =>
        transactAndSweep((connection, onRemoved) => work(instanceStores(connection, onRemoved))),
      prune: (retention, limit) => transact((connection) => prune(connection, retention, limit)),
    },
    ping: () => database.ping(),
    close: () => database.close(),
  }
}

function instanceReads(connection: SqlConnection): InstanceReads {
  return {
    findStanding: (tenantId, clientId) => callerStanding(connection, tenantId, clientId),
    tenants: tenantReads(connection),
    clients: clientReads(connection),
    signingKeys: signingKeyStore(connection),
    facts: factStore(connection),
    secrets: instanceSecretReads(connection),
    sealed: sealedReads(connection),
    channels: channelDoors(connection),
  }
}

function instanceStores(connection: SqlConnection, onRemoved: () => void): InstanceStores {
  return {
    tenants: tenantStore(connection, onRemoved),
    clients: clientStore(connection),
    signingKeys: signingKeyStore(connection),
    facts: factStore(connection),
    secrets: secretStore(connection, instanceItself),
    sealed: sealedStore(connection),
    auditOf: (tenantId) => auditStore(connection, tenantId),
  }
}
