/**
 * The second, narrow door: facts of the instance, tenants and clients, and the schedule. It hands out ids, never a row of a
 * tenant's token.
 */
import type { Instant } from '../model/date-time-offset.ts'
import type { ClientId, TenantId, TokenId } from '../model/ids.ts'
import type { Client, Tenant } from '../model/tenant.ts'
import type { AuditStore } from './audit-store.ts'
import type { ChannelDoors } from './notification-channel-store.ts'
import type { SealedReads, SealedSecretReads, SealedStore, SecretStore } from './secret-store.ts'

export interface TenantReads {
  find(id: TenantId): Promise<Tenant | undefined>
  /** In the order of names, then ids. */
  list(): Promise<readonly Tenant[]>
}

export interface TenantStore extends TenantReads {
  /** Failure `conflict` when the id is taken. */
  insert(tenant: Tenant): Promise<void>
  /** Failure `notFound` when absent. */
  update(tenant: Tenant): Promise<void>
  /** Removes the tenant, its clients and tokens; its audit stays. Failure `notFound` when absent. */
  remove(id: TenantId): Promise<void>
}

export interface ClientReads {
  find(tenantId: TenantId, id: ClientId): Promise<Client | undefined>
  list(tenantId: TenantId): Promise<readonly Client[]>
}

export interface ClientStore extends ClientReads {
  insert(client: Client): Promise<void>
  /** Failure `notFound` when absent. */
  update(client: Client): Promise<void>
  /** Failure `notFound` when absent. */
  remove(tenantId: TenantId, id: ClientId): Promise<void>
}

/** A public key of the embedded issuer; its private half is a sealed secret (`signingKey`, recordId = id). */
export interface SigningKey {
  readonly id: string
  readonly algorithm: string
  /** JSON Web Key, JSON text, public members only. */
  readonly publicJwk: string
  readonly createdAt: Instant
  /** Null = signs new tokens; else kept only to verify until then. */
  readonly retiredAt: Instant | null
}

export interface SigningKeyStore {
  /** Newest first. */
  list(): Promise<readonly SigningKey[]>
  insert(key: SigningKey): Promise<void>
  update(key: SigningKey): Promise<void>
}

/** Small facts of the instance by name, such as the local CA's certificate; never secrets. */
export interface FactStore {
  find(name: string): Promise<string | undefined>
  put(name: string, value: string): Promise<void>
}

export interface InstanceStores {
  readonly tenants: TenantStore
  readonly clients: ClientStore
  readonly signingKeys: SigningKeyStore
  readonly facts: FactStore
  readonly secrets: SecretStore
  readonly sealed: SealedStore
  auditOf(tenantId: TenantId): AuditStore
}

/** What every request asks about who sends it. */
export interface CallerStanding {
  readonly tenant: Tenant
  readonly isClientKnown: boolean
}

export interface InstanceReads {
  /** Undefined when the tenant is not registered. */
  findStanding(tenantId: TenantId, clientId: ClientId): Promise<CallerStanding | undefined>
  readonly tenants: TenantReads
  readonly clients: ClientReads
  readonly signingKeys: Pick<SigningKeyStore, 'list'>
  readonly facts: Pick<FactStore, 'find'>
  readonly secrets: SealedSecretReads
  readonly sealed: SealedReads
  readonly channels: ChannelDoors
}

/** Which rows have been kept long enough: those from before the instant; absent = all of the kind are kept. */
export interface Retention {
  readonly auditBefore?: Instant
  /** By the end of a run. An active run and the newest run of a token always stay. */
  readonly runsBefore?: Instant
  readonly idempotencyBefore?: Instant
  /** Work on licences, by its end; what is not ended always stays. Which licences it gave out stays known. */
  readonly intentsBefore?: Instant
}

/** Rows that were removed, by kind. */
export interface Pruned {
  readonly audit: number
  readonly runs: number
  /** What those runs changed, listed one by one; a run goes after its changes. */
  readonly runChanges: number
  readonly idempotency: number
  readonly intents: number
  /** Those of such intents; an intent goes after its receipts. */
  readonly receipts: number
}

/** A due token, taken under a lease on its location by exactly one node. */
export interface TakenToken {
  readonly tenantId: TenantId
  readonly tokenId: TokenId
  /** Raised by the taking; whatever a run writes checks it. */
  readonly fence: number
  readonly lease: Lease
}

/** Exclusive right to talk to Apple about one location, over all tenants and nodes, until it ends or is given back. */
export interface Lease {
  /** The location's uId, or the token's content hash until the uId is known, or its id when it has no content token. */
  readonly locationKey: string
  /** Unguessable text of this taking; another taking of the same location has another. */
  readonly holder: string
}

export interface Schedule {
  /**
   * Takes up to `limit` tokens that are due at `now` and whose location nobody holds, most overdue first: raises each fence
   * and writes its lease until `until`. Two callers at the same time never get the same token or location.
   */
  takeDue(request: {
    readonly now: Instant
    readonly until: Instant
    readonly limit: number
  }): Promise<readonly TakenToken[]>
  /** Moves the end of a held lease; false when it is no longer held. */
  extendLease(lease: Lease, until: Instant): Promise<boolean>
  /** Holds a second location key with the same holder; false when somebody else holds it at `now`. */
  addLease(lease: Lease, locationKey: string, now: Instant, until: Instant): Promise<boolean>
  /** Gives back every lease of this holder. */
  releaseLeases(holder: string): Promise<void>
  /** Gives back every lease there is. Only for a start that knows itself alone: their holders are dead, and fences stay. */
  releaseAbandoned(): Promise<void>
  /** The earliest instant at which something may be due; undefined without tokens. */
  nextDue(): Promise<Instant | undefined>
  /** Absent where there is only one node. */
  readonly dueSignal?: DueSignal
}

/** Tells the due loops of other nodes to look: a hint that may get lost, so that everybody looks now and then all the same. */
export interface DueSignal {
  /** Something has become due. Never throws, never waits; several close together may be heard as one. */
  send(): void
  /** Calls `heard` whenever somebody has sent, this node included, and after every break of the connection. Answers how to stop. */
  listen(heard: () => void): () => void
}
