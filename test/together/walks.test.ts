/** Walks over many short pages while Apple's data moves beneath them (Apple 3.2, 3.3, C6, C7). */
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type LocationView, storedRows, trueView } from './stored-truth.ts'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000060'
const lists = ['assets', 'assignments', 'users'] as const
const adamIdAt = (index: number) => String(9_000_060_001 + index)
const serialAt = (index: number) => `POMSER6${String(index + 1).padStart(4, '0')}0`

const rules = [
  ...lists.flatMap((endpoint) => [
    { assert: 'pagedToEnd', endpoint },
    { assert: 'noRestart', endpoint },
  ]),
  { assert: 'maxParallel', n: 5 },
  // Eight tenths of what Apple allows (Apple 5).
  { assert: 'maxRate', perSecond: 12 },
  { assert: 'tokenVerbatim' },
  { assert: 'limitsFresh' },
  { assert: 'noSecretInUrl' },
  { assert: 'noWrites', uId },
]

describe('a walk over many pages', () => {
  let world: TurnedWorld
  let file = ''
  let id = ''
  beforeAll(async () => {
    world = await turnedWorld(['paged'])
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    await world.apple.control('POST', '/reset')
    const issued = { account: 'b60@harbour.example', expiresAt: '2040-01-01T00:00:00Z' }
    file = (await world.apple.control('POST', `/libraries/${uId}/tokens`, issued)).file
    if (id !== '') await world.removeToken(id)
    id = await world.addToken(file)
  })

  const stored = () => storedRows(world.tenant.reads, id)
  const truth = () => trueView(world.apple, uId)
  /** Then every list is walked in full, whatever is known of it. */
  const aDayLater = () => {
    world.clock.turn(24 * 3_600_000)
    return world.runWhenDue(id)
  }
  const scriptBefore = (endpoint: string, beforePage: number, writes: readonly object[]) =>
    world.apple.control('POST', '/walk-scripts', { endpoint, beforePage, writes, uId })
  const pageSizes = (assets: number, assignments: number, users: number) =>
    world.apple.control('PATCH', '/settings', { pageSizes: { assets, assignments, users } })

  test('of seven rows brings all 3,050 rows and asks for each page once', async () => {
    expect(await world.run()).toBe('completed')
    expect(await stored()).toEqual(await truth())
    expect((await world.token(id)).record).toMatchObject({
      ...{ lastAppCount: 250, totalLicenseCount: 5_000, usedLicenseCount: 2_500 },
    })
    const { figures } = await world.lastRun(id)
    expect(figures).toMatchObject({ requests: 438, pages: 437, tries: 438, rowsAdded: 3_050 })
    expect(await world.brokenRules(rules)).toEqual([])
  })

  test('during which rows go, come and shift loses none of those that stayed', async () => {
    await world.run()
    await world.apple.control('DELETE', '/journal')
    const old = await truth()
    // Removals in front push rows onto pages that were read already; a purchase sorts in anywhere.
    const taken = { assets: [{ adamId: adamIdAt(0) }, { adamId: adamIdAt(1) }] }
    const serialNumbers = Array.from({ length: 20 }, (_, index) => serialAt(index))
    await scriptBefore('assignments', 200, [{ write: 'disassociate', ...taken, serialNumbers }])
    await scriptBefore('assignments', 300, [
      { write: 'associate', assets: [{ adamId: adamIdAt(3) }], serialNumbers: ['NEW1', 'NEW2'] },
    ])
    await scriptBefore('assets', 20, [{ write: 'buy', adamId: '9000060000', quantity: 5 }])
    expect(await aDayLater()).toBe('completed')
    expectNothingLost(old, await stored(), await truth())
    expect(await world.brokenRules(rules)).toEqual([])

    expect(await aDayLater()).toBe('completed')
    expect(await stored()).toEqual(await truth())
  })

  test('that shrinks beneath it ends where the list ends now', async () => {
    await pageSizes(50, 100, 50)
    await world.run()
    const old = await truth()
    const all = Array.from({ length: 250 }, (_, index) => ({ adamId: adamIdAt(index) }))
    const serialNumbers = Array.from({ length: 500 }, (_, index) => serialAt(index))
    await scriptBefore('assignments', 10, [
      { write: 'disassociate', assets: all.slice(100), serialNumbers },
    ])
    await world.apple.control('DELETE', '/journal')
    expect(await aDayLater()).toBe('completed')
    expectNothingLost(old, await stored(), await truth())
    expect(await world.brokenRules([{ assert: 'pagedToEnd', endpoint: 'assignments' }])).toEqual([])
    // The page after the new end was refused, and the walk began again: from then on nothing moved, so what it did not show is gone.
    const { figures } = await world.lastRun(id)
    expect(figures).toMatchObject({ rowsRemoved: 1_500, rowsSuspect: 0 })
    expect(await stored()).toEqual(await truth())
  })

  test('whatever changes during it: nothing that stayed is lost, and the next quiet run is exact', async () => {
    const asset = fc.nat(39).map((index) => ({ adamId: adamIdAt(index * 6) }))
    const assets = fc.uniqueArray(asset, { ...distinct, minLength: 1, maxLength: 20 })
    const serial = fc.nat(520).map(serialAt)
    const serialNumbers = fc.uniqueArray(serial, { minLength: 1, maxLength: 40 })
    const write = fc.oneof(
      fc.record({ write: fc.constant('disassociate'), assets, serialNumbers }),
      fc.record({ write: fc.constant('associate'), assets, serialNumbers }),
      fc.record({
        write: fc.constant('buy'),
        adamId: fc.nat(300).map(adamIdAt),
        quantity: fc.constant(3),
      }),
      fc.record({
        write: fc.constant('refund'),
        adamId: fc.nat(249).map(adamIdAt),
        quantity: fc.constant(1),
      }),
    )
    const script = fc.record({
      endpoint: fc.constantFrom(...lists),
      beforePage: fc.nat(9),
      writes: fc.array(write, { minLength: 1, maxLength: 3 }),
    })
    await pageSizes(40, 250, 50)
    await world.run()
    await fc.assert(
      fc.asyncProperty(fc.array(script, { minLength: 1, maxLength: 5 }), async (scripts) => {
        const old = await truth()
        for (const { endpoint, beforePage, writes } of scripts)
          await scriptBefore(endpoint, beforePage, writes)
        await world.apple.control('DELETE', '/journal')
        expect(await aDayLater()).toBe('completed')
        expectNothingLost(old, await stored(), await truth())
        for (const { id: scriptId } of (await world.apple.control('GET', '/walk-scripts'))
          .walkScripts)
          await world.apple.control('DELETE', `/walk-scripts/${scriptId}`)
        expect(await aDayLater()).toBe('completed')
        expect(await stored()).toEqual(await truth())
        expect(
          await world.brokenRules(rules.filter(({ assert }) => assert !== 'limitsFresh')),
        ).toEqual([])
      }),
      { numRuns: 15, seed: 20261201 },
    )
  }, 120_000)

  test('waits out Retry-After in the middle, and goes on instead of beginning again', async () => {
    await pageSizes(50, 250, 50)
    await world.apple.control('DELETE', '/journal')
    const query = { pageIndex: '4' }
    await world.apple.control('POST', '/faults', {
      match: { path: '/mdm/v2/assignments', query },
      ...{ count: 2, action: { errorNumber: 9729, retryAfter: '20' } },
    })
    expect(await world.run()).toBe('completed')
    expect(await stored()).toEqual(await truth())
    expect(
      await world.brokenRules([
        { assert: 'retryAfter' },
        { assert: 'maxTries' },
        { assert: 'requestCount', match: { path: '/mdm/v2/assignments', query }, n: 3 },
        ...lists.map((endpoint) => ({ assert: 'noRestart', endpoint })),
      ]),
    ).toEqual([])
  })

  test('that fails in the middle removes nothing, and the next one is exact', async () => {
    await pageSizes(50, 250, 50)
    await world.run()
    const old = await truth()
    await world.apple.control('DELETE', `/libraries/${uId}/assignments`, {
      assets: [{ adamId: adamIdAt(0) }],
      serialNumbers: [serialAt(0), serialAt(1)],
    })
    await world.apple.control('POST', '/faults', {
      match: { path: '/mdm/v2/assignments', query: { pageIndex: '8' } },
      ...{ count: 5, action: { errorNumber: 9603 } },
    })
    expect(await aDayLater()).toBe('failed')
    expect((await stored()).assignments).toEqual(old.assignments)
    expect(await aDayLater()).toBe('completed')
    expect(await stored()).toEqual(await truth())
  })
})

const distinct = { selector: ({ adamId }: { adamId: string }) => adamId }

/** Rows that were there before and are there afterwards are stored; the counts of an asset may be those of either moment. */
function expectNothingLost(old: LocationView, stored: LocationView, now: LocationView): void {
  for (const list of lists) {
    const [then, kept, today] = [old, stored, now].map(
      (view) => new Set(view[list].map(keyIn(list))),
    )
    const stayed = [...(then ?? [])].filter((key) => today?.has(key))
    expect([list, stayed.filter((key) => !kept?.has(key))]).toEqual([list, []])
    const invented = [...(kept ?? [])].filter((key) => !today?.has(key) && !then?.has(key))
    expect([list, invented]).toEqual([list, []])
  }
}

function keyIn(list: (typeof lists)[number]) {
  return (row: string) => (list === 'assets' ? row.split(' ').slice(0, 2).join(' ') : row)
}
