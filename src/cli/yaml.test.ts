import { describe, expect, test } from 'vitest'
import { yamlText } from './yaml.ts'

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
    [
      { '@odata.type': 'x', on: 1, '7': 2, 'a b': 3 },
      '"7": 2\n"@odata.type": "x"\n"on": 1\n"a b": 3',
    ],
    [[[1, 2], [], [{ a: { b: 1 } }]], '- - 1\n  - 2\n- []\n- - a:\n      b: 1'],
    [{ a: { b: undefined }, c: [null] }, 'a: {}\nc:\n  - null'],
    ['\u009b2J\u202e', '"\\u009b2J\\u202e"'],
  ])('writes %j', (value, text) => {
    expect(yamlText(value)).toBe(`${text}\n`)
  })
})
