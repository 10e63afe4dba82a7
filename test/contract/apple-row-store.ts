import { describe, expect, test } from 'vitest'
import type { AppleRowReads, AppleRowStore } from '../../src/ports/apple-row-store.ts'
import type { TenantStorage, TenantStores } from '../../src/ports/storage.ts'
import { type Backend, freshStorage } from './backend.ts'
import { rowsInTurnContract } from './rows-in-turn.ts'
import { addTenants, asset, assignment, guid, harbour, orchard, token, user } from './samples.ts'

/** One kind of rows as the suite needs it: three rows, the second changed without its key, and the doors to them. */
interface Kind<Row> {
  readonly name: string
  readonly rows: readonly [Row, Row, Row]
  readonly changed: Row
  reads(reads: TenantStorage['reads']): AppleRowReads<Row>
  store(stores: TenantStores): AppleRowStore<Row>
}

export function appleRowStoreContract(backend: Backend): void {
  rowsContract(backend, {
    name: 'assets',
    rows: [asset('10'), asset('9'), asset('9', { pricingParam: 'PLUS', productType: 'Book' })],
    changed: asset('9', {
      productType: 'Book',
      totalCount: 2_147_483_647,
      availableCount: 0,
      assignedCount: 5,
      retiredCount: 6,
      isUnlimited: true,
      isDeviceAssignable: false,
      isRevocable: false,
      supportedPlatforms: [],
    }),
    reads: ({ assets }) => assets,
    store: ({ assets }) => assets,
  })
  rowsContract(backend, {
    name: 'assignments',
    rows: [
      assignment('10', 'POMSER000001'),
      assignment('9', 'u-0001'),
      { ...assignment('9', 'u-0001'), targetKind: 'clientUserId' },
    ],
    // Every part of an assignment is key: a change of it leaves it as it is.
    changed: assignment('9', 'u-0001'),
    reads: ({ assignments }) => assignments,
    store: ({ assignments }) => assignments,
  })
  rowsContract(backend, {
    name: 'users',
    rows: [
      user('u-0001', { idHash: 'aGFzaA==', email: 'u-0001@harbour.example' }),
      user('u-0002', { status: 'Retired' }),
      user('u-0002', { status: 'Retired', idHash: '' }),
    ],
    changed: user('u-0002', { status: 'Deleted', email: 'u-0002@harbour.example' }),
    reads: ({ users }) => users,
    store: ({ users }) => users,
  })
  rowsInTurnContract(backend)
  licenseTotalsContract(backend)
  countsContract(backend)
}

