import { describe, expect, test } from 'vitest'
import { longestAskingMs } from '../../src/domain/sync/asking-the-store.ts'
import { mostIcons } from '../../src/domain/sync/refresh-icons.ts'
import { updateToken } from '../../src/domain/tokens/update-token.ts'
import type { Observation } from '../../src/model/observation.ts'
import { assetRow, onePage, type Script, smallScript } from './scripted-apple.ts'
import { storeRow, storeTrouble } from './scripted-store.ts'
import { contentTokenOf, type SyncWorld, tenantId, worldWithToken } from './sync-world.ts'

const dayMs = 24 * 3_600_000
const icon = { type: 'image/png', value: 'iVBORw0KGgo=' }

async function itemsOf({ tenant }: SyncWorld, id: string) {
  return tenant.reads.library.listOfToken(id, undefined, 10_000)
}

async function namesOf(world: SyncWorld, id: string): Promise<readonly (string | null)[]> {
  return (await itemsOf(world, id)).map(({ record }) => record.displayName)
}

async function iconOf(world: SyncWorld, id: string, adamId: string) {
  const item = (await itemsOf(world, id)).find(({ record }) => record.adamId === adamId)
  return (await world.tenant.reads.library.find(item?.record.id ?? ''))?.record.largeIcon ?? null
}

async function runAgain(world: SyncWorld, id: string) {
  await world.turnToDue(id)
  return world.run()
}

function observedOf<Kind extends Observation['kind']>(world: SyncWorld, kind: Kind) {
  return world.observed.filter((each) => each.kind === kind) as Extract<
    Observation,
    { kind: Kind }
  >[]
}

const withAssets = (...assets: ReturnType<typeof assetRow>[]): Script => ({
  ...smallScript(),
  assets: onePage(assets),
})

describe('a run asks the store', () => {
  test('for the facts of what it has brought, with the content token as it was stored', async () => {
    const { world, id } = await worldWithToken()
    world.store.known.set('9000000001', storeRow('Tidepool'))
    await world.run()
    expect(await namesOf(world, id)).toEqual(['Tidepool', '9000000002'])
    expect(world.store.asked).toEqual(['enterprisestore de 9000000001,9000000002'])
    expect([...world.store.credentials]).toEqual([contentTokenOf('Kiel')])
    expect(observedOf(world, 'metadataRefreshed')).toMatchObject([
      { tokenId: id, asked: 2, changed: 1, icons: 0, isWhole: true, durationMs: 0 },
    ])
  })

  test('in the catalog of what runs on a Mac for what runs on a Mac', async () => {
    const script = withAssets(
      assetRow('1', { supportedPlatforms: ['iOS', 'macOS'] }),
      assetRow('2', { productType: 'Book' }),
    )
    const { world, id } = await worldWithToken(script)
    world.store.known.set('enterprisestore de 1', storeRow('Pocket'))
    world.store.known.set('macappstore de 1', storeRow('Desk'))
    await world.run()
    expect([...world.store.asked].sort()).toEqual(['enterprisestore de 1,2', 'macappstore de 1'])
    expect(await namesOf(world, id)).toEqual(['Pocket', 'Desk', '2'])
  })

  test('in the catalog for schools for a location of a school', async () => {
    const { world } = await worldWithToken(smallScript({ accountType: 'education', country: 'gb' }))
    await world.run()
    expect(world.store.asked).toEqual(['volumestore gb 9000000001,9000000002'])
  })

  test("in the caller's country before Apple's", async () => {
    const { world } = await worldWithToken(smallScript(), { countryOrRegion: 'FR' })
    await world.run()
    expect(world.store.asked).toEqual(['enterprisestore fr 9000000001,9000000002'])
  })

  test('for nothing without a country, and says so', async () => {
    const { world, id } = await worldWithToken(smallScript({ country: null }))
    expect(await world.run()).toBe('completed')
    expect(world.store.asked).toEqual([])
    expect(observedOf(world, 'metadataUnread')).toEqual([])
    const runId = (await world.lastRun(id)).id
    expect(observedOf(world, 'storefrontUnknown')).toEqual([
      { kind: 'storefrontUnknown', runId, tenantId, tokenId: id },
    ])
  })

  test('for at most 100 at once', async () => {
    const many = Array.from({ length: 250 }, (_, n) => assetRow(String(1_000 + n)))
    const { world } = await worldWithToken(withAssets(...many))
    await world.run()
    expect(world.store.asked.map((asked) => asked.split(',').length)).toEqual([100, 100, 50])
  })

  test('again after a day and not before, for what is missing, too', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1'), assetRow('2')))
    world.store.known.set('1', storeRow('One'))
    await world.run()
    const begun = world.clock.now().getTime()
    while (world.clock.now().getTime() < begun + dayMs) {
      expect(world.store.asked).toHaveLength(1)
      await runAgain(world, id)
    }
    expect(world.store.asked).toEqual(['enterprisestore de 1,2', 'enterprisestore de 1,2'])
  })

  test('at once for what is new, and for that alone', async () => {
    const script = withAssets(assetRow('1'))
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.assets = onePage([assetRow('1'), assetRow('2')])
    await runAgain(world, id)
    expect(world.store.asked).toEqual(['enterprisestore de 1', 'enterprisestore de 2'])
  })

  test('for everything in the next run after the storefront was changed (graph 9)', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1'), assetRow('2')))
    world.store.known.set('enterprisestore de 1', storeRow('Gezeiten'))
    world.store.known.set('enterprisestore de 2', storeRow('Ebbe'))
    world.store.known.set('enterprisestore fr 1', storeRow('Marées'))
    await world.run()
    const actor = { tenantId, name: 'client' }
    await updateToken(world.deps, actor, id, { countryOrRegion: 'fr' }, undefined)
    await runAgain(world, id)
    // What the other storefront does not have keeps the name it had.
    expect(await namesOf(world, id)).toEqual(['Marées', 'Ebbe'])
    await runAgain(world, id)
    expect(world.store.asked).toEqual(['enterprisestore de 1,2', 'enterprisestore fr 1,2'])
  })

  test('and changes nothing when it says the same as before', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1')))
    world.store.known.set('1', storeRow('One'))
    await world.run()
    const before = await itemsOf(world, id)
    for (let day = 0; day < 5; day += 1) await runAgain(world, id)
    expect(world.store.asked).toHaveLength(2)
    expect((await itemsOf(world, id))[0]?.record).toEqual(before[0]?.record)
    expect(observedOf(world, 'metadataRefreshed').at(-1)).toMatchObject({ asked: 1, changed: 0 })
  })
})

