import { describe, expect, test } from 'vitest'
import { never } from '../model/date-time-offset.ts'
import { decodeLookup } from './decode-lookup.ts'
import type { JsonObject } from './json.ts'

/** The sample of Apple 8. */
const sample = {
  id: '9000000001',
  name: 'Tidepool Notes',
  bundleId: 'test.pomona.tidepool',
  artistName: 'Pomona Test Studio',
  kind: 'iosSoftware',
  deviceFamilies: ['iphone', 'ipad', 'ipod'],
  genreNames: ['Productivity'],
  releaseDate: '2024-05-06',
  minimumOSVersion: '17.0',
  description: { standard: 'Made-up app.' },
  url: 'https://apps.example/de/app/id9000000001',
  softwareInfo: {
    seller: 'Pomona Test Studio',
    websiteUrl: 'https://studio.example',
    privacyPolicyUrl: null,
  },
  artwork: { url: 'https://img.example/9000000001/{w}x{h}bb.{f}', width: 1024, height: 1024 },
}

const germany = { storefront: { cc: 'DE', id: '143443' }, language: { tag: 'de-de' } }

const known = {
  displayName: 'Tidepool Notes',
  bundleId: 'test.pomona.tidepool',
  publisher: 'Pomona Test Studio',
  description: 'Made-up app.',
  appStoreUrl: 'https://apps.example/de/app/id9000000001',
  informationUrl: 'https://studio.example',
  privacyInformationUrl: null,
  releaseDateTime: { instant: '2024-05-06T00:00:00.0000000Z', offsetMinutes: 0 },
  applicableDeviceType: { type: 'iosDeviceType', iPad: true, iPhoneAndIPod: true },
  genres: ['Productivity'],
  iconUrl: 'https://img.example/9000000001/512x512bb.png',
  language: 'de-de',
}

function decoded(item: JsonObject, meta: unknown = germany) {
  return decodeLookup({ meta, results: { 9000000001: item } }, 'de').get('9000000001')
}

describe('an answer of the lookup', () => {
  test('is read as the sample of the contract says', () => {
    expect(decoded(sample)).toEqual(known)
  })

  test('says nothing where fields are absent', () => {
    expect(decoded({})).toEqual({
      ...Object.fromEntries(Object.keys(known).map((name) => [name, null])),
      releaseDateTime: never,
      genres: [],
      language: 'de-de',
    })
  })

  test.each<[string, JsonObject]>([
    ['null', Object.fromEntries(Object.keys(sample).map((name) => [name, null]))],
    ['numbers', Object.fromEntries(Object.keys(sample).map((name) => [name, 7]))],
    ['lists', Object.fromEntries(Object.keys(sample).map((name) => [name, [7]]))],
    ['objects', Object.fromEntries(Object.keys(sample).map((name) => [name, { url: 7 }]))],
  ])('says no more where fields are %s', (_what, item) => {
    expect(decoded({ ...item, id: '9000000001' })).toMatchObject({
      displayName: null,
      description: null,
      appStoreUrl: null,
      releaseDateTime: never,
      genres: [],
      iconUrl: null,
    })
  })

  test.each<[string, JsonObject, object]>([
    ['an id that is a number', { ...sample, id: 9000000001 }, known],
    ['no day of release', { releaseDate: '2024-02-30' }, { releaseDateTime: never }],
    [
      'devices without iPad',
      { deviceFamilies: ['ipod'] },
      { applicableDeviceType: { type: 'iosDeviceType', iPad: false, iPhoneAndIPod: true } },
    ],
    [
      'devices that are an Apple TV alone',
      { deviceFamilies: ['tvos'] },
      { applicableDeviceType: { type: 'iosDeviceType', iPad: false, iPhoneAndIPod: false } },
    ],
    ['a script in place of a page', { url: 'javascript:alert(1)' }, { appStoreUrl: null }],
    ['a page with a password', { url: 'https://u:p@apps.example/' }, { appStoreUrl: null }],
    [
      'text that no database keeps',
      { name: 'a\u0000b', artistName: '\ud800' },
      { displayName: null, publisher: null },
    ],
    ['a name of any length', { name: 'x'.repeat(5_000) }, { displayName: 'x'.repeat(4_096) }],
    [
      'a name cut within a character',
      { name: `${'x'.repeat(4_095)}😀` },
      { displayName: 'x'.repeat(4_095) },
    ],
    [
      'a description of any length',
      { description: { standard: 'x'.repeat(70_000) } },
      { description: 'x'.repeat(10_000) },
    ],
    [
      'genres of any number',
      { genreNames: [null, ...Array(200).fill('Musik')] },
      { genres: Array(100).fill('Musik') },
    ],
  ])('may hold %s', (_what, item, expected) => {
    expect(decoded(item)).toMatchObject(expected)
  })

  test('of another storefront names the app and leaves out what is written for buyers there', () => {
    const other = { storefront: { cc: 'US' }, language: { tag: 'en-us' } }
    expect(decoded(sample, other)).toEqual({
      ...known,
      description: null,
      appStoreUrl: null,
      genres: [],
      language: null,
    })
  })

  test('that does not say its storefront is taken for the one asked for', () => {
    expect(decoded(sample, null)).toEqual({ ...known, language: null })
  })

  test('leaves out what is no item', () => {
    const results = { 1: null, 2: 'x', a: {}, 4: { id: 'b' } }
    expect([...decodeLookup({ results }, 'de').keys()]).toEqual(['4'])
    expect(decodeLookup({ results: [] }, 'de').size).toBe(0)
  })

  test.each([[undefined], [null], ['x']])('without results (%s) is no answer', (results) => {
    expect(() => decodeLookup({ results }, 'de')).toThrow('other JSON shape: lookup.results')
  })
})
