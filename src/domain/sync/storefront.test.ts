import { describe, expect, test } from 'vitest'
import { storefrontKey, storefrontOf } from './storefront.ts'

const token = {
  countryOrRegion: 'de',
  appleCountryOrRegion: 'gb',
  vppTokenAccountType: 'business',
} as const

describe('the storefront', () => {
  test.each([
    ['iosVppApp', 'business', 'enterprisestore'],
    ['iosVppEBook', 'business', 'enterprisestore'],
    ['iosVppApp', 'education', 'volumestore'],
    ['iosVppEBook', 'education', 'volumestore'],
    ['macOsVppApp', 'business', 'macappstore'],
    ['macOsVppApp', 'education', 'macappstore'],
  ] as const)('of a %s of a location for %s is the %s', (kind, vppTokenAccountType, platform) => {
    expect(storefrontOf({ ...token, vppTokenAccountType }, kind)?.platform).toBe(platform)
  })

  test.each([
    ['fr', 'de', 'fr'],
    ['FR', 'de', 'fr'],
    [null, 'de', 'de'],
    ['France', 'de', 'de'],
    ['', 'de', 'de'],
    [null, null, undefined],
    ['France', null, undefined],
  ])("with the caller's country %s and Apple's %s is that of %s", (caller, apple, country) => {
    const place = { ...token, countryOrRegion: caller, appleCountryOrRegion: apple }
    expect(storefrontOf(place, 'iosVppApp')?.country).toBe(country)
  })

  test('has a name of its own', () => {
    expect(storefrontKey({ platform: 'volumestore', country: 'gb' })).toBe('volumestore gb')
  })
})
