import { expect, test } from 'vitest'
import { isLow, lowMark } from './low-mark.ts'

const app = (availableLicenseCount: number, totalLicenseCount: number, isUnlimited = false) => ({
  ...{ availableLicenseCount, totalLicenseCount, isUnlimited },
})

test.each([
  ['5', app(5, 100), true],
  ['5', app(6, 100), false],
  ['10%', app(10, 100), true],
  ['10%', app(11, 100), false],
  ['0', app(0, 10), true],
  ['0%', app(1, 10), false],
  ['100%', app(10, 10), true],
  ['100%', app(0, 2_147_483_647, true), false],
  ['9', app(0, 0, true), false],
] as const)('with the mark %s, %j is low: %s', (text, counts, expected) => {
  const mark = lowMark(text)
  expect(mark && isLow(counts, mark)).toBe(expected)
})

test.each(['', '%', '-1', '101%', '1.5', 'ten', '10 %'])('%j is no mark', (text) => {
  expect(lowMark(text)).toBeUndefined()
})
