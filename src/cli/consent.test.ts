import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { isYes } from './consent.ts'

test.each([
  ['yes\n', true],
  ['Y\n', true],
  [' yes \n', true],
  ['\n', false],
  ['no\n', false],
  ['yesterday\n', false],
  ['', false],
])('%j at the terminal agrees: %s', async (typed, isAgreed) => {
  const output = new PassThrough()
  const input = new PassThrough()
  input.end(typed)
  expect(await isYes(input, output)).toBe(isAgreed)
  expect(String(output.read())).toContain('Do it? (yes or no) ')
})
