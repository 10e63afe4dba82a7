import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  appSets,
  bookSets,
  iosAppSets,
  librarySet,
  macOsAppSet,
} from '../../src/graph/entity-sets.ts'
import type { QueriedRows } from '../../src/graph/odata/queried-rows.ts'
import type { Source } from '../../src/model/entity-type.ts'
import { type LibraryItem, libraryItem } from '../../src/model/library-item.ts'
import { type ContentKind, contentKind } from '../../src/model/vpp-content-types.ts'
import { type VppToken, vppToken } from '../../src/model/vpp-token.ts'
import type { ItemValues } from '../../src/ports/library-store.ts'
import { addTenants, harbour, orchard, token } from '../contract/samples.ts'
import { casesFor, databases, type OpenedDatabase } from './databases.ts'
import type { PlainRow } from './evaluate.ts'
import { anyQuery, checkLaw } from './law.ts'
import { anyRecord, guid } from './values.ts'

const tokens = fc
  .sample(anyRecord(vppToken), { numRuns: 4, seed: 5 })
  .map((record, index) => token(guid(1_000 + index), record))

interface OwnedItem {
  readonly owner: VppToken
  readonly item: LibraryItem
}

const items: readonly OwnedItem[] = fc
  .sample(anyRecord(libraryItem), { numRuns: 100, seed: 6 })
  .flatMap((record, index) => {
    const owner = tokens[index % tokens.length]?.record
    if (!owner) return []
    // Numbers that several tokens own; under one token each is there once.
    const adamId = String(100 + Math.floor(index / tokens.length))
    return [{ owner, item: withSources({ ...record, id: guid(index), adamId }, owner) }]
  })
const plain: readonly PlainRow[] = items.map(({ item }) => ({
  record: item,
  kind: item.contentKind,
}))

/** With what a record shows of its token, of itself and of nothing (model/entity-type.ts). */
function withSources(record: Readonly<Record<string, unknown>>, owner: VppToken): LibraryItem {
  const shown = { ...record }
  const properties = Object.entries(libraryItem.properties) as readonly [
    string,
    { source?: Source },
  ][]
  for (const [name, { source }] of properties)
    if (source) shown[name] = valueFrom(source, record, owner)
  return shown as LibraryItem
}

function valueFrom(
  source: Source,
  record: Readonly<Record<string, unknown>>,
  owner: Readonly<Record<string, unknown>>,
): unknown {
  switch (source.kind) {
    case 'token':
      return owner[source.property]
    case 'same':
      return record[source.property]
    case 'fixed':
      return source.value
    case 'apart':
      return null
  }
}

function storedItem(record: LibraryItem): ItemValues {
  return { record, metadataAt: null, metadataFrom: null, iconUrl: null, iconFrom: null }
}

const everyKind = Object.keys(contentKind.members) as readonly ContentKind[]
const apps: readonly ContentKind[] = ['iosVppApp', 'macOsVppApp']
const lists: readonly (readonly [string, QueriedRows, readonly ContentKind[]])[] = [
  ['apps of v1.0', appSets['v1.0'], apps],
  ['apps of beta', appSets.beta, apps],
  ['iOS apps of v1.0', iosAppSets['v1.0'], ['iosVppApp']],
  ['iOS apps of beta', iosAppSets.beta, ['iosVppApp']],
  ['macOS apps of beta', macOsAppSet, ['macOsVppApp']],
  ['books of v1.0', bookSets['v1.0'], ['iosVppEBook']],
  ['books of beta', bookSets.beta, ['iosVppEBook']],
  ["Pomona's own library", librarySet, everyKind],
]

describe.each(databases())('the library on $name', ({ open }) => {
  let opened: OpenedDatabase
  beforeAll(async () => {
    opened = await open()
    const { storage } = opened
    await addTenants(storage)
    await storage.forTenant(harbour).transaction(async (stores) => {
      for (const stored of tokens) {
        await stores.tokens.insert(stored)
        const own = items.filter(({ owner }) => owner === stored.record)
        await stores.library.insert(
          stored.record.id,
          own.map(({ item }) => storedItem(item)),
        )
      }
    })
    await storage.forTenant(orchard).transaction(async (stores) => {
      const stranger = token(guid(2_000))
      await stores.tokens.insert(stranger)
      const own = items
        .slice(0, 3)
        .map(({ item }, index) =>
          withSources({ ...item, id: guid(3_000 + index) }, stranger.record),
        )
      await stores.library.insert(stranger.record.id, own.map(storedItem))
    })
  })
  afterAll(() => opened.remove())

  test('is read as it was stored, with what it shows of its tokens', async () => {
    const { library } = opened.storage.forTenant(harbour).reads
    const { rows } = await library.list(everyKind, { limit: 999 })
    expect(rows.map(({ record }) => record)).toEqual(items.map(({ item }) => item))
  })

  test.each(lists)(
    'is found by any filter and search, in any order, page by page: %s',
    async (_, rows, kinds) => {
      const { library } = opened.storage.forTenant(harbour).reads
      const reads = {
        list: library.list.bind(undefined, kinds),
        count: library.count.bind(undefined, kinds),
      }
      const own = plain.filter(({ kind }) => kinds.some((one) => one === kind))
      await fc.assert(
        fc.asyncProperty(anyQuery(rows), (asked) => checkLaw(asked, rows, own, reads)),
        { numRuns: casesFor(1 / 16) },
      )
    },
    120_000,
  )
})
