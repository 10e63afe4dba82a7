import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
let drive: TestDrive
let token: string

beforeEach(async () => {
  drive = await testDrive(['small', 'books-unlimited'])
  token = await drive.tokenFile(uId)
})
afterEach(() => drive.stop())

const usual = { version: '2', p: 'mdm-lockup', caller: 'MDM', platform: 'enterprisestore' }

/** One lookup; a part set to undefined is not sent. */
async function lookup(parts: Record<string, string | undefined>, itvt?: string) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...usual, cc: 'de', l: 'de', ...parts })) {
    if (value !== undefined) query.set(name, value)
  }
  const url = `${drive.dataUrl.replace('/mdm/v2', '')}/WebObjects/MZStorePlatform.woa/wa/lookup`
  const response = await fetch(`${url}?${query}`, {
    headers: itvt === undefined ? {} : { cookie: `other=1; itvt=${itvt}` },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
function parsed(text: string): any {
  return text === '' ? undefined : JSON.parse(text)
}

const shown = async (parts: Record<string, string | undefined>, itvt?: string) =>
  Object.keys((await lookup(parts, itvt)).json.results)
const put = (adamId: string, entry: object) =>
  drive.control('PUT', `/worlds/main/catalog/${adamId}`, entry)

describe('the lookup of the store (Apple contract 8)', () => {
  test('seed small answers with the bytes of the sample', async () => {
    const { status, text, headers } = await lookup({ id: '9000000001' })
    expect({ status, text }).toEqual({
      status: 200,
      text: '{"isAuthenticated":false,"version":2,"meta":{"storefront":{"cc":"DE","id":"143443"},"language":{"tag":"de-de"}},"results":{"9000000001":{"id":"9000000001","name":"Tidepool Notes","bundleId":"test.pomona.tidepool","artistName":"Pomona Test Studio","kind":"iosSoftware","deviceFamilies":["iphone","ipad","ipod"],"genreNames":["Productivity"],"releaseDate":"2024-05-06","minimumOSVersion":"17.0","description":{"standard":"Made-up app."},"url":"https://apps.example/de/app/id9000000001","softwareInfo":{"seller":"Pomona Test Studio","websiteUrl":"https://studio.example","privacyPolicyUrl":null},"isB2BCustomApp":false,"isVppDeviceBasedLicensingEnabled":true,"artwork":{"url":"https://img.example/9000000001/{w}x{h}bb.{f}","width":1024,"height":1024},"offers":[{"type":"get","price":0,"priceFormatted":"0,00 €","version":{"display":"3.2","externalId":800000001}}]}}}',
    })
    expect(headers.get('cache-control')).toBe('max-age=900')
  })

  test('service/config points at it, in every world', async () => {
    const { json } = await drive.apple('/service/config')
    const path = '/WebObjects/MZStorePlatform.woa/wa/lookup'
    expect(json.urls.contentMetadataLookup).toBe(drive.dataUrl.replace('/mdm/v2', path))
    const side = await drive.control('POST', '/worlds', { name: 'side', seed: 'small' })
    const query = 'version=2&id=9000000001&p=mdm-lockup&caller=MDM'
    const answer = await (await fetch(`${side.json.lookupUrl}?${query}`)).json()
    expect(answer).toMatchObject({ results: { 9000000001: { name: 'Tidepool Notes' } } })
  })

  test('unknown ids and text that is no id are just missing', async () => {
    expect(await shown({ id: '9000000001,1,abc,,9000000003' })).toEqual([
      '9000000001',
      '9000000003',
    ])
    expect(await shown({ id: '1' })).toEqual([])
    expect(await shown({ id: undefined })).toEqual([])
  })

  test.each([
    ['caller missing', { caller: undefined }, 403, undefined],
    ['p missing', { p: undefined }, 400, { status: 7011 }],
    ['p spelled otherwise', { p: 'mdm-lookup' }, 400, { status: 7012 }],
  ])('%s is refused', async (_, parts, status, json) => {
    const answer = await lookup({ id: '9000000001', ...parts })
    expect([answer.status, answer.json]).toEqual([status, json])
  })

  test.each([
    ['de', 'de', 'DE', '143443', 'de-de'],
    ['DE', 'en_US', 'DE', '143443', 'en-gb'],
    ['de', 'fr', 'DE', '143443', 'de-de'],
    ['gb', 'en', 'GB', '143444', 'en-gb'],
    ['xx', 'de', 'US', '143441', 'en-us'],
    [undefined, undefined, 'US', '143441', 'en-us'],
  ])('cc %s and l %s are served as %s (%s) in %s', async (cc, l, shownCc, id, tag) => {
    const { json } = await lookup({ id: '9000000001', cc, l })
    expect(json.meta).toEqual({ storefront: { cc: shownCc, id }, language: { tag } })
  })

  test('a book has no bundleId, minimumOSVersion, deviceFamilies or version of its offer', async () => {
    const { json } = await lookup({ id: '9000000003,9000040001' })
    const books = Object.values(json.results) as Record<string, unknown>[]
    expect(books.map((book) => [book.kind, book.name])).toEqual([
      ['epubBook', 'Knots for Beginners'],
      ['epubBook', 'Compass Handbook'],
    ])
    for (const book of books) {
      expect(book).not.toHaveProperty('bundleId')
      expect(book).not.toHaveProperty('minimumOSVersion')
      expect(book).not.toHaveProperty('deviceFamilies')
      expect(book.offers).toEqual([{ type: 'get', price: 0, priceFormatted: '0,00 €' }])
    }
  })

  test('a universal app has a face for iOS and, for macappstore only, one for the Mac', async () => {
    const face = async (platform: string) => {
      const { kind, minimumOSVersion, deviceFamilies, offers } = (
        await lookup({ id: '9000000004', platform })
      ).json.results['9000000004']
      return [kind, minimumOSVersion, deviceFamilies.at(-1), offers[0].version.display]
    }
    expect(await face('enterprisestore')).toEqual(['iosSoftware', '17.0', 'mac', '7.4'])
    expect(await face('volumestore')).toEqual(['iosSoftware', '17.0', 'mac', '7.4'])
    expect(await face('macappstore')).toEqual(['iosSoftware', '14.0', 'mac', '7.5'])
  })

  test('an app for the Mac alone is a desktopApp', async () => {
    const { kind, deviceFamilies } = (await lookup({ id: '9000000002' })).json.results['9000000002']
    expect([kind, deviceFamilies]).toEqual(['desktopApp', ['mac']])
  })

  test('version 1 has numbers for ids and a list of sizes for artwork', async () => {
    const { json } = await lookup({ id: '9000000001', version: '1' })
    const { id, artwork } = json.results['9000000001']
    expect([json.version, id, artwork.length]).toEqual([1, 9000000001, 5])
    expect(artwork[3]).toEqual({
      url: 'https://img.example/9000000001/512x512bb.png',
      width: 512,
      height: 512,
    })
  })

  test('every app and book of every seed has a name', async () => {
    const { json } = await drive.control('GET', '/seeds')
    const names = json.seeds.map((seed: { name: string }) => seed.name)
    await drive.control('POST', '/worlds/main/reset', { seed: names })
    const libraries = (await drive.control('GET', '/worlds/main/libraries')).json.libraries
    let ids = 0
    for (const { uId } of libraries) {
      const { assets } = (
        await drive.control('GET', `/worlds/main/libraries/${uId}/truth?pageIndex=0`)
      ).json
      const owned = [...new Set(assets.map(({ adamId }: { adamId: string }) => adamId))]
      const { results } = (await lookup({ id: owned.join(',') })).json
      for (const adamId of owned) expect(results[String(adamId)].name).toMatch(/^[A-Z].+ /)
      ids += owned.length
    }
    expect(ids).toBeGreaterThan(270)
  })
})

describe('what only holders of a content token see (Apple contract 8)', () => {
  test.each([
    ['a custom app', { custom: true }, true],
    ['an app that is no longer sold', { sold: false }, false],
  ])('%s', async (_, entry, isCustom) => {
    await put('9000000001', entry)
    const both = { id: '9000000001,9000000002' }
    expect(await shown(both)).toEqual(['9000000002'])
    expect(await shown(both, 'bm8gdG9rZW4=')).toEqual(['9000000002'])
    const { json } = await lookup(both, token)
    expect(json.isAuthenticated).toBe(false)
    expect(json.results['9000000001']).toMatchObject({
      name: 'Tidepool Notes',
      isB2BCustomApp: isCustom,
    })
  })

  test('not with a token that is expired, revoked, or decoded and wrapped anew', async () => {
    await put('9000000001', { custom: true })
    const parts = { id: '9000000001' }
    const rewrapped = Buffer.from(
      JSON.stringify(JSON.parse(Buffer.from(token, 'base64').toString()), null, 1),
    ).toString('base64')
    expect(await shown(parts, rewrapped)).toEqual([])
    expect(await shown(parts, token)).toEqual(['9000000001'])
    await drive.control('POST', '/worlds/main/tokens/small-01/revoke')
    expect(await shown(parts, token)).toEqual([])
    await drive.control('POST', '/worlds/main/tokens/small-01/restore')
    await drive.control('POST', '/worlds/main/clock', { set: '2027-03-01T08:00:00Z' })
    expect(await shown(parts, token)).toEqual([])
  })
})

describe('the catalog of the control plane (Apple contract 11.5)', () => {
  test('members are replaced, nulled, left out, or written for one country', async () => {
    const { status } = await put('77', {
      data: { name: 'Pilot Book', description: null, offers: [] },
      countries: { fr: { name: 'Livre de bord' }, GB: null },
      leaveOut: ['genreNames'],
    })
    expect(status).toBe(200)
    const german = (await lookup({ id: '77' })).json.results['77']
    expect(german).toMatchObject({ name: 'Pilot Book', description: null, offers: [] })
    expect(german).not.toHaveProperty('genreNames')
    expect((await lookup({ id: '77', cc: 'fr' })).json.results['77'].name).toBe('Livre de bord')
    expect(await shown({ id: '77', cc: 'gb' })).toEqual([])
  })

  test('what is taken out is unknown, though owned, until it is put back', async () => {
    expect((await drive.control('DELETE', '/worlds/main/catalog/9000000001')).status).toBe(204)
    expect(await shown({ id: '9000000001' })).toEqual([])
    expect((await drive.control('DELETE', '/worlds/main/catalog/9000000001')).status).toBe(404)
    await put('9000000001', {})
    expect((await lookup({ id: '9000000001' })).json.results['9000000001'].name).toBe(
      'Tidepool Notes',
    )
  })

  test('a country or an adamId that is none is refused', async () => {
    expect(await put('77', { countries: { Germany: {} } })).toEqual({
      status: 400,
      json: { error: '"Germany" in "countries" is no country. Use two letters.' },
    })
    expect((await put('app', {})).status).toBe(400)
  })
})

describe('icons', () => {
  const picture = async (path: string) => {
    const response = await fetch(drive.dataUrl.replace('/mdm/v2', path))
    return { response, bytes: Buffer.from(await response.arrayBuffer()) }
  }

  test('an entry may name the simulator, which draws a PNG of the asked size, always the same', async () => {
    await put('9000000001', { artworkSource: 'simulator' })
    const { name, artwork } = (await lookup({ id: '9000000001' })).json.results['9000000001']
    expect(name).toBe('Tidepool Notes')
    const base = drive.dataUrl.replace('/mdm/v2', '')
    expect(artwork.url).toBe(`${base}/icons/9000000001/{w}x{h}bb.{f}`)
    const { response, bytes } = await picture('/icons/9000000001/96x64bb.png')
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([96, 64])
    expect((await picture('/icons/9000000001/96x64bb.png')).bytes).toEqual(bytes)
    expect((await picture('/icons/9000000002/96x64bb.png')).bytes).not.toEqual(bytes)
  })

  test.each([
    '/icons/9000000001/0x64bb.png',
    '/icons/9000000001/2048x2048bb.png',
    '/icons/9000000001/64x64bb.jpg',
    '/icons/app/64x64bb.png',
    '/icons/%/64x64bb.png',
  ])('%s is a 404', async (path) => {
    expect((await picture(path)).response.status).toBe(404)
  })
})

describe('lookups in the journal (Apple contract 11.8)', () => {
  const journal = async () => (await drive.control('GET', '/worlds/main/journal')).json.entries
  const verdict = async (assert: string) =>
    (await drive.control('POST', '/worlds/main/journal/assert', [{ assert }])).json[0].ok

  test('a lookup is recorded with what it asked for, the cookie only as a fingerprint', async () => {
    await lookup({ id: '9000000001' })
    await lookup({ id: '9000000001' }, token)
    const [bare, trusted] = await journal()
    expect(bare).toMatchObject({
      path: '/WebObjects/MZStorePlatform.woa/wa/lookup',
      query: { ...usual, id: '9000000001', cc: 'de', l: 'de' },
      status: 200,
      uId: null,
      credential: 'none',
      tokenFingerprint: null,
    })
    expect(trusted).toMatchObject({ credential: 'verbatim', tokenFingerprint: '67139ef6' })
    expect(JSON.stringify([bare, trusted])).not.toContain(token)
    expect(await verdict('tokenVerbatim')).toBe(true)
  })

  test('a cookie in another wrapping breaks tokenVerbatim (C1)', async () => {
    await lookup({ id: '9000000001' }, token)
    await lookup({ id: '9000000001' }, Buffer.from(token).toString('base64'))
    expect((await journal()).at(-1).credential).toBe('foreign')
    expect(await verdict('tokenVerbatim')).toBe(false)
  })

  test('faults meet lookups as they meet every call', async () => {
    const match = { path: '/WebObjects/*' }
    await drive.control('POST', '/worlds/main/faults', { match, action: { status: 503 } })
    expect((await lookup({ id: '9000000001' })).status).toBe(503)
    expect((await lookup({ id: '9000000001' })).status).toBe(200)
  })
})
