import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Assignment } from '../../src/model/apple-rows.ts'
import type { TenantStores } from '../../src/ports/storage.ts'
import {
  assetRow,
  deviceRow,
  firstVersions,
  onePage,
  type Script,
  smallScript,
  userRow,
  versionOf,
} from './scripted-apple.ts'
import { type SyncWorld, worldWithToken } from './sync-world.ts'

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => deviceRow(`S${String(i).padStart(5, '0')}`))

/** Two pages between which Apple's version moves. */
const movingPages = (rows: readonly Assignment[]) => [
  { rows, versionId: 'v1' },
  { rows: [], versionId: 'v2' },
]

async function runAgain(world: SyncWorld, id: string) {
  await world.turnToDue(id)
  return world.run()
}

describe('a walk', () => {
  test('finds a repeated page and a row that comes twice harmless', async () => {
    const [page] = onePage([deviceRow('A'), deviceRow('A'), deviceRow('B')])
    const { world, id } = await worldWithToken({ ...smallScript(), assignments: [page, page] })
    await world.run()
    expect(await world.targetsOf(id)).toEqual(['A', 'B'])
  })

  test('that is the first one and begins again finds its rows stored already', async () => {
    const [first] = onePage([deviceRow('A'), deviceRow('B')])
    const [again] = onePage([deviceRow('B'), deviceRow('C'), deviceRow('A')])
    const assignments = [first, again, { ...again, isFirst: true as const }]
    const { world, id } = await worldWithToken({ ...smallScript(), assignments })
    await world.run()
    expect(await world.targetsOf(id)).toEqual(['A', 'B', 'C'])
    expect((await world.lastRun(id)).figures.rowsAdded).toBe(2 + 3 + 1)
  })

  test('finds an empty page in the middle no end', async () => {
    const assignments = [
      ...onePage([deviceRow('A')]),
      ...onePage<Assignment>([]),
      ...onePage([deviceRow('B')]),
    ]
    const { world, id } = await worldWithToken({ ...smallScript(), assignments })
    await world.run()
    expect(await world.targetsOf(id)).toEqual(['A', 'B'])
  })

  test('that finds nothing changed writes not one row', async () => {
    const { world, id } = await worldWithToken({
      ...smallScript(),
      assignments: onePage(many(1_200)),
    })
    await world.run()
    const writes = countRowWrites(world)
    await runAgain(world, id)
    expect(writes).toEqual([])
    expect((await world.lastRun(id)).figures).toMatchObject({
      rowsAdded: 0,
      rowsChanged: 0,
      rowsRemoved: 0,
      rowsSuspect: 0,
    })
  })

  test('writes differences only, at most 500 rows at once', async () => {
    const script = { ...smallScript(), assignments: onePage(many(1_200)) }
    const { world, id } = await worldWithToken(script)
    const writes = countRowWrites(world)
    await world.run()
    expect(writes).toEqual(['insert 2', 'insert 500', 'insert 500', 'insert 200', 'insert 1'])
    writes.length = 0
    script.assets = onePage([assetRow('9000000001', { assignedCount: 9 }), assetRow('9000000003')])
    script.assignments = onePage(many(1_203).slice(600))
    script.users = onePage([{ ...userRow('u-0001'), status: 'Associated' }])
    await runAgain(world, id)
    expect(writes).toEqual([
      'insert 1',
      'update 1',
      'remove 1',
      'insert 3',
      'remove 500',
      'remove 100',
      'update 1',
    ])
    expect(await world.rowCounts(id)).toEqual([2, 603, 1])
    const { record } = await world.token(id)
    expect(record).toMatchObject({ lastAppCount: 2, totalLicenseCount: 20, usedLicenseCount: 11 })
    expect((await world.lastRun(id)).figures).toMatchObject({
      rowsAdded: 4,
      rowsChanged: 2,
      rowsRemoved: 601,
    })
  })

  test('keeps the version of its first page', async () => {
    const script = { ...smallScript(), assignments: onePage(many(1), 'v7') }
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect((await world.lastRun(id)).versions).toEqual(firstVersions(script))
  })
})

