import { expect, test } from 'vitest'
import { driftText } from './token-view.ts'

test.each([
  [86_401, '1 day later'],
  [2 * 86_400, '2 days later'],
  [-86_401, '1 day earlier'],
  [-31 * 86_400 - 1, '31 days earlier'],
])('a drift of %i s is told as: %s', (seconds, told) => {
  expect(driftText(seconds)).toBe(told)
})
