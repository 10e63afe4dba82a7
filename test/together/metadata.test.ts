/** Names and pictures out of the simulator's lookup, through the real client (Apple 8, 9.2). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000001'
const lookupPath = '/WebObjects/MZStorePlatform.woa/wa/lookup'
const dayMs = 24 * 3_600_000

describe('a sync with the lookup', () => {
  let world: TurnedWorld
  let id = ''
  beforeAll(async () => {
    world = await turnedWorld(['small'])
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    await world.apple.control('POST', '/reset')
    // What everybody is shown is remembered for a day.
    world.clock.turn(dayMs)
    if (id !== '') await world.removeToken(id)
    const issued = { account: 'b1@harbour.example', expiresAt: '2040-01-01T00:00:00Z' }
    const { file } = await world.apple.control('POST', `/libraries/${uId}/tokens`, issued)
    id = await world.addToken(file)
  })

  const items = async () => {
    const stored = await world.tenant.reads.library.listOfToken(id, undefined, 100)
    return Promise.all(
      stored.map(async (item) => {
        const found = await world.tenant.reads.library.find(item.record.id)
        if (!found) throw new Error('an item vanished')
        return found.record
      }),
    )
  }
  const nameOf = async (adamId: string) =>
    (await items()).find((item) => item.adamId === adamId)?.displayName
  const putEntry = (adamId: string, entry: object) =>
    world.apple.control('PUT', `/catalog/${adamId}`, entry)
  const lookups = async () => {
    const { entries } = await world.apple.control('GET', '/journal')
    return entries.filter(({ path }: { path: string }) => path === lookupPath)
  }

  test('knows the names and facts of everything that the location owns', async () => {
    expect(await world.run()).toBe('completed')
    const all = await items()
    expect(all.map(({ adamId, contentKind }) => `${adamId} ${contentKind}`)).toEqual([
      '9000000001 iosVppApp',
      '9000000002 macOsVppApp',
      '9000000003 iosVppEBook',
      '9000000004 iosVppApp',
      '9000000004 macOsVppApp',
    ])
    expect(all[0]).toMatchObject({
      displayName: 'Tidepool Notes',
      bundleId: 'test.pomona.tidepool',
      publisher: 'Pomona Test Studio',
      developer: 'Pomona Test Studio',
      description: 'Made-up app.',
      appStoreUrl: 'https://apps.example/de/app/id9000000001',
      informationUrl: 'https://studio.example',
      privacyInformationUrl: null,
      releaseDateTime: { instant: '2024-05-06T00:00:00.0000000Z', offsetMinutes: 0 },
      applicableDeviceType: { iPad: true, iPhoneAndIPod: true },
      totalLicenseCount: 10,
      usedLicenseCount: 2,
    })
    expect(all[2]).toMatchObject({ bundleId: null, language: 'de-de', applicableDeviceType: null })
    expect(all[3]).toMatchObject({ isUnlimited: true, totalLicenseCount: 2_147_483_647 })
    expect(all.every(({ displayName, adamId }) => displayName !== adamId)).toBe(true)
    // Those of the seed lie on a host that is not allowed.
    expect(all.map(({ largeIcon }) => largeIcon)).toEqual(Array(5).fill(null))
    expect(await world.brokenRules([{ assert: 'noSecretInUrl' }])).toEqual([])
  })

  test('asks without login, and nobody more than needed', async () => {
    await world.run()
    const asked = await lookups()
    expect(
      asked.map(
        ({ query, credential }: { query: Record<string, string>; credential: string }) =>
          `${query.platform} ${query.cc} ${query.id} ${credential}`,
      ),
    ).toEqual([
      'enterprisestore de 9000000001,9000000003,9000000004 none',
      'macappstore de 9000000002,9000000004 none',
    ])
    const starts = asked.map(({ virtualStart }: { virtualStart: string }) =>
      Date.parse(virtualStart),
    )
    expect(starts[1] - starts[0]).toBe(1_000)
    await world.runWhenDue(id)
    expect(await lookups()).toHaveLength(2)
  })

  test('shows a custom app, and one no longer sold, to those who own it', async () => {
    await putEntry('9000000001', { custom: true, data: { name: 'In-house' } })
    await putEntry('9000000003', { sold: false, data: { name: 'Old book' } })
    await world.run()
    expect([await nameOf('9000000001'), await nameOf('9000000003')]).toEqual([
      'In-house',
      'Old book',
    ])
    const asked = (await lookups()) as { query: { id: string }; credential: string }[]
    expect(asked.map(({ query, credential }) => `${query.id} ${credential}`)).toEqual([
      '9000000001,9000000003,9000000004 none',
      '9000000001,9000000003 verbatim',
      '9000000002,9000000004 none',
    ])
  })

  test('keeps the number as the name of what nobody is shown', async () => {
    await world.apple.control('DELETE', '/catalog/9000000001')
    await world.run()
    expect(await nameOf('9000000001')).toBe('9000000001')
    expect(await nameOf('9000000003')).not.toBe('9000000003')
  })

  test('follows the store within a day', async () => {
    await world.run()
    await putEntry('9000000001', { data: { name: 'Tidepool Pro' } })
    world.clock.turn(dayMs)
    await world.requestSync(id)
    await world.run()
    expect(await nameOf('9000000001')).toBe('Tidepool Pro')
  })

  test('rewrites what it knows when the storefront is changed', async () => {
    await putEntry('9000000001', {
      data: { name: 'Gezeiten' },
      countries: { FR: { name: 'Marées' } },
    })
    await world.run()
    await world.updateToken(id, { countryOrRegion: 'fr' })
    await world.requestSync(id)
    await world.run()
    expect(await nameOf('9000000001')).toBe('Marées')
  })

  test('of a country without a store names apps, and leaves out what is written for the US', async () => {
    await world.updateToken(id, { countryOrRegion: 'aq' })
    await world.run()
    const [app, , book] = await items()
    expect(app).toMatchObject({
      displayName: 'Tidepool Notes',
      bundleId: 'test.pomona.tidepool',
      appStoreUrl: null,
      description: null,
    })
    expect(book).toMatchObject({ genres: [], language: null })
  })

  test.each<[string, object]>([
    ['errors', { status: 500 }],
    ['refusals', { status: 403 }],
    ['a page', { body: '<html>' }],
    ['half of an answer', { cut: 'midBody' }],
    ['Apple’s verdicts', { status: 401, errorNumber: 9625 }],
    ['a redirect', { status: 302, headers: { location: 'http://store.example/' } }],
  ])('goes well without names when the lookup answers with %s', async (_what, action) => {
    await world.apple.control('POST', '/faults', {
      match: { path: lookupPath },
      count: 0,
      action,
    })
    expect(await world.run()).toBe('completed')
    expect((await world.token(id)).record).toMatchObject({
      ...{ state: 'valid', lastSyncStatus: 'completed', lastAppCount: 4 },
    })
    expect((await items()).map(({ displayName, adamId }) => displayName === adamId)).toEqual(
      Array(5).fill(true),
    )
  })

  test('has the pictures of those that lie on a host that is allowed', async () => {
    for (const adamId of ['9000000003', '9000000004'])
      await putEntry(adamId, { artworkSource: 'simulator' })
    await world.run()
    const pictures = (await items()).map(({ largeIcon }) => largeIcon)
    expect(pictures.map((picture) => picture?.type)).toEqual([
      ...[undefined, undefined],
      ...['image/png', 'image/png', 'image/png'],
    ])
    const [book] = pictures.slice(2)
    expect(Buffer.from(String(book?.value), 'base64').subarray(1, 4).toString()).toBe('PNG')
  })

  test('has names without pictures when those cannot be had', async () => {
    await world.apple.control('POST', '/faults', {
      match: { path: '/icons/*' },
      count: 0,
      action: { status: 404 },
    })
    await putEntry('9000000001', { artworkSource: 'simulator' })
    await world.run()
    const [app] = await items()
    expect(app?.largeIcon).toBeNull()
    expect(app?.displayName).not.toBe('9000000001')
  })
})
