import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utc } from '../../src/model/date-time-offset.ts'
import type { StoredItem } from '../../src/model/library-item.ts'
import type { TenantStores } from '../../src/ports/storage.ts'
import { assetRow, onePage, type Script, smallScript } from './scripted-apple.ts'
import { type SyncWorld, worldWithToken } from './sync-world.ts'

const kinds = ['iosVppApp', 'macOsVppApp', 'iosVppEBook'] as const

async function itemsOf({ tenant }: SyncWorld, id: string): Promise<readonly StoredItem[]> {
  return tenant.reads.library.listOfToken(id, undefined, 10_000)
}

/** `<adamId> <kind> <used>/<total>`. */
async function shelf(world: SyncWorld, id: string): Promise<readonly string[]> {
  return (await itemsOf(world, id)).map(
    ({ record }) =>
      `${record.adamId} ${record.contentKind} ${record.usedLicenseCount}/${record.totalLicenseCount}`,
  )
}

async function runAgain(world: SyncWorld, id: string) {
  await world.turnToDue(id)
  return world.run()
}

/** Without a country the store is not asked. */
const unnamed = smallScript({ country: null })

const manyAssets = (count: number, part = {}) =>
  Array.from({ length: count }, (_, n) => assetRow(String(9_000_000_000 + n), part))

