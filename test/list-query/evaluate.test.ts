import { describe, expect, test } from 'vitest'
import type { Operand, Predicate } from '../../src/model/list-query.ts'
import { compares, inOrder, meets } from './evaluate.ts'

const name: Operand = { property: 'name' }
const startsWithA: Predicate = { kind: 'match', operand: name, match: 'startsWith', text: 'a' }
const not = (of: Predicate): Predicate => ({ kind: 'not', of })

describe('the evaluator', () => {
  test('orders text by the bytes of UTF-8, not by the units of UTF-16', () => {
    expect('\uff21' > '😀').toBe(true)
    expect(compares('\uff21', 'lt', '😀')).toBe(true)
    const rows = ['😀', 'é', '\uff21', 'b', null, 'B'].map((id) => ({ record: { id } }))
    expect(rows.toSorted(inOrder([])).map(({ record }) => record.id)).toEqual([
      null,
      'B',
      'b',
      'é',
      '\uff21',
      '😀',
    ])
  })

  test.each([
    [startsWithA, false],
    [not(startsWithA), false],
    [not(not(startsWithA)), false],
    [{ kind: 'or', of: [startsWithA, not(startsWithA)] }, false],
    [{ kind: 'or', of: [startsWithA, { kind: 'constant', value: true }] }, true],
    [not({ kind: 'and', of: [startsWithA, { kind: 'constant', value: false }] }), true],
    [{ kind: 'compare', operand: name, comparison: 'eq', value: null }, true],
    [{ kind: 'compare', operand: name, comparison: 'ne', value: 'a' }, true],
    [{ kind: 'compare', operand: name, comparison: 'le', value: null }, true],
    [{ kind: 'compare', operand: name, comparison: 'lt', value: null }, false],
    [not({ kind: 'compare', operand: name, comparison: 'le', value: 'a' }), true],
    [{ kind: 'in', operand: name, values: ['a', null] }, true],
    [not({ kind: 'in', operand: name, values: ['a'] }), true],
    [{ kind: 'search', properties: ['name'], text: 'a' }, false],
    [not({ kind: 'search', properties: ['name'], text: 'a' }), true],
  ] satisfies readonly (readonly [Predicate, boolean])[])(
    'of a null, %j is %s',
    (predicate, expected) => {
      expect(meets(predicate, { record: { name: null } })).toBe(expected)
    },
  )

  test('takes a property of other kinds for null', () => {
    const ofBooks: Operand = { property: 'name', ofKinds: ['book'] }
    const isA: Predicate = { kind: 'compare', operand: ofBooks, comparison: 'eq', value: 'a' }
    expect(meets(isA, { record: { name: 'a' }, kind: 'book' })).toBe(true)
    expect(meets(isA, { record: { name: 'a' }, kind: 'app' })).toBe(false)
  })
})