test("whatever Apple's pages say, cut in whatever way, is what is stored afterwards", async () => {
  const script: Script = smallScript()
  const { world, id } = await worldWithToken(script)
  const target = fc.constantFrom(...'ABCDEFGH')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(target), { minLength: 1, maxLength: 4 }), async (pages) => {
      script.assignments = pages.map((targets) => ({
        rows: targets.map((each) => deviceRow(each)),
        versionId: versionOf(pages),
      }))
      await runAgain(world, id)
      expect(await world.targetsOf(id)).toEqual([...new Set(pages.flat())].sort())
    }),
    { numRuns: 50 },
  )
})

describe('rows vanish', () => {
  test('only after a complete walk', async () => {
    const script = {
      ...smallScript(),
      assignments: onePage([deviceRow('A'), deviceRow('B')]),
    } as Script
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.assignments = [
      ...onePage([deviceRow('A')]),
      { reason: 'appleUnavailable', isDefinite: false },
    ]
    expect(await runAgain(world, id)).toBe('failed')
    expect(await world.targetsOf(id)).toEqual(['A', 'B'])
    script.assignments = onePage([deviceRow('A')])
    expect(await runAgain(world, id)).toBe('completed')
    expect(await world.targetsOf(id)).toEqual(['A'])
  })

  test('one by one as Apple confirms it when the version moved and at most 50 are missing', async () => {
    const script: Script = { ...smallScript(), assignments: onePage(many(51)) }
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.assignments = movingPages(many(1))
    script.stillAssigned = [deviceRow('S00007')]
    await runAgain(world, id)
    expect(await world.targetsOf(id)).toEqual(['S00000', 'S00007'])
    expect((await world.lastRun(id)).figures).toMatchObject({ rowsRemoved: 49, rowsSuspect: 0 })
  })

  test('not yet when the version moved and more than 50 are missing: the next run comes sooner', async () => {
    const script: Script = { ...smallScript(), assignments: onePage(many(52)) }
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.assignments = movingPages(many(1))
    const askedBefore = world.apple.asked.length
    await runAgain(world, id)
    expect(world.apple.asked.slice(askedBefore).filter((one) => / assignment /.test(one))).toEqual(
      [],
    )
    expect(await world.rowCounts(id)).toEqual([2, 52, 1])
    expect((await world.lastRun(id)).figures.rowsSuspect).toBe(51)
    const { dueAt } = await world.token(id)
    expect(Date.parse(dueAt) - world.clock.now().getTime()).toBe(30 * 60_000)
    script.assignments = onePage(many(1))
    await runAgain(world, id)
    expect(await world.rowCounts(id)).toEqual([2, 1, 1])
  })

  test('not yet for an asset that is missing while the version moved', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const [page] = onePage([assetRow('9000000001')])
    script.assets = [page, { ...page, versionId: 'v2' }]
    await runAgain(world, id)
    expect(await world.rowCounts(id)).toEqual([2, 2, 1])
    expect((await world.lastRun(id)).figures.rowsSuspect).toBe(1)
  })
})

/** Notes each write of Apple's rows as `<verb> <rows>`, at the storage port. */
function countRowWrites(world: SyncWorld): string[] {
  const writes: string[] = []
  const { forTenant } = world.deps.storage
  const counted = (stores: TenantStores): TenantStores => ({
    ...stores,
    assets: noting(stores.assets, writes),
    assignments: noting(stores.assignments, writes),
    users: noting(stores.users, writes),
  })
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

function noting<Store extends TenantStores['assets' | 'assignments' | 'users']>(
  store: Store,
  writes: string[],
): Store {
  const note =
    (verb: 'insert' | 'update' | 'remove') => (tokenId: string, rows: readonly never[]) => {
      writes.push(`${verb} ${rows.length}`)
      return store[verb](tokenId, rows)
    }
  return { ...store, insert: note('insert'), update: note('update'), remove: note('remove') }
}
