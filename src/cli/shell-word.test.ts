import { expect, test } from 'vitest'
import { shellWord } from './shell-word.ts'

test.each([
  ['kiel.vpptoken', 'kiel.vpptoken'],
  ['-', '-'],
  ['Kiel Depot.vpptoken', "'Kiel Depot.vpptoken'"],
  ["it's; rm", "'it'\\''s; rm'"],
  ['', "''"],
])('%s is written as %s', (text, word) => {
  expect(shellWord(text)).toBe(word)
})
