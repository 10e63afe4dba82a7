import { expect, test } from 'vitest'
import { isIdOf, licenseId } from './license-id.ts'

const uId = '2049025000431439'
const pair = (target: string, pricingParam = 'STDQ') => ({
  ...{ adamId: '361309726', pricingParam, target },
})

/** Worked out with another program's UUID of version 5. */
test.each([
  ['C02AB12CDE34', 'STDQ', '6b550572-07cb-525f-8914-6671fead753a'],
  ['C02AB12CDE34', 'PLUS', '23330340-73c3-5a6a-8508-66933cc0a64e'],
  ['Zoë 😀', 'STDQ', '356f0589-c0b2-5e38-90f9-c40cde5fdcb5'],
])('the licence of %s in quality %s has the id %s', (target, pricingParam, id) => {
  expect(licenseId(uId, pair(target, pricingParam))).toBe(id)
  expect(isIdOf(id, uId, pair(target, pricingParam))).toBe(true)
  expect(isIdOf(id, '1', pair(target, pricingParam))).toBe(false)
  expect(isIdOf(id.replace(/.$/, 'x'), uId, pair(target, pricingParam))).toBe(false)
})
