/** The two doors to what is stored. Nothing above an adapter knows which database it is. */
import type { AppleUser, Asset, Assignment } from '../model/apple-rows.ts'
import type { TenantId } from '../model/ids.ts'
import type {
  AppleRowReads,
  AppleRowStore,
  AppleUserReads,
  AssignmentReads,
  LicenseTotalsReads,
} from './apple-row-store.ts'
import type { AuditReads, AuditStore } from './audit-store.ts'
import type { IdempotencyStore } from './idempotency-store.ts'
import type {
  InstanceReads,
  InstanceStores,
  Pruned,
  Retention,
  Schedule,
} from './instance-store.ts'
import type { LibraryReads, LibraryStore, LicenseReads } from './library-store.ts'
import type { LicenseIntentReads, LicenseIntentStore } from './license-intent-store.ts'
import type { LocationPace, LocationPauses } from './location-pace.ts'
import type { LocationReads } from './location-reads.ts'
import type {
  NotificationChannelReads,
  NotificationChannelStore,
} from './notification-channel-store.ts'
import type { OwnershipReads, OwnershipStore } from './ownership-store.ts'
import type { SecretStore } from './secret-store.ts'
import type { SyncRunReads, SyncRunStore } from './sync-run-store.ts'
import type { SyncStateStore } from './sync-state-store.ts'
import type { TokenReads, TokenStore } from './token-store.ts'

/** The stores of one tenant inside a transaction. They are dead once the unit of work has ended. */
export interface TenantStores {
  readonly tokens: TokenStore
  readonly assets: AppleRowStore<Asset> & LicenseTotalsReads
  readonly assignments: AppleRowStore<Assignment>
  readonly users: AppleRowStore<AppleUser> & AppleUserReads
  readonly library: LibraryStore
  readonly intents: LicenseIntentStore
  readonly runs: SyncRunStore
  readonly syncState: SyncStateStore
  readonly ownership: OwnershipStore
  readonly channels: NotificationChannelStore
  readonly secrets: SecretStore
  readonly idempotency: IdempotencyStore
  readonly audit: AuditStore
}

export interface TenantStorage {
  /** Reads of what is committed, outside any transaction. */
  readonly reads: {
    readonly tokens: TokenReads
    readonly assets: AppleRowReads<Asset> & LicenseTotalsReads
    readonly assignments: AssignmentReads
    readonly users: AppleUserReads
    readonly library: LibraryReads
    readonly licenses: LicenseReads
    readonly location: LocationReads
    readonly intents: LicenseIntentReads
    readonly ownership: OwnershipReads
    readonly channels: NotificationChannelReads
    readonly runs: SyncRunReads
    readonly secrets: Pick<SecretStore, 'find'>
    readonly audit: AuditReads
  }
  /**
   * Runs one unit of work whole: everything it wrote is durable when this resolves, nothing of it is there when it rejects.
   * What runs at the same time, here or on another node, ends as if one unit had run after the other. The work may await only
   * its own stores; awaiting anything else fails it. It may be run again from its start, so it changes nothing else either.
   * Failure `unavailable` when the database cannot take it (full, unreachable); when the connection breaks during the commit
   * nobody knows whether it was stored.
   */
  transaction<T>(work: (stores: TenantStores) => Promise<T>): Promise<T>
}

export interface Storage {
  /** The only way to a tenant's rows. */
  forTenant(tenantId: TenantId): TenantStorage
  readonly instance: {
    readonly reads: InstanceReads
    readonly schedule: Schedule
    readonly pauses: LocationPauses
    /** Absent where one process alone has the data, which then keeps the pace by itself. */
    readonly pace?: LocationPace
    /** As `TenantStorage.transaction`, for facts of the instance. */
    transaction<T>(work: (stores: InstanceStores) => Promise<T>): Promise<T>
    /**
     * Removes what has been kept long enough, over all tenants, at most `limit` rows of each kind in one unit of work; a count
     * that reaches the limit says that there may be more.
     */
    prune(retention: Retention, limit: number): Promise<Pruned>
  }
  /** Fails with `unavailable` when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
