import { describe, expect, test } from 'vitest'
import type { DateTimeOffset } from '../../src/model/date-time-offset.ts'
import type { Property } from '../../src/model/entity-type.ts'
import type { TenantId } from '../../src/model/ids.ts'
import { type LibraryItem, libraryItem } from '../../src/model/library-item.ts'
import type { Comparable, Predicate } from '../../src/model/list-query.ts'
import type { ContentKind } from '../../src/model/vpp-content-types.ts'
import type { ItemValues, LibraryStore } from '../../src/ports/library-store.ts'
import { type Backend, freshStorage } from './backend.ts'
import {
  addTenants,
  at,
  guid,
  harbour,
  item,
  itemWithEveryValue,
  orchard,
  recordWithEveryValue,
  token,
} from './samples.ts'

const everyKind: readonly ContentKind[] = ['iosVppApp', 'macOsVppApp', 'iosVppEBook']
const icon = { type: 'image/png', value: 'aWNvbg==' }

export function libraryStoreContract(backend: Backend): void {
  describe(`apps and books on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    /** Two tokens of the harbour, the second with every value, and what one of them has in its library. */
    const opened = async (items: readonly ItemValues[] = [], tokenId = guid(2)) => {
      const { storage } = fresh()
      await addTenants(storage)
      const { reads, transaction } = storage.forTenant(harbour)
      await transaction(async ({ tokens, library }) => {
        await tokens.insert(token(guid(1)))
        await tokens.insert(token(guid(2), recordWithEveryValue(guid(2))))
        await library.insert(tokenId, items)
      })
      const within = <T>(work: (library: LibraryStore) => Promise<T>) =>
        transaction(({ library }) => work(library))
      const ids = async (kinds = everyKind, filter?: Predicate) => {
        const { rows } = await reads.library.list(kinds, { limit: 99, ...(filter && { filter }) })
        return rows.map(({ record }) => record.id)
      }
      return { reads: reads.library, within, transaction, ids }
    }

    test('every declared property is stored and read back, or shown from where it is declared to come from', async () => {
      const whole: ItemValues = {
        record: itemWithEveryValue(guid(10)),
        metadataAt: at(5),
        metadataFrom: 'enterprisestore de',
        iconUrl: 'https://icons.example/1',
        iconFrom: 'https://icons.example/0',
      }
      const { reads, within } = await opened([whole])
      const stored = { ...whole, record: shown(whole.record), version: 2 }
      expect(await reads.find(guid(10))).toEqual(stored)
      const kinds = [whole.record.contentKind]
      expect((await reads.list(kinds, { limit: 9 })).rows).toEqual([stored])
      expect(await reads.listOfToken(guid(2), undefined, 9)).toEqual([stored])
      expect(await within((library) => library.find(guid(10)))).toEqual(stored)
    })

    test('initial values, nulls among them, are stored and read back', async () => {
      const { reads } = await opened([item(guid(10))], guid(1))
      const { record } = item(guid(10))
      expect(await reads.find(guid(10))).toMatchObject({
        record: { ...record, vppTokenId: guid(1), uploadState: 1 },
        metadataAt: null,
        version: 2,
      })
    })

    test('is found by each declared property that has one value at a time, and by no other value', async () => {
      const whole = { ...item(guid(10)), record: itemWithEveryValue(guid(10)) }
      const { reads, ids } = await opened([whole])
      const found = (await reads.find(guid(10)))?.record
      for (const name of comparableProperties()) {
        const value = found?.[name]
        const compared = isDate(value) ? value.instant : (value as Comparable)
        const filtered = (comparison: 'eq' | 'ne') =>
          ids(everyKind, {
            kind: 'compare',
            operand: { property: name },
            comparison,
            value: compared,
          })
        expect([name, await filtered('eq')]).toEqual([name, [guid(10)]])
        expect([name, await filtered('ne')]).toEqual([name, []])
      }
    })

    test('lists items of the kinds asked for, over all tokens, in the order of ids', async () => {
      const { within, reads, ids } = await opened([
        item(guid(13), { contentKind: 'macOsVppApp' }),
        item(guid(11), { contentKind: 'iosVppEBook' }),
      ])
      await within((library) => library.insert(guid(1), [item(guid(12)), item(guid(10))]))
      expect(await ids()).toEqual([10, 11, 12, 13].map(guid))
      expect(await ids(['iosVppApp', 'macOsVppApp'])).toEqual([10, 12, 13].map(guid))
      expect(await ids(['iosVppEBook'])).toEqual([guid(11)])
      expect(await ids([])).toEqual([])
      expect(await reads.count(['iosVppApp'])).toBe(2)
      expect(await reads.count([])).toBe(0)
      const first = await reads.list(everyKind, { limit: 3 })
      expect(first.next).toBe(guid(12))
      const second = await reads.list(everyKind, { limit: 3, after: first.next ?? '' })
      expect(second.rows.map(({ record }) => record.id)).toEqual([guid(13)])
    })

    test('items of one token are listed by adamId, then kind, after a key', async () => {
      const { reads, within } = await opened([
        item(guid(10), { adamId: '9', contentKind: 'macOsVppApp' }),
        item(guid(11), { adamId: '9', contentKind: 'iosVppApp' }),
        item(guid(12), { adamId: '10', contentKind: 'iosVppEBook' }),
      ])
      await within((library) => library.insert(guid(1), [item(guid(13), { adamId: '9' })]))
      const ids = async (...asked: Parameters<typeof reads.listOfToken>) =>
        (await reads.listOfToken(...asked)).map(({ record }) => record.id)
      expect(await ids(guid(2), undefined, 9)).toEqual([12, 11, 10].map(guid))
      expect(await ids(guid(2), undefined, 2)).toEqual([12, 11].map(guid))
      const key = { adamId: '9', contentKind: 'iosVppApp' } as const
      expect(await ids(guid(2), key, 9)).toEqual([guid(10)])
      expect(await ids(guid(9), undefined, 9)).toEqual([])
    })

    test('an update replaces the stored values by id and counts the version up', async () => {
      const { reads, within } = await opened([item(guid(10)), item(guid(11))])
      const changed: ItemValues = {
        ...item(guid(10)),
        record: itemWithEveryValue(guid(10)),
        metadataAt: at(7),
      }
      await within((library) => library.update(guid(2), [changed]))
      expect(await reads.find(guid(10))).toEqual({
        ...changed,
        record: shown(changed.record),
        version: 3,
      })
      expect(await reads.find(guid(11))).toMatchObject({ version: 2 })
    })

    test('a change of the token shows in its items and counts as their change', async () => {
      const { reads, transaction } = await opened([item(guid(10))])
      await transaction(async ({ tokens }) => {
        const stored = await tokens.get(guid(2))
        await tokens.update({ ...stored, record: { ...stored.record, appleId: 'new@example.com' } })
      })
      expect(await reads.find(guid(10))).toMatchObject({
        record: { vppTokenAppleId: 'new@example.com' },
        version: 3,
      })
    })

    test('pictures show with a single item, not in lists, and stay when the item is updated', async () => {
      const { reads, within } = await opened([item(guid(10))])
      await within((library) => library.putIcon(guid(2), guid(10), icon))
      await within((library) => library.update(guid(2), [item(guid(10))]))
      expect(await reads.find(guid(10))).toMatchObject({ record: { largeIcon: icon }, version: 4 })
      const [listed] = (await reads.list(everyKind, { limit: 1 })).rows
      expect(listed?.record.largeIcon).toBeNull()
      expect((await reads.listOfToken(guid(2), undefined, 1))[0]?.record.largeIcon).toBeNull()
    })

    test('a picture is replaced, removed by null, and nothing happens for an item that is gone', async () => {
      const { reads, within } = await opened([item(guid(10))])
      const iconOf = async (id: string) => (await reads.find(id))?.record.largeIcon
      const other = { type: 'image/jpeg', value: 'b3RoZXI=' }
      await within((library) => library.putIcon(guid(2), guid(10), icon))
      await within((library) => library.putIcon(guid(2), guid(10), other))
      expect(await iconOf(guid(10))).toEqual(other)
      await within((library) => library.putIcon(guid(2), guid(10), null))
      expect(await iconOf(guid(10))).toBeNull()
      await within((library) => library.putIcon(guid(2), guid(99), icon))
      await within((library) => library.remove(guid(2), [guid(10), guid(99)]))
      await within((library) => library.insert(guid(2), [item(guid(10))]))
      expect(await iconOf(guid(10))).toBeNull()
    })

    test('the picture of a removed item goes with it', async () => {
      const { reads, within, ids } = await opened([item(guid(10)), item(guid(11))])
      await within((library) => library.putIcon(guid(2), guid(10), icon))
      await within((library) => library.remove(guid(2), [guid(10)]))
      expect(await ids()).toEqual([guid(11)])
      await within((library) => library.insert(guid(2), [item(guid(10))]))
      expect((await reads.find(guid(10)))?.record.largeIcon).toBeNull()
    })

    test('the same key a second time under one token is a conflict, as is the same id', async () => {
      const { within, ids } = await opened([item(guid(10), { adamId: '1' })])
      const insert = (tokenId: string, one: ItemValues) =>
        within((library) => library.insert(tokenId, [one]))
      const conflict = { code: 'conflict' }
      await expect(insert(guid(2), item(guid(11), { adamId: '1' }))).rejects.toMatchObject(conflict)
      await expect(insert(guid(1), item(guid(10), { adamId: '2' }))).rejects.toMatchObject(conflict)
      await insert(guid(2), item(guid(12), { adamId: '1', contentKind: 'macOsVppApp' }))
      await insert(guid(1), item(guid(13), { adamId: '1' }))
      expect(await ids()).toEqual([10, 12, 13].map(guid))
    })

    test('what is not there: no token takes no items, no item is changed, and removing does no harm', async () => {
      const { within, reads } = await opened()
      const notFound = { code: 'notFound' }
      await expect(
        within((library) => library.insert(guid(9), [item(guid(10))])),
      ).rejects.toMatchObject(notFound)
      await expect(
        within((library) => library.update(guid(2), [item(guid(10))])),
      ).rejects.toMatchObject(notFound)
      await within((library) => library.remove(guid(2), [guid(10)]))
      await within((library) => library.insert(guid(9), []))
      await within((library) => library.update(guid(2), []))
      expect(await reads.find(guid(10))).toBeUndefined()
    })

    test('items of another token of the tenant are out of reach of a change', async () => {
      const { within, reads } = await opened([item(guid(10))])
      await expect(
        within((library) => library.update(guid(1), [item(guid(10), { displayName: 'x' })])),
      ).rejects.toMatchObject({ code: 'notFound' })
      await within((library) => library.remove(guid(1), [guid(10)]))
      await within((library) => library.putIcon(guid(1), guid(10), icon))
      expect(await reads.find(guid(10))).toMatchObject({
        record: { displayName: null, largeIcon: null },
        version: 2,
      })
    })

    test('items of another tenant, under a token of the same id, are as good as not there', async () => {
      const { reads, within, ids } = await opened()
      const others = fresh().storage.forTenant(orchard)
      await others.transaction(async ({ tokens, library }) => {
        await tokens.insert(token(guid(2)))
        await library.insert(guid(2), [item(guid(10), { bundleId: 'com.example.a' })])
      })
      expect(await ids()).toEqual([])
      expect(await reads.count(everyKind)).toBe(0)
      expect(await reads.find(guid(10))).toBeUndefined()
      expect(await reads.listOfToken(guid(2), undefined, 9)).toEqual([])
      expect((await reads.summaries('com.example.a', { limit: 9 })).rows).toEqual([])
      expect(await reads.countSummaries('com.example.a')).toBe(0)
      await within(async (library) => {
        await library.remove(guid(2), [guid(10)])
        await library.putIcon(guid(2), guid(10), icon)
      })
      await expect(
        within((library) => library.update(guid(2), [item(guid(10))])),
      ).rejects.toMatchObject({ code: 'notFound' })
      await within((library) => library.insert(guid(2), [item(guid(10))]))
      expect(await others.reads.library.find(guid(10))).toMatchObject({
        record: { bundleId: 'com.example.a', largeIcon: null },
        version: 2,
      })
    })

    test.each<[string, (tenant: TenantId) => Promise<unknown>]>([
      [
        'token',
        (id) =>
          fresh()
            .storage.forTenant(id)
            .transaction(({ tokens }) => tokens.remove(guid(2))),
      ],
      ['tenant', (id) => fresh().storage.instance.transaction(({ tenants }) => tenants.remove(id))],
    ])('items of a removed %s are gone at once', async (_, remove) => {
      const { reads, ids } = await opened([item(guid(10), { bundleId: 'com.example.a' })])
      await remove(harbour)
      expect(await ids()).toEqual([])
      expect(await reads.count(everyKind)).toBe(0)
      expect(await reads.find(guid(10))).toBeUndefined()
      expect(await reads.countSummaries('com.example.a')).toBe(0)
      expect(await reads.listOfToken(guid(2), undefined, 9)).toEqual([])
    })
  })
}

function comparableProperties(): readonly (keyof LibraryItem)[] {
  return Object.entries<Property>(libraryItem.properties)
    .filter(
      ([, { shape, isOpaque }]) =>
        shape.kind !== 'complex' && shape.kind !== 'collection' && !isOpaque,
    )
    .map(([name]) => name as keyof LibraryItem)
}

function isDate(value: unknown): value is DateTimeOffset {
  return typeof value === 'object' && value !== null && 'instant' in value
}

/** What a record with every value shows under a token with every value. */
function shown(record: LibraryItem): LibraryItem {
  const ofToken: Readonly<Record<string, unknown>> = { ...recordWithEveryValue(guid(2)) }
  const values = Object.entries<Property>(libraryItem.properties).map(([name, { source }]) => {
    switch (source?.kind) {
      case 'token':
        return [name, ofToken[source.property]]
      case 'same':
        return [name, record[source.property as keyof LibraryItem]]
      case 'fixed':
        return [name, source.value]
      case 'apart':
        return [name, null]
      default:
        return [name, record[name as keyof LibraryItem]]
    }
  })
  return Object.fromEntries(values) as LibraryItem
}
