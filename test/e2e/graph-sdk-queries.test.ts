/** Every query option and batches through Microsoft's own client, unmodified, over HTTPS against the built program. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SdkWorld, sdkWorld } from './graph-sdk-world.ts'

describe('Microsoft’s client', () => {
  let world: SdkWorld
  let tokenId = ''
  beforeAll(async () => {
    world = await sdkWorld()
    const file = await world.written('Kiel.vpptoken', await world.issued())
    const [id = ''] = await world.addTokens([
      { displayName: 'Kiel', token: await readFile(file, 'utf8') },
    ])
    tokenId = id
    await world.addTokens([
      { displayName: 'Bremen' },
      { displayName: 'Cuxhaven', countryOrRegion: 'nl' },
    ])
    await world.session('graph-sdk-synced-session', { POMONA_TEST_TOKEN: tokenId })
  })
  afterAll(() => world?.close())

  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  let seen: any
  const asked = async () => {
    seen ??= await world.session('graph-sdk-queries-session')
    return seen
  }

  test('selects, filters, orders, skips and counts tokens', async () => {
    const { listed, second, counted } = await asked()
    expect(listed['@odata.count']).toBe(2)
    expect(listed.value).toEqual([
      { displayName: 'Cuxhaven', countryOrRegion: 'nl' },
      { displayName: 'Bremen', countryOrRegion: null },
    ])
    expect(second).toEqual(['Cuxhaven'])
    expect(counted).toBe('3')
  })

  test('searches, expands, filters and casts apps, and lists books', async () => {
    const { found, expanded, published, macOs, cast, books } = await asked()
    expect(found).toEqual(['Tidepool Notes'])
    expect(expanded).toEqual([])
    expect(published).toEqual([
      ...['Tidepool Notes', 'Chart Table', 'Harbour Weather', 'Harbour Weather'],
    ])
    expect(macOs).toEqual(['Chart Table', 'Harbour Weather'])
    expect(cast).toMatchObject([
      { displayName: 'Tidepool Notes', totalLicenseCount: 10, usedLicenseCount: 2 },
      { displayName: 'Harbour Weather', totalLicenseCount: 2_147_483_647, usedLicenseCount: 1 },
    ])
    expect(books).toEqual(['Knots for Beginners'])
  })

  test('reads one app, who holds its licences, and how many there are', async () => {
    const { app, licenses, summaries } = await asked()
    expect(app).toMatchObject({
      '@odata.type': '#microsoft.graph.iosVppApp',
      displayName: 'Tidepool Notes',
      bundleId: 'test.pomona.tidepool',
      vppTokenId: tokenId,
    })
    expect(licenses.map((row: Record<string, string>) => row['@odata.type']).sort()).toEqual([
      '#microsoft.graph.iosVppAppAssignedDeviceLicense',
      '#microsoft.graph.iosVppAppAssignedUserLicense',
    ])
    expect(summaries).toEqual([
      {
        vppTokenId: tokenId,
        appleId: null,
        organizationName: 'Harbour Cranes GmbH',
        availableLicenseCount: 8,
        usedLicenseCount: 2,
      },
    ])
  })

  test('pages with its iterator, stops when told and goes on from there', async () => {
    const { pages, titles, pausedAt, isComplete } = await asked()
    expect([pages, pausedAt, isComplete]).toEqual([[2], 3, true])
    expect(titles).toEqual(['Tidepool Notes', 'Chart Table', 'Harbour Weather', 'Harbour Weather'])
  })

  test('gets full metadata, its own request id, and the reason of a refusal', async () => {
    const { full, underived, sku } = await asked()
    expect(full).toEqual({
      status: 200,
      asked: '6f4c1e0e-0a06-4a52-8b2f-8dc8f7a3b001',
      fullType: '#microsoft.graph.vppToken',
    })
    expect(underived).toEqual({
      statusCode: 400,
      code: 'BadRequest',
      message:
        "Parsing OData Select and Expand failed: Could not find a property named 'usedLicenseCount' on type 'microsoft.graph.mobileApp'.",
    })
    expect(sku.capabilityStatus).toBe('Enabled')
  })

  test.each(['beta', 'v1.0'])('sends batches in %s', async (version) => {
    const { twenty, serial, failing } = await world.session('graph-sdk-batch-session', {
      POMONA_TEST_VERSION: version,
    })
    expect(Object.values(twenty).map((answer) => (answer as { status: number }).status)).toEqual(
      Array(20).fill(201),
    )
    expect(twenty['7'].body.appleId).toBe('batched6@harbour.example')
    expect([serial.rename.status, serial.remove.status, serial.gone.status]).toEqual([
      200, 204, 404,
    ])
    expect(serial.read.body.appleId).toBe('renamed@harbour.example')
    expect([failing.absent.status, failing.behind.status]).toEqual([404, 424])
    expect(failing.behind.body.error.code).toBe('FailedDependency')
  })
})
