import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utc } from '../../src/model/date-time-offset.ts'
import type { Comparison, ListQuery, Predicate } from '../../src/model/list-query.ts'
import type { StoredToken } from '../../src/model/stored-token.ts'
import { type VppToken, vppToken } from '../../src/model/vpp-token.ts'
import type { AskedProperty } from './any-query.ts'
import { anyOrder } from './any-query.ts'
import { type Backend, freshStorage } from './backend.ts'
import { allRows, listQueriesContract } from './list-queries.ts'
import { addTenants, at, guid, harbour, orchard, recordWithEveryValue, token } from './samples.ts'

const names = [null, '', 'Apple', 'apple', 'APPLE É', 'pear é', '😀 %_', '\uff21'] as const
const states = ['valid', 'expired', 'invalid', 'duplicateLocationId'] as const

/** Few values for many rows, so that many are equal in some way and every comparison has something on both sides. */
const tokens: readonly StoredToken[] = Array.from({ length: 24 }, (_, index) => {
  const pick = <T>(values: readonly T[], every: number) =>
    values[Math.floor(index / every) % values.length] as T
  const instant = `${at(index % 3).slice(0, 20)}000000${index % 2}Z`
  return token(guid(index + 1), {
    displayName: pick(names, 1),
    organizationName: pick([null, 'Apple', 'Ärger', 'apple'], 2),
    state: pick(states, 3),
    automaticallyUpdateApps: index % 5 === 0,
    lastAppCount: index % 4,
    totalLicenseCount: pick([0, 5_000_000_000, 2], 2),
    expirationDateTime: { instant, offsetMinutes: 60 * (index % 3) },
  })
})

const asked: readonly AskedProperty[] = [
  { property: 'displayName', kind: 'text', values: [...names, 'absent'] },
  { property: 'organizationName', kind: 'text', values: ['Apple', 'apple', 'b'] },
  { property: 'state', kind: 'member', values: [...states, 'unknown'] },
  { property: 'automaticallyUpdateApps', kind: 'flag', values: [true, false] },
  { property: 'lastAppCount', kind: 'number', values: [-1, 0, 1, 1.5, 3, 1e300] },
  { property: 'totalLicenseCount', kind: 'number', values: [2, 5_000_000_000, 0.5] },
  {
    property: 'expirationDateTime',
    kind: 'date',
    values: [at(1), `${at(2).slice(0, 20)}0000001Z`],
  },
  { property: 'id', kind: 'text', values: [guid(3), guid(20), ''] },
]

