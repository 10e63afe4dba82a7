/** The history of a token's syncs as Pomona's own API shows it: runs, and what each of them changed (graph H12, Apple C16). */
import { type Instant, never, utc } from './date-time-offset.ts'
import { complexType, type EntityOf, entityType, enumType, type FaceNames } from './entity-type.ts'
import {
  complex,
  complexes,
  dateTimeOffset,
  guid,
  int32,
  int64,
  member,
  text,
  texts,
} from './kinds.ts'
import type { SyncRun } from './sync-run.ts'

const faces: FaceNames = { pomona: true }
const shown = { faces, write: 'service', isOpaque: true } as const
const asked = { faces, write: 'service' } as const
const aText = { kind: 'text', maxLength: 1_024 } as const
const anInt = { kind: 'int32' } as const
const aLong = { kind: 'int64' } as const

const syncRunCause = enumType('syncRunCause', {
  create: 0,
  renewal: 1,
  request: 2,
  schedule: 3,
  twinRemoved: 4,
  interrupted: 5,
  licenses: 6,
  claim: 7,
  release: 8,
  notification: 9,
})

const syncRunStatus = enumType('syncRunStatus', {
  queued: 0,
  running: 1,
  completed: 2,
  failed: 3,
  superseded: 4,
})

const perList = (name: string) =>
  complexType({
    name,
    fields: {
      assets: { shape: aText, nullable: true },
      assignments: { shape: aText, nullable: true },
      users: { shape: aText, nullable: true },
    },
  })

const listVersions = perList('listVersions')
const listReadings = perList('listReadings')

const runFinding = complexType({
  name: 'runFinding',
  fields: {
    reason: { shape: aText, nullable: false },
    isDefinite: { shape: { kind: 'flag' }, nullable: false },
    errorNumber: { shape: anInt, nullable: true },
    httpStatus: { shape: anInt, nullable: true },
    detail: { shape: aText, nullable: true },
  },
})

const runRefusal = complexType({
  name: 'runRefusal',
  fields: {
    errorNumber: { shape: anInt, nullable: true },
    httpStatus: { shape: anInt, nullable: true },
    text: { shape: aText, nullable: true },
    times: { shape: anInt, nullable: false },
  },
})

const appleCounts = complexType({
  name: 'appleCounts',
  fields: {
    assets: { shape: anInt, nullable: false },
    totalLicenses: { shape: aLong, nullable: false },
    availableLicenses: { shape: aLong, nullable: false },
    assignedLicenses: { shape: aLong, nullable: false },
    retiredLicenses: { shape: aLong, nullable: false },
    assignments: { shape: anInt, nullable: false },
    users: { shape: anInt, nullable: false },
  },
})

export const assetCounts = complexType({
  name: 'assetCounts',
  fields: {
    total: { shape: anInt, nullable: false },
    available: { shape: anInt, nullable: false },
    assigned: { shape: anInt, nullable: false },
    retired: { shape: anInt, nullable: false },
  },
})

