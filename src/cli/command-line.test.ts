import { expect, test } from 'vitest'
import { commandLine } from './command-line.ts'

test.each([
  [['pomona', 'user', 'retire', 'u-1'], 'pomona user retire u-1'],
  [['--user', 'Ann Lee'], "--user 'Ann Lee'"],
  [['--user', "O'Hara; rm"], "--user 'O'\\''Hara; rm'"],
  [['--orphans', '-'], '--orphans -'],
  [[''], "''"],
])('%j is typed as %s', (words, text) => {
  expect(commandLine(words)).toBe(text)
})
