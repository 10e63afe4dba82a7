import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { iosLicenseSet, macOsLicenseSet, summarySet } from '../../src/graph/entity-sets.ts'
import type { AppleUser, Assignment } from '../../src/model/apple-rows.ts'
import { type LibraryItem, libraryItem } from '../../src/model/library-item.ts'
import type { LicenseSummary } from '../../src/model/license-summary.ts'
import type { ListedPage } from '../../src/model/list-query.ts'
import { vppToken } from '../../src/model/vpp-token.ts'
import type { HeldLicense } from '../../src/ports/library-store.ts'
import { addTenants, assignment, harbour, token, user } from '../contract/samples.ts'
import { casesFor, databases, lawTimeoutMs, type OpenedDatabase } from './databases.ts'
import type { PlainRow } from './evaluate.ts'
import { type AskedQuery, anyQuery, checkLaw, type ListReads } from './law.ts'
import { anyRecord, guid, texts } from './values.ts'

const adamId = '361309726'
const bundleId = 'com.example.app'

const holders = texts.filter((text) => text !== '')
const users: readonly AppleUser[] = holders.map((clientUserId, index) =>
  user(clientUserId, {
    email: index % 3 === 0 ? null : (texts[index % 7] ?? null),
    status: index % 5 === 0 ? 'Retired' : 'Registered',
  }),
)
const assignments: readonly Assignment[] = holders.flatMap((target) => [
  assignment(adamId, target),
  { ...assignment(adamId, target), targetKind: 'clientUserId' },
])

/** A licence as its list shows it, with a made-up id; the lists have no key of their own to order by. */
function licenseRow({ targetKind, target, userEmailAddress }: HeldLicense, id: string): PlainRow {
  const isUser = targetKind === 'clientUserId'
  const kind = isUser ? 'iosVppAppAssignedUserLicense' : 'iosVppAppAssignedDeviceLicense'
  const record = {
    id,
    contentKind: kind,
    userId: isUser ? target : null,
    userName: null,
    userEmailAddress: isUser ? userEmailAddress : null,
    userPrincipalName: null,
    managedDeviceId: null,
    deviceName: isUser ? null : target,
  }
  return { kind, record }
}

function liveAddress({ target }: Assignment): string | null {
  const live = users.find((one) => one.clientUserId === target && one.status === 'Registered')
  return live?.email ?? null
}

const tokens = fc
  .sample(anyRecord(vppToken), { numRuns: 60, seed: 8 })
  .map((record, index) => token(guid(index), record))
const items = fc
  .sample(anyRecord(libraryItem), { numRuns: tokens.length, seed: 9 })
  .map((record, index) => ({
    ...record,
    id: guid(1_000 + index),
    adamId,
    contentKind: 'iosVppApp',
    bundleId: index % 4 === 0 ? 'com.example.other' : bundleId,
    isUnlimited: false,
  })) as readonly unknown[] as readonly LibraryItem[]
const summaries: readonly PlainRow[] = tokens.flatMap(({ record: owner }, index) => {
  const item = items[index]
  if (item?.bundleId !== bundleId) return []
  const summary: LicenseSummary = {
    vppTokenId: owner.id,
    appleId: owner.appleId,
    organizationName: owner.organizationName,
    availableLicenseCount: item.availableLicenseCount,
    usedLicenseCount: item.usedLicenseCount,
  }
  return [{ record: { ...summary, id: owner.id } }]
})

/** A filter may not look for the address of each row again and again, and some terms look twice. */
const isAffordable = ({ filter = '' }: AskedQuery) =>
  (filter.match(/userEmailAddress/gi) ?? []).length <= 1

describe.each(databases())('licences on $name', ({ open }) => {
  let opened: OpenedDatabase
  beforeAll(async () => {
    opened = await open()
    await addTenants(opened.storage)
    await opened.storage.forTenant(harbour).transaction(async (stores) => {
      for (const [index, stored] of tokens.entries()) {
        await stores.tokens.insert(stored)
        const record = items[index]
        const nothing = { metadataAt: null, metadataFrom: null, iconUrl: null, iconFrom: null }
        if (record) await stores.library.insert(stored.record.id, [{ record, ...nothing }])
      }
      await stores.users.insert(guid(0), users)
      await stores.assignments.insert(guid(0), assignments)
      await stores.assignments.insert(guid(1), assignments.slice(0, 5))
      await stores.assignments.insert(guid(0), [assignment('1', 'another')])
    })
  })
  afterAll(() => opened.remove())

  test.each([
    ['an iOS app', iosLicenseSet],
    ['a macOS app', macOsLicenseSet],
  ])(
    'in use of %s are found by any filter, in any order, page by page',
    async (_, rows) => {
      const { licenses } = opened.storage.forTenant(harbour).reads
      const { rows: stored } = await licenses.list(guid(0), adamId, { limit: 999 })
      expect(stored.map(keyOf)).toEqual(assignments.map(keyOf))
      const ids = new Map(assignments.map((one, index) => [keyOf(one), guid(index)]))
      const idOf = (one: Assignment | HeldLicense) => ids.get(keyOf(one)) ?? ''
      const plain = assignments.map((one) =>
        licenseRow({ ...one, userEmailAddress: liveAddress(one) }, idOf(one)),
      )
      const reads: ListReads = {
        list: async (query) => withIds(await licenses.list(guid(0), adamId, query), idOf),
        count: (filter) => licenses.count(guid(0), adamId, filter),
      }
      await fc.assert(
        fc.asyncProperty(anyQuery(rows).filter(isAffordable), (asked) =>
          checkLaw(asked, rows, plain, reads),
        ),
        { numRuns: casesFor(1 / 20) },
      )
    },
    120_000,
  )

  test(
    'are summed per token, and the sums are found by any filter and search, in any order',
    async () => {
      const { library } = opened.storage.forTenant(harbour).reads
      const reads: ListReads = {
        list: async (query) =>
          withIds(await library.summaries(bundleId, query), ({ vppTokenId }) => vppTokenId ?? ''),
        count: (filter) => library.countSummaries(bundleId, filter),
      }
      await fc.assert(
        fc.asyncProperty(anyQuery(summarySet), (asked) =>
          checkLaw(asked, summarySet, summaries, reads),
        ),
        { numRuns: casesFor(1 / 20) },
      )
    },
    lawTimeoutMs,
  )
})

function keyOf({ targetKind, target }: Assignment | HeldLicense): string {
  return `${targetKind} ${target}`
}

function withIds<Row>(page: ListedPage<Row>, idOf: (row: Row) => string) {
  return { ...page, rows: page.rows.map((row) => ({ record: { id: idOf(row) } })) }
}
