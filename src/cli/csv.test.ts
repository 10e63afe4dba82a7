import { describe, expect, test } from 'vitest'
import { csvText } from './csv.ts'

describe('csv', () => {
  test.each([
    ['no rows', [], ''],
    ['names, then values', [{ a: 1, b: true }], 'a,b\n1,true\n'],
    [
      'nothing for null and for what is absent',
      [{ a: null, b: undefined, c: 'x' }],
      'a,b,c\n,,x\n',
    ],
    ['a column for whatever any row has', [{ a: 1 }, { b: 2 }], 'a,b\n1,\n,2\n'],
    [
      'quotes around commas, quotes and ends of lines',
      [{ a: 'x,y', b: 'say "so"', c: 'two\nlines' }],
      'a,b,c\n"x,y","say ""so""","two\nlines"\n',
    ],
    [
      'JSON for what is more than one value',
      [{ a: ['x'], b: { c: 1 } }],
      'a,b\n"[""x""]","{""c"":1}"\n',
    ],
    ['numbers below zero as they are', [{ a: -1 }], 'a\n-1\n'],
  ])('writes %s', (_, rows, text) => {
    expect(csvText(rows)).toBe(text)
  })

  test.each(['=1+1', '+1', '-1', '@sum(1)', '\t=1', '\r=1'])(
    'keeps the text %j from being a formula',
    (name) => {
      const [, line = ''] = csvText([{ name }]).split('\n', 2)
      expect(csvText([{ name }])).toContain(`'${name}`)
      expect(line.replace(/^"/, '')).toMatch(/^'/)
    },
  )
})
