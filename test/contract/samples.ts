/** Records for the contract suites. Two tenants, harbour and orchard, must never see each other's rows. */
import type { AppleUser, Asset, Assignment } from '../../src/model/apple-rows.ts'
import type { AuditEvent } from '../../src/model/audit-event.ts'
import type { Instant } from '../../src/model/date-time-offset.ts'
import type { EntityType, Property, Shape } from '../../src/model/entity-type.ts'
import type { TenantId, TokenId } from '../../src/model/ids.ts'
import { type LibraryItem, libraryItem } from '../../src/model/library-item.ts'
import type { StoredToken } from '../../src/model/stored-token.ts'
import { noFigures, type SyncRun } from '../../src/model/sync-run.ts'
import type { Client, Tenant } from '../../src/model/tenant.ts'
import { type VppToken, vppToken } from '../../src/model/vpp-token.ts'
import type { ItemValues } from '../../src/ports/library-store.ts'
import type { Storage } from '../../src/ports/storage.ts'

export const harbour: TenantId = 'a0000000-0000-4000-8000-000000000001'
export const orchard: TenantId = 'b0000000-0000-4000-8000-000000000002'

/** `2026-12-01T09:00:00Z` and as many seconds later. */
export function at(seconds: number): Instant {
  return `${new Date(Date.UTC(2026, 11, 1, 9, 0, seconds)).toISOString().slice(0, 19)}.0000000Z`
}

/** A GUID that is easy to read in a failure: `token(7)` ends in 7, and ids sort as their numbers do. */
export function guid(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

export function tenant(id: TenantId, name: string): Tenant {
  return { id, name, status: 'active', createdAt: at(0) }
}

export async function addTenants(storage: Storage): Promise<void> {
  await storage.instance.transaction(async ({ tenants }) => {
    await tenants.insert(tenant(harbour, 'Harbour'))
    await tenants.insert(tenant(orchard, 'Orchard'))
  })
}

/** A token whose record has the declared initial values, but for those given. */
export function token(
  id: TokenId,
  record: Partial<VppToken> = {},
  bookkeeping: Partial<Omit<StoredToken, 'record'>> = {},
): StoredToken {
  const initial = declared(vppToken, (_, { initial }) => initial)
  return {
    record: { ...(initial as VppToken), ...record, id },
    version: 1,
    createdAt: at(0),
    dueAt: at(0),
    finding: null,
    contentHash: null,
    ...bookkeeping,
  }
}

/** A record in which no property has its initial value, and no two have the same where their kind allows it. */
export function recordWithEveryValue(id: TokenId): VppToken {
  return { ...(everyValue(vppToken) as VppToken), id }
}

/** An app whose record has the declared initial values, but for those given. */
export function item(
  id: string,
  record: Partial<LibraryItem> = {},
  bookkeeping: Partial<Omit<ItemValues, 'record'>> = {},
): ItemValues {
  const initial = declared(libraryItem, (_, { initial }) => initial)
  return {
    record: { ...(initial as LibraryItem), adamId: id.slice(-4), ...record, id },
    metadataAt: null,
    metadataFrom: null,
    iconUrl: null,
    iconFrom: null,
    ...bookkeeping,
  }
}

/** Also of what an item shows of others: nobody stores that, whatever is handed in. */
export function itemWithEveryValue(id: string): LibraryItem {
  return { ...(everyValue(libraryItem) as LibraryItem), id }
}

function everyValue(type: EntityType): Readonly<Record<string, unknown>> {
  const names = Object.keys(type.properties)
  return declared(type, (name, { shape }) => sampleOf(shape, name, names.indexOf(name) + 1))
}

function declared(
  type: EntityType,
  value: (name: string, property: Property) => unknown,
): Readonly<Record<string, unknown>> {
  const values = Object.entries(type.properties)
    .filter(([, property]) => !property.secret)
    .map(([name, property]) => [name, value(name, property)])
  return Object.fromEntries(values)
}

/** `place` counts from 1. */
function sampleOf(shape: Shape, name: string, place: number): unknown {
  switch (shape.kind) {
    case 'text':
    case 'binary':
      return `Äpfel & "${name}"`
    case 'guid':
      return guid(place)
    case 'flag':
      return true
    case 'int32':
      return 2_147_483_647 - place
    case 'int64':
      return Number.MAX_SAFE_INTEGER - place
    case 'dateTimeOffset':
      return { instant: `${at(place).slice(0, 20)}1234567Z`, offsetMinutes: place - 480 }
    case 'member':
      return Object.keys(shape.of.members).at(-1)
    case 'collection':
      return [sampleOf(shape.of, name, place), sampleOf(shape.of, name, place)]
    case 'complex': {
      const fields = Object.entries(shape.of.fields)
      return {
        type: shape.of.name,
        ...Object.fromEntries(
          fields.map(([field, of]) => [field, sampleOf(of.shape, name, place)]),
        ),
      }
    }
  }
}

export function asset(adamId: string, values: Partial<Asset> = {}): Asset {
  return {
    adamId,
    pricingParam: 'STDQ',
    productType: 'App',
    totalCount: 10,
    availableCount: 7,
    assignedCount: 2,
    retiredCount: 1,
    isUnlimited: false,
    isDeviceAssignable: true,
    isRevocable: true,
    supportedPlatforms: ['iOS', 'macOS'],
    ...values,
  }
}

export function assignment(adamId: string, target: string): Assignment {
  return { adamId, pricingParam: 'STDQ', targetKind: 'serialNumber', target }
}

export function user(clientUserId: string, values: Partial<AppleUser> = {}): AppleUser {
  return {
    clientUserId,
    idHash: null,
    inviteCode: null,
    email: null,
    status: 'Registered',
    ...values,
  }
}

export function run(id: string, tokenId: TokenId, values: Partial<SyncRun> = {}): SyncRun {
  return {
    id,
    tokenId,
    cause: 'create',
    status: 'queued',
    requestedAt: at(0),
    startedAt: null,
    endedAt: null,
    finding: null,
    figures: noFigures,
    versionsBefore: {},
    versions: {},
    readings: {},
    counts: null,
    refusals: [],
    unknownFields: [],
    ...values,
  }
}

export function auditEvent(id: string, values: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id,
    at: at(0),
    actor: 'operator',
    action: 'token.added',
    subject: guid(1),
    details: {},
    ...values,
  }
}

export function client(tenantId: TenantId, id: string, values: Partial<Client> = {}): Client {
  return {
    id,
    tenantId,
    name: 'Robot',
    roles: ['DeviceManagementServiceConfig.ReadWrite.All'],
    secretHash: 'aa'.repeat(32),
    createdAt: at(0),
    ...values,
  }
}
