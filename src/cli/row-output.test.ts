import { describe, expect, test } from 'vitest'
import { yaml } from './row-output.ts'

describe('yaml', () => {
  test.each([
    [{ a: 'yes', b: null, c: 3, d: true }, 'a: "yes"\nb: null\nc: 3\nd: true'],
    [
      [
        { a: 1, b: 'x: y' },
        { a: 2, b: 'two\nlines' },
      ],
      '- a: 1\n  b: "x: y"\n- a: 2\n  b: "two\\nlines"',
    ],
    [{ list: [], object: {}, rows: [{ a: 1 }] }, 'list: []\nobject: {}\nrows:\n  - a: 1'],
    [[], '[]'],
  ])('writes %j', (value, text) => {
    expect(yaml(value, '')).toBe(text)
  })
})
