import { describe, expect, it } from 'vitest'
import { decodeConfig } from './decode-config.ts'
import type { JsonObject } from './json.ts'
import { createSurprises } from './surprises.ts'

const sample = {
  countryISO2ACode: 'DE',
  defaultPlatform: 'enterprisestore',
  locationName: 'Kiel Depot',
  websiteURL: 'https://business.apple.com',
  mdmInfo: { id: '5e1f0c4e-0000-4000-8000-00000000000a', name: 'Pomona', metadata: 'pomona' },
  notificationUrl: 'https://pomona.harbour.example/apple/notify/n-01',
  notificationAuthToken: 'made-up-secret-01',
  subscribedNotificationTypes: ['ASSET_COUNT'],
  tokenExpirationDate: '2027-03-01T08:00:00+0000',
  uId: '7000000000000001',
}

function decoded(changes: JsonObject) {
  const surprises = createSurprises()
  return { config: decodeConfig({ ...sample, ...changes }, surprises), notes: surprises.names }
}

describe('client/config (Apple 2.3, 9.1)', () => {
  it('is read without its secret', () => {
    expect(decoded({})).toEqual({
      config: {
        uId: '7000000000000001',
        locationName: 'Kiel Depot',
        country: 'de',
        accountType: 'business',
        tokenExpiration: '2027-03-01T08:00:00.0000000Z',
        mdm: { id: '5e1f0c4e-0000-4000-8000-00000000000a', name: 'Pomona', metadata: 'pomona' },
      },
      notes: [],
    })
  })

  it('needs nothing but the uId', () => {
    expect(decodeConfig({ uId: '7' }, createSurprises())).toEqual({
      uId: '7',
      locationName: null,
      country: null,
      accountType: null,
      tokenExpiration: null,
      mdm: null,
    })
  })

  it.each([
    ['volumestore', 'https://school.apple.com', 'education', []],
    ['volumestore', null, 'education', []],
    [null, 'https://school.apple.com', 'education', []],
    [null, 'https://business.apple.com/', 'business', []],
    [
      'bookstore',
      'https://school.apple.com',
      'education',
      ['clientConfig.defaultPlatform=bookstore'],
    ],
    [
      'enterprisestore',
      'https://school.apple.com',
      'business',
      ['clientConfig.websiteURL=https://school.apple.com'],
    ],
    [null, 'https://apple.example', null, ['clientConfig.websiteURL=https://apple.example']],
    [null, 'school', null, ['clientConfig.websiteURL=school']],
    [null, null, null, []],
  ])('platform %j and portal %j mean %j', (defaultPlatform, websiteURL, accountType, notes) => {
    const { config, notes: noted } = decoded({ defaultPlatform, websiteURL })
    expect([config.accountType, noted]).toEqual([accountType, notes])
  })

  it.each([
    ['2030-11-08T22:33:22+0000', '2030-11-08T22:33:22.0000000Z'],
    ['2027-03-01T01:00:00-0700', '2027-03-01T08:00:00.0000000Z'],
    ['2027-03-01T08:00:00Z', '2027-03-01T08:00:00.0000000Z'],
    [null, null],
  ])('an expiry of %j is %j', (tokenExpirationDate, expected) => {
    expect(decoded({ tokenExpirationDate }).config.tokenExpiration).toBe(expected)
  })

  it('notes what it cannot make sense of, and goes on', () => {
    const { config, notes } = decoded({
      tokenExpirationDate: 'next spring',
      countryISO2ACode: 'DEU',
      region: 'north',
      mdmInfo: { id: 'a', mood: 'good' },
    })
    expect(config).toMatchObject({ tokenExpiration: null, country: null, mdm: { id: 'a' } })
    expect(notes).toEqual([
      'clientConfig.region',
      'clientConfig.countryISO2ACode=DEU',
      'clientConfig.tokenExpirationDate=next spring',
      'mdmInfo.mood',
    ])
  })

  it.each([
    [null, null],
    [{}, null],
    [{ id: '' }, null],
    [{ id: 'x' }, { id: 'x', name: null, metadata: null }],
  ])('mdmInfo %j names %j', (mdmInfo, expected) => {
    expect(decoded({ mdmInfo }).config.mdm).toEqual(expected)
  })

  it.each([
    [{ uId: undefined }, 'clientConfig.uId'],
    [{ uId: 7 }, 'clientConfig.uId'],
    [{ locationName: 7 }, 'clientConfig.locationName'],
    [{ countryISO2ACode: {} }, 'clientConfig.countryISO2ACode'],
    [{ defaultPlatform: 1 }, 'clientConfig.defaultPlatform'],
    [{ websiteURL: [] }, 'clientConfig.websiteURL'],
    [{ tokenExpirationDate: 0 }, 'clientConfig.tokenExpirationDate'],
    [{ mdmInfo: 'me' }, 'mdmInfo'],
    [{ mdmInfo: { id: 1 } }, 'mdmInfo.id'],
    [{ mdmInfo: { id: 'x', name: 1 } }, 'mdmInfo.name'],
  ])('names the field that has another shape: %j → %s', (changes, field) => {
    expect(() => decoded(changes)).toThrow(`other JSON shape: ${field}`)
  })
})
