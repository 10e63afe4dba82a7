import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  availableCount,
  buy,
  emptyPool,
  giveBack,
  type LicensePool,
  refund,
  shownTotal,
  take,
} from './license-counts.ts'

const pool = (
  totalCount: number | 'unlimited',
  assignedCount = 0,
  retiredCount = 0,
): LicensePool => ({
  totalCount,
  assignedCount,
  retiredCount,
})

describe('licenses (Apple contract 11.3 S6)', () => {
  test('what is assigned and what is retired is missing from what is available', () => {
    expect(availableCount(pool(4, 1, 1))).toBe(2)
  })

  test('an unlimited asset shows 2147483647 and never runs short', () => {
    const taken = take(pool('unlimited'), 3)
    expect(taken && [shownTotal(taken), availableCount(taken)]).toEqual([2147483647, 2147483644])
  })

  test.each([
    ['taking more than is available', take(pool(3, 1), 3)],
    ['giving back more than is assigned', giveBack(pool(3, 1), 2)],
    ['refunding licenses that are assigned', refund(pool(3, 1), 3)],
    ['refunding an unlimited asset', refund(pool('unlimited'), 1)],
    ['buying up to the number that means unlimited', buy(pool(2_147_483_646), 1)],
  ])('%s is refused', (_, outcome) => {
    expect(outcome).toBeUndefined()
  })

  test('the largest fixed total stays a fixed total', () => {
    expect(buy(pool(2_147_483_645), 1)).toEqual(pool(2_147_483_646))
  })

  test('whatever happens, total = available + assigned + retired, and nothing falls below zero', () => {
    const step = fc.record({
      kind: fc.constantFrom('take', 'giveBack', 'buy', 'refund'),
      count: fc.integer({ min: 1, max: 30 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let current = emptyPool
        for (const { kind, count } of steps) {
          const act = { take, giveBack, buy, refund }[kind]
          current = act?.(current, count) ?? current
          const parts = [availableCount(current), current.assignedCount, current.retiredCount]
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(shownTotal(current))
        }
      }),
    )
  })
})