describe('a store that fails', () => {
  test('fails no run: names fall back to the number, and the trouble is observed', async () => {
    const { world, id } = await worldWithToken()
    world.store.beforeAnswer = () => {
      throw storeTrouble({ host: 'store.example', httpStatus: 503 })
    }
    expect(await world.run()).toBe('completed')
    expect(await world.stateOf(id)).toBe('valid unclaimed completed')
    expect(await namesOf(world, id)).toEqual(['9000000001', '9000000002'])
    expect(observedOf(world, 'metadataUnread')).toEqual([
      {
        kind: 'metadataUnread',
        runId: (await world.lastRun(id)).id,
        tenantId,
        tokenId: id,
        detail: 'HTTP 503',
        host: 'store.example',
        httpStatus: 503,
      },
    ])
    expect(observedOf(world, 'metadataRefreshed')).toMatchObject([{ asked: 0, isWhole: false }])
  })

  test('even with a verdict says nothing about the token', async () => {
    const { world, id } = await worldWithToken()
    world.store.beforeAnswer = () => {
      throw storeTrouble({ reason: 'revokedByApple', isDefinite: true })
    }
    await world.run()
    expect(await world.stateOf(id)).toBe('valid unclaimed completed')
  })

  test('in a way that nobody foresaw fails no run either', async () => {
    const { world } = await worldWithToken()
    world.store.beforeAnswer = () => {
      throw new TypeError('a secret may stand here')
    }
    expect(await world.run()).toBe('completed')
    const [{ detail } = { detail: '' }] = observedOf(world, 'metadataUnread')
    expect(detail).toMatch(/^TypeError at /)
    expect(detail).not.toContain('secret')
  })

  test('is asked again by the next run', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1')))
    world.store.known.set('1', storeRow('One'))
    world.store.beforeAnswer = () => {
      throw storeTrouble()
    }
    await world.run()
    world.store.beforeAnswer = () => undefined
    await runAgain(world, id)
    expect(await namesOf(world, id)).toEqual(['One'])
  })

  test('loses nothing of what it has answered before', async () => {
    const many = Array.from({ length: 150 }, (_, n) => assetRow(String(1_000 + n)))
    const { world, id } = await worldWithToken(withAssets(...many))
    for (const { adamId } of many) world.store.known.set(adamId, storeRow(`App ${adamId}`))
    world.store.beforeAnswer = () => {
      if (world.store.asked.length > 1) throw storeTrouble()
    }
    await world.run()
    const names = await namesOf(world, id)
    expect([names[0], names[99], names[100]]).toEqual(['App 1000', 'App 1099', '1100'])
  })

  test('by not answering holds up the end of a run no longer than its bound', async () => {
    const { world } = await worldWithToken()
    world.store.beforeAnswer = (signal) => world.clock.sleep(dayMs, signal)
    const begun = world.clock.now().getTime()
    expect(await world.run()).toBe('completed')
    expect(world.clock.now().getTime() - begun).toBe(longestAskingMs)
    expect(observedOf(world, 'metadataUnread')).toMatchObject([{ detail: 'no answer within 30 s' }])
    expect(observedOf(world, 'metadataRefreshed')).toMatchObject([
      { isWhole: false, durationMs: 30_000 },
    ])
  })

  test('by being slow is asked no more when the bound has come, and the next run goes on', async () => {
    const many = Array.from({ length: 500 }, (_, n) => assetRow(String(1_000 + n)))
    const { world, id } = await worldWithToken(withAssets(...many))
    world.store.beforeAnswer = (signal) => world.clock.sleep(9_000, signal)
    await world.run()
    expect(observedOf(world, 'metadataRefreshed')).toMatchObject([{ asked: 300, isWhole: false }])
    await runAgain(world, id)
    expect(observedOf(world, 'metadataRefreshed')[1]).toMatchObject({ asked: 200, isWhole: true })
  })
})