function rowsContract<Row>(backend: Backend, kind: Kind<Row>): void {
  const { rows, changed } = kind
  const [first, second, third] = rows

  describe(`${kind.name} on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      for (const id of [harbour, orchard])
        await storage.forTenant(id).transaction(async ({ tokens }) => {
          await tokens.insert(token(guid(1)))
          await tokens.insert(token(guid(2)))
        })
      const tenant = storage.forTenant(harbour)
      return {
        reads: kind.reads(tenant.reads),
        within: <T>(work: (store: AppleRowStore<Row>) => Promise<T>) =>
          tenant.transaction((stores) => work(kind.store(stores))),
      }
    }
    const numbered = (numbers: readonly number[]) =>
      rows.map((row, index) => ({ number: numbers[index], row }))

    test('inserted rows are numbered in the order given, and come back whole', async () => {
      const { reads, within } = await opened()
      const numbers = await within((store) => insertAll(store, guid(1), rows))
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1)
      expect(await reads.list(guid(1), 0, 10)).toEqual(numbered(numbers))
    })

    test('lists in the order of numbers, after a number, no more than asked for', async () => {
      const { reads, within } = await opened()
      const numbers = await within((store) => insertAll(store, guid(1), rows))
      expect(await reads.list(guid(1), 0, 2)).toEqual(numbered(numbers).slice(0, 2))
      expect(await reads.list(guid(1), numbers[1] ?? 0, 2)).toEqual(numbered(numbers).slice(2))
      expect(await reads.list(guid(1), numbers[2] ?? 0, 2)).toEqual([])
      expect(await reads.count(guid(1))).toBe(3)
    })

    test('finds the stored row with the same key, and leaves out keys that are not stored', async () => {
      const { within } = await opened()
      const [number] = await within((store) => insertAll(store, guid(1), [second]))
      const found = await within((store) => store.findSame(guid(1), [first, changed, third]))
      expect(found).toEqual([{ number, row: second }])
    })

    test('a row asked for twice is found each time it is asked for or once, never as another row', async () => {
      const { within } = await opened()
      const [number] = await within((store) => insertAll(store, guid(1), [second]))
      const found = await within((store) => store.findSame(guid(1), [second, second]))
      expect(new Set(found.map((row) => row.number))).toEqual(new Set([number]))
    })

    test('finds each row in the order given, one that comes twice both times', async () => {
      const { reads, within } = await opened()
      const [number = 0] = await within((store) => insertAll(store, guid(1), [second]))
      const known = { number, row: second }
      expect(await reads.findEach(guid(1), [first, changed, third, second])).toEqual([
        undefined,
        known,
        undefined,
        known,
      ])
      expect(await reads.findInTurn(guid(1), [first, changed], undefined)).toEqual([
        undefined,
        known,
      ])
      expect(await reads.findInTurn(guid(1), [second], known)).toEqual([known])
      expect(await reads.findEach(guid(2), [second])).toEqual([undefined])
      expect(await reads.findEach(guid(1), [])).toEqual([])
    })

    test('refuses rows one of which is stored already, and stores none of them', async () => {
      const { reads, within } = await opened()
      await within((store) => insertAll(store, guid(1), [second]))
      await expect(
        within((store) => store.insert(guid(1), [first, second, third])),
      ).rejects.toMatchObject({ code: 'conflict' })
      expect(await reads.count(guid(1))).toBe(1)
    })

    test('counts the next rows up to a number, and tells the highest one', async () => {
      const { reads, within } = await opened()
      expect(await reads.countNext(guid(1), 0, 1_000_000, 9)).toEqual({ count: 0, last: 0 })
      expect(await reads.lastNumber(guid(1))).toBe(0)
      const [a = 0, b = 0, c = 0] = await within((store) => insertAll(store, guid(1), rows))
      expect(await reads.countNext(guid(1), 0, c, 9)).toEqual({ count: 3, last: c })
      expect(await reads.countNext(guid(1), 0, c, 2)).toEqual({ count: 2, last: b })
      expect(await reads.countNext(guid(1), a, b, 9)).toEqual({ count: 1, last: b })
      expect(await reads.countNext(guid(1), c, c, 9)).toEqual({ count: 0, last: 0 })
      expect(await reads.lastNumber(guid(1))).toBe(c)
    })

    test('replaces rows by their numbers', async () => {
      const { reads, within } = await opened()
      const [a = 0, b = 0, c = 0] = await within((store) => insertAll(store, guid(1), rows))
      await within((store) => store.update(guid(1), [{ number: b, row: changed }]))
      expect(await reads.list(guid(1), 0, 10)).toEqual([
        { number: a, row: first },
        { number: b, row: changed },
        { number: c, row: third },
      ])
    })

    test('removes rows by their numbers; a number that is gone already does no harm', async () => {
      const { reads, within } = await opened()
      const [a = 0, b = 0, c = 0] = await within((store) => insertAll(store, guid(1), rows))
      await within((store) => store.remove(guid(1), [a, c]))
      await within((store) => store.remove(guid(1), [a]))
      expect(await reads.list(guid(1), 0, 10)).toEqual([{ number: b, row: second }])
    })

    test('never gives the number of a removed row to another', async () => {
      const { within } = await opened()
      const numbers = await within((store) => insertAll(store, guid(1), rows))
      await within((store) => store.remove(guid(1), numbers))
      const later = await within((store) => insertAll(store, guid(1), rows))
      expect(Math.min(...later)).toBeGreaterThan(Math.max(...numbers))
    })

    test('nothing to insert, find, change or remove is no trouble', async () => {
      const { within } = await opened()
      const answers = await within(async (store) => [
        await store.insert(guid(1), []),
        await store.findSame(guid(1), []),
        await store.update(guid(1), []),
        await store.remove(guid(1), []),
      ])
      expect(answers).toEqual([undefined, [], undefined, undefined])
    })

    test('the same key a second time under one token is a conflict', async () => {
      const { within } = await opened()
      await within((store) => insertAll(store, guid(1), rows))
      await expect(within((store) => insertAll(store, guid(1), [third]))).rejects.toMatchObject({
        code: 'conflict',
      })
    })

    test('rows of another token of the tenant stay out of sight and out of reach', async () => {
      const { reads, within } = await opened()
      const [number = 0] = await within((store) => insertAll(store, guid(2), [second]))
      expect(await reads.list(guid(1), 0, 10)).toEqual([])
      expect(await reads.count(guid(1))).toBe(0)
      await within(async (store) => {
        expect(await store.findSame(guid(1), [second])).toEqual([])
        await store.remove(guid(1), [number])
      })
      await expect(
        within((store) => store.update(guid(1), [{ number, row: changed }])),
      ).rejects.toMatchObject({ code: 'notFound' })
      expect(await reads.list(guid(2), 0, 10)).toEqual([{ number, row: second }])
    })

    test('rows of another tenant, under a token of the same id, stay out of sight and out of reach', async () => {
      const { reads, within } = await opened()
      const others = fresh().storage.forTenant(orchard)
      const [number = 0] = await others.transaction((stores) =>
        insertAll(kind.store(stores), guid(1), [second]),
      )
      expect(await reads.list(guid(1), 0, 10)).toEqual([])
      expect(await reads.count(guid(1))).toBe(0)
      await within(async (store) => {
        expect(await store.findSame(guid(1), [second])).toEqual([])
        await store.remove(guid(1), [number])
        await store.insert(guid(1), [second])
      })
      await expect(
        within((store) => store.update(guid(1), [{ number, row: changed }])),
      ).rejects.toMatchObject({ code: 'notFound' })
      expect(await kind.reads(others.reads).list(guid(1), 0, 10)).toEqual([{ number, row: second }])
    })

    test('a token that is not there has no rows and takes none', async () => {
      const { reads, within } = await opened()
      expect(await reads.list(guid(9), 0, 10)).toEqual([])
      expect(await reads.count(guid(9))).toBe(0)
      await expect(within((store) => insertAll(store, guid(9), rows))).rejects.toMatchObject({
        code: 'notFound',
      })
    })
  })
}

function countsContract(backend: Backend): void {
  describe(`assignments and users by their owners on ${backend.name}`, () => {
    const fresh = freshStorage(backend)

    test('counts the assignments of each asset in a range of adamIds, and lists those of one', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const tenant = storage.forTenant(harbour)
      const plus = { ...assignment('10', 'A'), pricingParam: 'PLUS' }
      await tenant.transaction(async ({ tokens, assignments }) => {
        await tokens.insert(token(guid(1)))
        await tokens.insert(token(guid(2)))
        await assignments.insert(guid(2), [assignment('10', 'Z')])
        // More of them than travel in one part, and then some that differ in everything.
        const many = Array.from({ length: 60 }, (_, index) => assignment('10', `S${index}`))
        await assignments.insert(guid(1), [
          ...many,
          plus,
          assignment('11', 'A'),
          assignment('9', 'A'),
        ])
      })
      const { assignments } = tenant.reads
      const counts = async (after: string, until: string | null) =>
        (await assignments.counts(guid(1), after, until))
          .map(({ adamId, pricingParam, count }) => `${adamId} ${pricingParam} ${count}`)
          .sort()
      expect(await counts('', null)).toEqual(['10 PLUS 1', '10 STDQ 60', '11 STDQ 1', '9 STDQ 1'])
      expect(await counts('', '10')).toEqual(['10 PLUS 1', '10 STDQ 60'])
      expect(await counts('10', '9')).toEqual(['11 STDQ 1', '9 STDQ 1'])
      const listed = await assignments.listOfAsset(guid(1), plus, 0, 9)
      expect(listed.map(({ row }) => row)).toEqual([plus])
      expect(await assignments.listOfAsset(guid(1), plus, listed[0]?.number ?? 0, 9)).toEqual([])
    })

    test('lists every row of some users', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const tenant = storage.forTenant(harbour)
      const rows = [user('a'), user('b'), user('b', { status: 'Retired', idHash: 'h' }), user('c')]
      await tenant.transaction(async ({ tokens, users }) => {
        await tokens.insert(token(guid(1)))
        await users.insert(guid(1), rows)
      })
      const found = await tenant.reads.users.listOfUsers(guid(1), ['b', 'x', 'b'])
      expect(found.map(({ row }) => row).sort((one) => (one.idHash === null ? -1 : 1))).toEqual(
        rows.slice(1, 3),
      )
      expect(await tenant.reads.users.listOfUsers(guid(1), [])).toEqual([])
    })
  })
}

/** Answers their numbers, in the order in which they are counted up. */
async function insertAll<Row>(
  store: AppleRowStore<Row>,
  tokenId: string,
  rows: readonly Row[],
): Promise<readonly number[]> {
  const before = await store.lastNumber(tokenId)
  await store.insert(tokenId, rows)
  return (await store.list(tokenId, before, rows.length)).map(({ number }) => number)
}

function licenseTotalsContract(backend: Backend): void {
  describe(`licence totals on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const totalsOf = async (...assets: readonly ReturnType<typeof asset>[]) => {
      const { storage } = fresh()
      await addTenants(storage)
      const tenant = storage.forTenant(harbour)
      return tenant.transaction(async (stores) => {
        await stores.tokens.insert(token(guid(1)))
        await stores.tokens.insert(token(guid(2)))
        await stores.assets.insert(guid(1), assets)
        await stores.assets.insert(guid(2), [asset('404')])
        return stores.assets.totals(guid(1))
      })
    }

    test('sums the assets of one token and counts a book in two qualities once', async () => {
      const totals = await totalsOf(
        asset('1', { totalCount: 10, assignedCount: 2 }),
        asset('2', { totalCount: 5, assignedCount: 0 }),
        asset('2', { pricingParam: 'PLUS', totalCount: 4, assignedCount: 1 }),
      )
      expect(totals).toEqual({ appCount: 2, total: 19, used: 3 })
    })

    test('goes beyond 32 bit', async () => {
      const many = { totalCount: 2_147_483_646, assignedCount: 2_147_483_646 }
      expect(await totalsOf(asset('1', many), asset('2', many))).toEqual({
        appCount: 2,
        total: 4_294_967_292,
        used: 4_294_967_292,
      })
    })

    test('one unlimited asset makes the total unlimited (Apple 9.3)', async () => {
      const unlimited = { isUnlimited: true, totalCount: 2_147_483_647, assignedCount: 1 }
      expect(await totalsOf(asset('1'), asset('2', unlimited))).toEqual({
        appCount: 2,
        total: 2_147_483_647,
        used: 3,
      })
    })

    test('are zero without assets, and for a token of another tenant', async () => {
      expect(await totalsOf()).toEqual({ appCount: 0, total: 0, used: 0 })
      const foreign = fresh().storage.forTenant(orchard).reads.assets
      expect(await foreign.totals(guid(2))).toEqual({ appCount: 0, total: 0, used: 0 })
    })
  })
}
