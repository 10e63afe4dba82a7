import { describe, expect, test } from 'vitest'
import type { LicensePair } from '../../src/model/apple-write.ts'
import { iosVppAppAssignedDeviceLicense } from '../../src/model/assigned-license.ts'
import type { Property } from '../../src/model/entity-type.ts'
import type { ListQuery, Predicate } from '../../src/model/list-query.ts'
import type { HeldLicense } from '../../src/ports/library-store.ts'
import { type Backend, freshStorage } from './backend.ts'
import { listQueriesContract } from './list-queries.ts'
import { addTenants, assignment, guid, harbour, orchard, token, user } from './samples.ts'

const userKind = 'iosVppAppAssignedUserLicense'
const deviceKind = 'iosVppAppAssignedDeviceLicense'
const held = (target: string, values: Partial<HeldLicense> = {}): HeldLicense => ({
  ...assignment('9', target),
  userEmailAddress: null,
  ...values,
})
const heldBy = (clientUserId: string, userEmailAddress: string | null): HeldLicense =>
  held(clientUserId, { targetKind: 'clientUserId', userEmailAddress })

export function licenseReadsContract(backend: Backend): void {
  describe(`licences in use on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const assignments = [
      assignment('10', 'POMSER000009'),
      assignment('9', 'POMSER000002'),
      { ...assignment('9', 'u-0001'), targetKind: 'clientUserId' },
      assignment('9', 'POMSER000001'),
      { ...assignment('9', 'u-0002'), targetKind: 'clientUserId' },
      { ...assignment('9', 'u-0003'), targetKind: 'clientUserId' },
      { ...assignment('9', 'u-0004'), targetKind: 'clientUserId' },
      // A device that is called as a user is.
      assignment('9', 'u-0001'),
      { ...assignment('9', 'POMSER000001'), pricingParam: 'PLUS' },
    ] as const
    const users = [
      user('u-0001', { email: 'one@example.com', status: 'Associated' }),
      user('u-0002', { email: 'gone@example.com', status: 'Retired', idHash: 'a' }),
      user('u-0002', { email: 'old@example.com', status: 'Deleted', idHash: 'b' }),
      user('u-0002', { email: 'Two@example.com', status: 'Registered', idHash: 'c' }),
      user('u-0003', { email: 'gone@example.com', status: 'Retired' }),
    ]
    const stored: readonly HeldLicense[] = [
      held('POMSER000002'),
      heldBy('u-0001', 'one@example.com'),
      held('POMSER000001'),
      heldBy('u-0002', 'Two@example.com'),
      heldBy('u-0003', null),
      heldBy('u-0004', null),
      held('u-0001'),
      held('POMSER000001', { pricingParam: 'PLUS' }),
    ]

    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const { reads, transaction } = storage.forTenant(harbour)
      await transaction(async (stores) => {
        await stores.tokens.insert(token(guid(1)))
        await stores.tokens.insert(token(guid(2)))
        await stores.assignments.insert(guid(1), assignments)
        await stores.users.insert(guid(1), users)
        await stores.assignments.insert(guid(2), [assignment('9', 'POMSER000007')])
        await stores.users.insert(guid(2), [user('u-0004', { email: 'four@example.com' })])
      })
      const list = async (query: Partial<ListQuery> = {}) =>
        (await reads.licenses.list(guid(1), '9', { limit: 99, ...query })).rows
      return { list, licenses: reads.licenses }
    }
    const targets = (licenses: readonly HeldLicense[]) => licenses.map(({ target }) => target)

    test('are those of one app under one token, as they were stored, with the address of the live user', async () => {
      const { list, licenses } = await opened()
      expect(await list()).toEqual(stored)
      expect(await licenses.count(guid(1), '9')).toBe(8)
      expect(await licenses.count(guid(1), '10')).toBe(1)
      expect(await licenses.count(guid(1), '11')).toBe(0)
    })

    test('are paged in that order', async () => {
      const { licenses } = await opened()
      const first = await licenses.list(guid(1), '9', { limit: 6 })
      expect(first.next).toMatch(/^\d+$/)
      const second = await licenses.list(guid(1), '9', { limit: 6, after: first.next ?? '' })
      expect([...first.rows, ...second.rows]).toEqual(stored)
      expect(second.next).toBeUndefined()
      for (const after of ['', 'x', '-1', '1.5', '99999999999999999999', guid(1)])
        await expect(licenses.list(guid(1), '9', { limit: 6, after })).rejects.toMatchObject({
          code: 'badRequest',
        })
    })

    test.each<[string, Predicate, readonly string[]]>([
      ['the user', compare('userId', 'u-0001'), ['u-0001']],
      ['the device', compare('deviceName', 'POMSER000001'), ['POMSER000001', 'POMSER000001']],
      ['the address', compare('userEmailAddress', 'Two@example.com'), ['u-0002']],
      [
        'the address of a retired user, which is nobody’s',
        compare('userEmailAddress', 'gone@example.com'),
        [],
      ],
      ['what nobody has', compare('userName', 'x'), []],
      ['the type', compare('contentKind', userKind), ['u-0001', 'u-0002', 'u-0003', 'u-0004']],
    ])('are found by %s', async (_, filter, found) => {
      const { list, licenses } = await opened()
      expect(targets(await list({ filter }))).toEqual(found)
      expect(await licenses.count(guid(1), '9', filter)).toBe(found.length)
    })

    test('every declared property but the key can be filtered by', async () => {
      const { list } = await opened()
      for (const [property, declared] of Object.entries<Property>(
        iosVppAppAssignedDeviceLicense.properties,
      )) {
        const operand = { property }
        const given: Predicate = { kind: 'compare', operand, comparison: 'ne', value: null }
        const answer = list({ filter: { kind: 'or', of: [given, { kind: 'not', of: given }] } })
        if (declared.isOpaque) await expect(answer).rejects.toMatchObject({ code: 'internal' })
        else expect(await answer).toHaveLength(8)
      }
    })

    listQueriesContract('licences in use', async () => {
      const { licenses } = await opened()
      const text = (property: string, ...values: readonly string[]) =>
        ({ property, kind: 'text', values, kinds: [userKind, deviceKind] }) as const
      return {
        asked: [
          text('userId', 'u-0001', 'u-0003', 'a'),
          text('deviceName', 'POMSER000001', 'u-0001', 'a'),
          {
            ...text('userEmailAddress', 'one@example.com', 'Two@example.com', 'a'),
            mostTerms: 3,
          },
          text('userPrincipalName', 'a'),
          { property: 'contentKind', kind: 'member', values: [userKind, deviceKind] },
        ],
        rows: stored,
        plain: (license) => {
          const { target, userEmailAddress } = license
          const isUser = license.targetKind === 'clientUserId'
          const kind = isUser ? userKind : deviceKind
          return {
            kind,
            record: {
              // In the order in which they were stored.
              id: String(stored.findIndex((one) => same(one, license))),
              contentKind: kind,
              userId: isUser ? target : null,
              deviceName: isUser ? null : target,
              userEmailAddress,
            },
          }
        },
        list: (query) => licenses.list(guid(1), '9', query),
        count: (filter) => licenses.count(guid(1), '9', filter),
      }
    })

    test('are walked by who holds them, in the order of quality, kind and target', async () => {
      const { licenses } = await opened()
      const asked = (after: LicensePair | undefined, limit: number) =>
        licenses.listPairs(guid(1), '9', after, limit)
      const walked = await asked(undefined, 99)
      expect(walked).toEqual([
        { ...assignment('9', 'POMSER000001'), pricingParam: 'PLUS' },
        assignment('9', 'POMSER000001'),
        assignment('9', 'POMSER000002'),
        assignment('9', 'u-0001'),
        ...['u-0001', 'u-0002', 'u-0003', 'u-0004'].map((user) => ({
          ...assignment('9', user),
          targetKind: 'clientUserId',
        })),
      ])
      expect(await asked(undefined, 3)).toEqual(walked.slice(0, 3))
      for (const [index, after] of walked.entries())
        expect(await asked(after, 2)).toEqual(walked.slice(index + 1, index + 3))
      expect(await licenses.listPairs(guid(1), '11', undefined, 9)).toEqual([])
    })

    test('are found by who holds them', async () => {
      const { licenses } = await opened()
      for (const { userEmailAddress, ...pair } of stored)
        expect(await licenses.find(guid(1), pair)).toEqual({ ...pair, userEmailAddress })
      for (const absent of [
        assignment('10', 'POMSER000001'),
        assignment('9', 'POMSER000003'),
        { ...assignment('9', 'POMSER000002'), pricingParam: 'PLUS' },
        { ...assignment('9', 'POMSER000002'), targetKind: 'clientUserId' as const },
      ])
        expect(await licenses.find(guid(1), absent)).toBeUndefined()
    })

    test('of another tenant, under a token of the same id, are as good as not there', async () => {
      await opened()
      const { licenses } = fresh().storage.forTenant(orchard).reads
      expect((await licenses.list(guid(1), '9', { limit: 9 })).rows).toEqual([])
      expect(await licenses.count(guid(1), '9')).toBe(0)
      expect(await licenses.listPairs(guid(1), '9', undefined, 9)).toEqual([])
      expect(await licenses.find(guid(1), assignment('9', 'POMSER000002'))).toBeUndefined()
    })
  })
}

function compare(property: string, value: string): Predicate {
  return { kind: 'compare', operand: { property }, comparison: 'eq', value }
}

function same(one: HeldLicense, other: HeldLicense): boolean {
  return (
    one.target === other.target &&
    one.targetKind === other.targetKind &&
    one.pricingParam === other.pricingParam
  )
}