describe('a run that asks the store', () => {
  test('stops when it is told to, and is taken up again', async () => {
    const { world } = await worldWithToken()
    const stop = new AbortController()
    world.store.beforeAnswer = (signal) => {
      stop.abort()
      return world.clock.sleep(1_000, signal)
    }
    const [taken] = await world.takeDue()
    expect(taken && (await world.runTaken(taken, stop.signal))).toBe('interrupted')
    expect(observedOf(world, 'metadataUnread')).toEqual([])
    world.store.beforeAnswer = () => undefined
    expect(await world.run()).toBe('completed')
  })

  test('writes nothing of the answer when it was overtaken meanwhile', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1')))
    world.store.known.set('1', storeRow('One'))
    world.store.beforeAnswer = () => world.tenant.transaction(({ tokens }) => tokens.raiseFence(id))
    expect(await world.run()).toBe('superseded')
    expect(await namesOf(world, id)).toEqual(['1'])
  })
})

describe('pictures', () => {
  const url = 'https://img.example/1.png'

  test('are fetched and stored once', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1')))
    world.store.known.set('1', storeRow('One', { iconUrl: url }))
    world.store.pictures.set(url, icon)
    await world.run()
    expect(await iconOf(world, id, '1')).toEqual(icon)
    for (let day = 0; day < 5; day += 1) await runAgain(world, id)
    expect(world.store.asked.filter((asked) => asked.startsWith('icon'))).toEqual([`icon ${url}`])
    expect(observedOf(world, 'metadataRefreshed')[0]).toMatchObject({ asked: 1, icons: 1 })
  })

  test('are fetched again when they lie elsewhere, and removed when there is none any more', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1')))
    const other = { type: 'image/jpeg', value: '/9j/' }
    world.store.known.set('1', storeRow('One', { iconUrl: url }))
    world.store.pictures.set(url, icon).set(`${url}?2`, other)
    await world.run()
    world.store.known.set('1', storeRow('One', { iconUrl: `${url}?2` }))
    for (let day = 0; day < 4; day += 1) await runAgain(world, id)
    expect(await iconOf(world, id, '1')).toEqual(other)
    world.store.known.set('1', storeRow('One'))
    for (let day = 0; day < 4; day += 1) await runAgain(world, id)
    expect(await iconOf(world, id, '1')).toBeNull()
  })

  test('that cannot be had are asked for again when the store has been asked again', async () => {
    const { world, id } = await worldWithToken(withAssets(assetRow('1')))
    world.store.known.set('1', storeRow('One', { iconUrl: url }))
    await world.run()
    await runAgain(world, id)
    expect(world.store.asked.filter((asked) => asked.startsWith('icon'))).toHaveLength(1)
    expect(observedOf(world, 'metadataRefreshed')).toMatchObject([{ icons: 0, iconsMissed: 1 }])
    world.store.pictures.set(url, icon)
    for (let day = 0; day < 4; day += 1) await runAgain(world, id)
    expect(await iconOf(world, id, '1')).toEqual(icon)
  })

  test('are a bounded number in a run, and the next run goes on', async () => {
    const many = Array.from({ length: mostIcons + 5 }, (_, n) => assetRow(String(1_000 + n)))
    const { world, id } = await worldWithToken(withAssets(...many))
    for (const { adamId } of many) {
      world.store.known.set(adamId, storeRow(adamId, { iconUrl: `${url}?${adamId}` }))
      world.store.pictures.set(`${url}?${adamId}`, icon)
    }
    await world.run()
    await runAgain(world, id)
    expect(
      observedOf(world, 'metadataRefreshed').map(({ icons, isWhole }) => [icons, isWhole]),
    ).toEqual([
      [mostIcons, false],
      [5, true],
    ])
  })
})