describe('the library of a token', () => {
  test('is what its assets come to', async () => {
    const script: Script = {
      ...smallScript(),
      assets: onePage([
        assetRow('3', {
          productType: 'Book',
          pricingParam: 'PLUS',
          totalCount: 4,
          assignedCount: 1,
        }),
        assetRow('1'),
        assetRow('2', { supportedPlatforms: ['iOS', 'macOS'] }),
        assetRow('3', { productType: 'Book', totalCount: 6, assignedCount: 0 }),
      ]),
    }
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect(await shelf(world, id)).toEqual([
      '1 iosVppApp 2/10',
      '2 iosVppApp 2/10',
      '2 macOsVppApp 2/10',
      '3 iosVppEBook 1/10',
    ])
    const items = await itemsOf(world, id)
    expect(new Set(items.map(({ record }) => record.id)).size).toBe(4)
    expect(items[0]).toMatchObject({
      record: {
        displayName: '1',
        createdDateTime: utc('2026-12-01T09:00:00.0010000Z'),
        lastModifiedDateTime: utc('2026-12-01T09:00:00.0010000Z'),
        vppTokenId: id,
        locationId: '7000000000000001',
      },
    })
  })

  test('of which nothing has changed is not written at all', async () => {
    const { world, id } = await worldWithToken({ ...unnamed, assets: onePage(manyAssets(600)) })
    await world.run()
    const before = await itemsOf(world, id)
    const writes = countItemWrites(world)
    await runAgain(world, id)
    expect(writes).toEqual([])
    const after = await itemsOf(world, id)
    expect(after.map(({ record }) => record)).toEqual(before.map(({ record }) => record))
  })

  test('is written in chunks of at most 500, differences only, and ids stay', async () => {
    const script: Script = { ...unnamed, assets: onePage(manyAssets(1_200)) }
    const { world, id } = await worldWithToken(script)
    const writes = countItemWrites(world)
    await world.run()
    expect(writes.filter((write) => write.startsWith('insert'))).toEqual([
      'insert 500',
      'insert 500',
      'insert 200',
    ])
    const idsBefore = (await itemsOf(world, id)).map(({ record }) => record.id)
    writes.length = 0
    const [first, , ...others] = manyAssets(1_203)
    script.assets = onePage([{ ...assetRow('9000000000'), ...first, assignedCount: 9 }, ...others])
    await runAgain(world, id)
    expect(writes.slice(0, 3)).toEqual(['update 1', 'remove 1', 'insert 3'])
    const after = await itemsOf(world, id)
    expect(after.slice(0, 1_199).map(({ record }) => record.id)).toEqual(
      idsBefore.filter((_, place) => place !== 1),
    )
    const [changed, same] = after
    expect(changed?.record).toMatchObject({
      usedLicenseCount: 9,
      createdDateTime: utc('2026-12-01T09:00:00.0010000Z'),
      lastModifiedDateTime: utc('2026-12-01T15:00:00.0010000Z'),
    })
    expect(same?.record.lastModifiedDateTime).toEqual(utc('2026-12-01T09:00:00.0010000Z'))
  })

  test('does not cut an app in two where a chunk ends', async () => {
    const both = { supportedPlatforms: ['iOS', 'macOS'] }
    const assets = onePage([assetRow('1'), ...manyAssets(701, both)])
    const script: Script = { ...unnamed, assets }
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect(await world.tenant.reads.library.count(kinds)).toBe(1_403)
    const writes = countItemWrites(world)
    await runAgain(world, id)
    expect(writes).toEqual([])
    script.assets = onePage([assetRow('1'), ...manyAssets(701)])
    await runAgain(world, id)
    expect(await world.tenant.reads.library.count(kinds)).toBe(702)
    script.assets = assets
    await runAgain(world, id)
    expect(await world.tenant.reads.library.count(kinds)).toBe(1_403)
  })

  test('changes the kind of an item by another one', async () => {
    const script: Script = { ...smallScript(), assets: onePage([assetRow('1')]) }
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.assets = onePage([assetRow('1', { supportedPlatforms: ['macOS'] })])
    await runAgain(world, id)
    expect(await shelf(world, id)).toEqual(['1 macOsVppApp 2/10'])
  })

  test('loses items only after a complete walk', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const [page] = onePage([assetRow('9000000001')])
    script.assets = [page, { reason: 'appleUnavailable', isDefinite: false }]
    expect(await runAgain(world, id)).toBe('failed')
    expect(await shelf(world, id)).toHaveLength(2)
    // Only suspect while the version moves.
    script.assets = [page, { ...page, versionId: 'v2' }]
    expect(await runAgain(world, id)).toBe('completed')
    expect(await shelf(world, id)).toHaveLength(2)
    script.assets = [{ ...page, versionId: 'v3' }]
    expect(await runAgain(world, id)).toBe('completed')
    expect(await shelf(world, id)).toEqual(['9000000001 iosVppApp 2/10'])
  })

  test('is made up for when items are missing though no asset has changed', async () => {
    const { world, id } = await worldWithToken()
    await world.run()
    const [first] = await itemsOf(world, id)
    await world.tenant.transaction(({ library }) => library.remove(id, [first?.record.id ?? '']))
    await runAgain(world, id)
    expect(await shelf(world, id)).toEqual([
      '9000000001 iosVppApp 2/10',
      '9000000002 iosVppApp 0/5',
    ])
  })

  test('counts licences of a quality that nobody knows', async () => {
    const script: Script = smallScript()
    script.assets = onePage([
      assetRow('1'),
      assetRow('1', { pricingParam: 'ULTRA', totalCount: 7 }),
    ])
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect(await shelf(world, id)).toEqual(['1 iosVppApp 4/17'])
    await runAgain(world, id)
    expect(await shelf(world, id)).toEqual(['1 iosVppApp 4/17'])
  })

  test('is not touched by a run that has been overtaken', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    script.assets = [
      ...script.assets,
      () => world.tenant.transaction(({ tokens }) => tokens.raiseFence(id)),
    ]
    expect(await world.run()).toBe('superseded')
    expect(await shelf(world, id)).toEqual([])
  })

  test('is the same after any sequence of walks as after the last one alone', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    const asset = fc.record({
      adamId: fc.constantFrom('1', '2', '3'),
      pricingParam: fc.constantFrom('STDQ', 'PLUS'),
      productType: fc.constantFrom('App', 'Book'),
      assignedCount: fc.nat(3),
      supportedPlatforms: fc.subarray(['iOS', 'macOS'], { minLength: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(asset, { selector: keyOf, maxLength: 6 }), async (rows) => {
        script.assets = onePage(rows.map(({ adamId, ...part }) => assetRow(adamId, part)))
        await runAgain(world, id)
        const kindOf = (row: (typeof rows)[number]) =>
          row.productType === 'Book'
            ? ['iosVppEBook']
            : row.supportedPlatforms.length === 2
              ? ['iosVppApp', 'macOsVppApp']
              : row.supportedPlatforms[0] === 'macOS'
                ? ['macOsVppApp']
                : ['iosVppApp']
        const keys = rows.flatMap((row) => kindOf(row).map((kind) => `${row.adamId} ${kind}`))
        const stored = (await itemsOf(world, id)).map(
          ({ record }) => `${record.adamId} ${record.contentKind}`,
        )
        expect(new Set(stored)).toEqual(new Set(keys))
        expect(new Set(stored).size).toBe(stored.length)
      }),
      { numRuns: 40 },
    )
  })
})

function keyOf({ adamId, pricingParam }: { adamId: string; pricingParam: string }): string {
  return `${adamId} ${pricingParam}`
}

/** Notes each write of items as `<verb> <items>`, at the storage port. */
function countItemWrites(world: SyncWorld): string[] {
  const writes: string[] = []
  const { forTenant } = world.deps.storage
  const counted = (stores: TenantStores): TenantStores => {
    const note =
      (verb: 'insert' | 'update' | 'remove') => (tokenId: string, items: readonly never[]) => {
        writes.push(`${verb} ${items.length}`)
        return stores.library[verb](tokenId, items)
      }
    const library = {
      ...stores.library,
      insert: note('insert'),
      update: note('update'),
      remove: note('remove'),
    }
    return { ...stores, library }
  }
  Object.assign(world.deps.storage, {
    forTenant: (tenantId: string) => {
      const tenant = forTenant(tenantId)
      const transaction = <T>(work: (stores: TenantStores) => Promise<T>) =>
        tenant.transaction((stores) => work(counted(stores)))
      return { ...tenant, transaction }
    },
  })
  return writes
}