export function tokenQueriesContract(backend: Backend): void {
  describe(`queries for tokens on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async (stored: readonly StoredToken[] = tokens) => {
      const { storage } = fresh()
      await addTenants(storage)
      const tenant = storage.forTenant(harbour)
      await tenant.transaction(async (stores) => {
        for (const one of stored) await stores.tokens.insert(one)
      })
      return tenant
    }
    const numbersOf = (rows: readonly StoredToken[]) =>
      rows.map(({ record }) => Number(record.id.slice(-12)))

    listQueriesContract('tokens', async () => {
      const { reads } = await opened()
      return {
        asked,
        rows: tokens,
        plain: ({ record }) => ({ record }),
        list: (query) => reads.tokens.list(query),
        count: (filter) => reads.tokens.count(filter),
      }
    })

    test('every declared property that has one value at a time is found by that value and by no other', async () => {
      const full = recordWithEveryValue(guid(1))
      const { reads } = await opened([token(guid(1), full), token(guid(2))])
      const found: string[] = []
      for (const [property, { shape, ...declared }] of Object.entries(vppToken.properties)) {
        if ('secret' in declared || shape.kind === 'collection' || shape.kind === 'complex')
          continue
        const value = full[property as keyof VppToken]
        const comparable =
          typeof value === 'object' && value && 'instant' in value ? value.instant : value
        const filter = {
          kind: 'compare',
          operand: { property },
          comparison: 'eq',
          value: comparable as string,
        } as const
        const page = await reads.tokens.list({ limit: 9, filter })
        if (numbersOf(page.rows).join() === '1') found.push(property)
      }
      expect(found).toEqual(
        Object.entries(vppToken.properties)
          .filter(([, { shape }]) => shape.kind !== 'collection' && shape.kind !== 'complex')
          .map(([property]) => property)
          .filter((property) => property !== 'token'),
      )
    })

    test.each<[Comparison, string, readonly number[]]>([
      ['eq', 'null equals null', [1, 2]],
      ['ne', 'null is unequal to everything else', [3]],
      ['gt', 'nothing is greater', []],
      ['ge', 'null is as great', [1, 2]],
      ['lt', 'nothing is less', []],
      ['le', 'null is no greater', [1, 2]],
    ])('%s null: %s (OData 4)', async (comparison, _, found) => {
      const { reads } = await opened([
        token(guid(1)),
        token(guid(2)),
        token(guid(3), { displayName: '' }),
      ])
      const operand = { property: 'displayName' }
      const filter = { kind: 'compare', operand, comparison, value: null } as const
      expect(numbersOf((await reads.tokens.list({ limit: 9, filter })).rows)).toEqual(found)
    })

    test('dates compare as instants, whatever offset they were written in', async () => {
      const { reads } = await opened([
        token(guid(1), { expirationDateTime: { instant: at(5), offsetMinutes: -480 } }),
        token(guid(2), { expirationDateTime: utc(at(4)) }),
      ])
      const later = {
        kind: 'compare',
        operand: { property: 'expirationDateTime' },
        comparison: 'ge',
        value: at(5),
      } as const
      const { rows } = await reads.tokens.list({ limit: 9, filter: later })
      expect(numbersOf(rows)).toEqual([1])
    })

    test('pages in any order stay whole and without repeats while other rows come and go', async () => {
      const tenant = await opened()
      const added = tokens.map(({ record }, index) =>
        token(guid(100 + index), { ...record, id: guid(100 + index) }),
      )
      const some = fc.array(fc.integer({ min: 0, max: 23 }), { maxLength: 4 })
      const moves = fc.array(fc.record({ come: some, go: some }), { minLength: 1, maxLength: 6 })
      await fc.assert(
        fc.asyncProperty(anyOrder(asked), moves, async (orderBy, moves) => {
          await tenant.transaction(async (stores) => {
            for (const { record } of added)
              if (await stores.tokens.find(record.id)) await stores.tokens.remove(record.id)
          })
          const seen: StoredToken[] = []
          const query: ListQuery = { limit: 3, orderBy }
          let page = await tenant.reads.tokens.list(query)
          for (let move = 0; ; move += 1) {
            seen.push(...page.rows)
            if (page.next === undefined) break
            const { come, go } = moves[move % moves.length] ?? { come: [], go: [] }
            await tenant.transaction(async (stores) => {
              for (const index of come) {
                const one = added[index]
                if (one && !(await stores.tokens.find(one.record.id)))
                  await stores.tokens.insert(one)
              }
              // The row that the next page is to follow goes as well.
              for (const { record } of [
                ...go.map((index) => added[index]),
                page.rows.at(-1),
              ].flatMap((one) => one ?? []))
                if (numberOf(record) >= 100 && (await stores.tokens.find(record.id)))
                  await stores.tokens.remove(record.id)
            })
            page = await tenant.reads.tokens.list({ ...query, after: page.next })
          }
          const ids = seen.map(({ record }) => record.id)
          expect(new Set(ids).size).toBe(ids.length)
          const stayed = seen.filter(({ record }) => numberOf(record) < 100)
          const inOrder = await allRows((asked) => tenant.reads.tokens.list(asked), {
            limit: 50,
            orderBy,
            filter: below100,
          })
          expect(numbersOf(stayed)).toEqual(numbersOf(inOrder))
          expect(stayed).toHaveLength(24)
        }),
        { numRuns: 40 },
      )
    })

    test('a page can follow any row of a page, not only its last', async () => {
      const { reads } = await opened()
      const query = {
        limit: 10,
        orderBy: [{ operand: { property: 'displayName' }, isDescending: true }],
      }
      const page = await reads.tokens.list(query)
      for (let index = 0; index < 10; index += 1) {
        const next = await reads.tokens.list({
          ...query,
          limit: 1,
          after: page.positionAfter(index),
        })
        const following = index < 9 ? page.rows[index + 1] : undefined
        if (following) expect(next.rows).toEqual([following])
      }
      expect(() => page.positionAfter(10)).toThrow(expect.objectContaining({ code: 'internal' }))
    })

    test('skip counts from the start, and no more once a page follows another', async () => {
      const { reads } = await opened()
      const first = await reads.tokens.list({ limit: 2, skip: 3 })
      expect(numbersOf(first.rows)).toEqual([4, 5])
      const second = await reads.tokens.list({ limit: 2, skip: 3, after: first.next ?? '' })
      expect(numbersOf(second.rows)).toEqual([6, 7])
      expect((await reads.tokens.list({ limit: 2, skip: 99 })).rows).toEqual([])
    })

    const byName = [{ operand: { property: 'displayName' }, isDescending: false }]
    const byStateThenFlag = [
      { operand: { property: 'state' }, isDescending: false, ranks: { valid: 1 } },
      { operand: { property: 'automaticallyUpdateApps' }, isDescending: true },
    ]
    const byDate = [{ operand: { property: 'expirationDateTime' }, isDescending: false }]
    test.each<[string, ListQuery['orderBy'], string]>([
      ['anything but an id, in the order of ids', undefined, 'x'],
      ['nothing', undefined, ''],
      ['the position of another order', undefined, JSON.stringify(['Apple', guid(1)])],
      ['a plain id in another order', byName, guid(1)],
      ['JSON that is no list', byName, '{"0":"Apple"}'],
      ['too few values', byName, JSON.stringify([guid(1)])],
      ['too many values', byName, JSON.stringify(['Apple', 'x', guid(1)])],
      ['a number for a text', byName, JSON.stringify([1, guid(1)])],
      ['a list for a text', byName, JSON.stringify([['Apple'], guid(1)])],
      ['a text that nothing can store', byName, JSON.stringify(['\u0000', guid(1)])],
      ['half of a surrogate pair', byName, '["\\ud800","00000000-0000-7000-8000-000000000001"]'],
      ['a key that is no id', byName, JSON.stringify(['Apple', 'x'])],
      ['a key that is null', byName, JSON.stringify(['Apple', null])],
      ['a member for its rank', byStateThenFlag, JSON.stringify(['valid', true, guid(1)])],
      ['a number for a flag', byStateThenFlag, JSON.stringify([1, 1, guid(1)])],
      ['half a rank', byStateThenFlag, JSON.stringify([1.5, true, guid(1)])],
      ['a number for a date', byDate, JSON.stringify([1, guid(1)])],
    ])('a position is refused that is %s', async (_, orderBy, after) => {
      const { reads } = await opened([])
      await expect(
        reads.tokens.list({ limit: 1, after, ...(orderBy && { orderBy }) }),
      ).rejects.toMatchObject({
        code: 'badRequest',
        message: expect.stringContaining('Follow @odata.nextLink exactly'),
      })
    })

    test.each(['\u0000', '\ud800'])(
      'a text that nothing can store is refused: %j',
      async (text) => {
        const { reads } = await opened([])
        const operand = { property: 'displayName' }
        const filters: readonly Predicate[] = [
          { kind: 'compare', operand, comparison: 'eq', value: text },
          { kind: 'in', operand, values: [text] },
          { kind: 'match', operand, match: 'contains', text },
          { kind: 'search', properties: ['displayName'], text },
        ]
        for (const filter of filters)
          await expect(reads.tokens.list({ limit: 1, filter })).rejects.toMatchObject({
            code: 'badRequest',
          })
      },
    )

    test.each<[string, Predicate]>([
      ['what is not declared', compare('nope', 'x')],
      ['the content token', compare('token', 'x')],
      ['a list of values', compare('roleScopeTagIds', '0')],
      ['a flag that is given as text', compare('automaticallyUpdateApps', 'true')],
      [
        'rows of one kind, where there are no kinds',
        {
          kind: 'compare',
          operand: { property: 'displayName', ofKinds: ['iosVppApp'] },
          comparison: 'eq',
          value: 'x',
        },
      ],
    ])('a filter by %s is a defect, and says so', async (_, filter) => {
      const { reads } = await opened([])
      await expect(reads.tokens.list({ limit: 1, filter })).rejects.toMatchObject({
        code: 'internal',
      })
    })

    test('whatever is asked, tokens of another tenant are neither listed nor counted', async () => {
      const { reads } = await opened()
      const { storage } = fresh()
      await storage
        .forTenant(orchard)
        .transaction((stores) => stores.tokens.insert(token(guid(50), { displayName: 'Apple' })))
      const anything: Predicate = { kind: 'or', of: [compare('displayName', 'Apple'), always] }
      const { rows } = await reads.tokens.list({ limit: 99, filter: anything, orderBy: byName })
      expect(rows).toHaveLength(24)
      expect(await reads.tokens.count(anything)).toBe(24)
      expect(await storage.forTenant(orchard).reads.tokens.count(anything)).toBe(1)
    })
  })
}

const always: Predicate = { kind: 'constant', value: true }
const below100: Predicate = {
  kind: 'compare',
  operand: { property: 'id' },
  comparison: 'lt',
  value: guid(100),
}

function compare(property: string, value: string): Predicate {
  return { kind: 'compare', operand: { property }, comparison: 'eq', value }
}

function numberOf({ id }: Pick<VppToken, 'id'>): number {
  return Number(id.slice(-12))
}