export const syncRunType = entityType({
  names: { pomona: 'syncRun' },
  properties: {
    id: guid({ ...asked, description: 'Key' }),
    tokenId: guid({ ...shown, description: 'The token that was synced' }),
    cause: member(syncRunCause, { ...asked, initial: 'schedule', description: 'Why it ran' }),
    status: member(syncRunStatus, {
      ...asked,
      initial: 'queued',
      description: 'How far it came; superseded when something newer took its place',
    }),
    requestedDateTime: dateTimeOffset({ ...asked, description: 'When it became due' }),
    startedDateTime: dateTimeOffset({ ...asked, description: 'When it began; year 1 = not yet' }),
    endedDateTime: dateTimeOffset({ ...asked, description: 'When it ended; year 1 = not yet' }),
    finding: complex(runFinding, { ...shown, description: 'Why it failed; null = it did not' }),
    refusals: complexes(runRefusal, {
      ...shown,
      maxItems: 100,
      description: 'What Apple refused, also where a later try went well',
    }),
    requests: int32({ ...shown, description: 'Questions to Apple' }),
    pages: int32({ ...shown, description: 'Pages of lists that came' }),
    tries: int32({ ...shown, description: 'Calls, repeated ones among them' }),
    waitedMs: int64({ ...shown, description: 'Time that Apple or its errors made it wait' }),
    readings: complex(listReadings, {
      ...shown,
      description: 'How each list was read: unchanged, delta or full',
    }),
    versionsBefore: complex(listVersions, {
      ...shown,
      description: "Apple's versions of the lists before",
    }),
    versions: complex(listVersions, { ...shown, description: "Apple's versions that it read" }),
    counts: complex(appleCounts, {
      ...shown,
      description: "Apple's numbers; null when the lists were not read to their end",
    }),
    rowsAdded: int32({ ...shown, description: 'Assets, assignments and users that came' }),
    rowsChanged: int32({ ...shown, description: 'Those that changed' }),
    rowsRemoved: int32({ ...shown, description: 'Those that went' }),
    rowsSuspect: int32({
      ...shown,
      description: 'Those that were missing while Apple moved; a later walk decides',
    }),
    assetsUneven: int32({
      ...shown,
      description: 'Assets whose assignments do not come to what Apple counts',
    }),
    expirationDriftSeconds: int64({
      ...shown,
      description:
        "By how much Apple's date for the content token is later than its own, when they are more than a day apart; else 0",
    }),
    changesUnlisted: int32({
      ...shown,
      description: 'Changes beyond those that are listed one by one',
    }),
    unknownFields: texts({
      ...shown,
      initial: [],
      maxLength: 256,
      maxItems: 1_000,
      description: 'What Apple sent and Pomona does not know',
    }),
  },
})

const changeSubject = enumType('changeSubject', { asset: 0, assignment: 1, user: 2 })
const changeKind = enumType('changeKind', { added: 0, changed: 1, removed: 2 })

/** One row that a run added, changed or removed. Its counts and states are null on the side where there was no row. */
export const syncChangeType = entityType({
  names: { pomona: 'syncChange' },
  properties: {
    subject: member(changeSubject, { ...asked, initial: 'asset', description: 'What changed' }),
    change: member(changeKind, { ...asked, initial: 'changed', description: 'What became of it' }),
    adamId: text({ ...asked, description: 'The asset, or that of the assignment' }),
    pricingParam: text({ ...asked, description: 'Its quality, such as STDQ' }),
    serialNumber: text({ ...asked, description: 'The device that held or holds the licence' }),
    clientUserId: text({ ...asked, description: 'The user, or who held or holds the licence' }),
    countsBefore: complex(assetCounts, { ...shown, description: 'Licences of the asset before' }),
    countsAfter: complex(assetCounts, { ...shown, description: 'Licences of the asset after' }),
    statusBefore: text({ ...asked, description: 'State of the user before' }),
    statusAfter: text({ ...asked, description: 'State of the user after' }),
  },
})

export type SyncChange = EntityOf<typeof syncChangeType>

/** A run as its record shows; absent instants as the year 1. */
export function shownRun(run: SyncRun): EntityOf<typeof syncRunType> {
  const { figures, finding, counts, refusals } = run
  const time = (instant: Instant | null) => (instant === null ? never : utc(instant))
  return {
    id: run.id,
    tokenId: run.tokenId,
    cause: run.cause,
    status: run.status,
    requestedDateTime: utc(run.requestedAt),
    startedDateTime: time(run.startedAt),
    endedDateTime: time(run.endedAt),
    finding: finding && { ...finding, type: runFinding.name },
    refusals: refusals.map((refusal) => ({ ...refusal, type: runRefusal.name })),
    ...figures,
    readings: { ...run.readings, type: listReadings.name },
    versionsBefore: { ...run.versionsBefore, type: listVersions.name },
    versions: { ...run.versions, type: listVersions.name },
    counts: counts && { ...counts, type: appleCounts.name },
    unknownFields: run.unknownFields,
  }
}
