import { describe, expect, it } from 'vitest'
import { failedAttempts } from './failed-attempts.ts'

const rules = { limit: 3, windowMs: 1_000, size: 2 }

describe('failed attempts', () => {
  it('make a name wait for the end of the window of its first failure once the limit is reached', () => {
    const attempts = failedAttempts(rules)
    attempts.add('a', 0)
    attempts.add('a', 400)
    expect(attempts.waitMs('a', 400)).toBe(0)
    attempts.add('a', 500)
    expect(attempts.waitMs('a', 500)).toBe(500)
    expect(attempts.waitMs('a', 999)).toBe(1)
    expect(attempts.waitMs('a', 1_000)).toBe(0)
  })

  it('start again from nothing in the next window', () => {
    const attempts = failedAttempts(rules)
    for (const atMs of [0, 0, 1_000, 1_000]) attempts.add('a', atMs)
    expect(attempts.waitMs('a', 1_000)).toBe(0)
    attempts.add('a', 1_100)
    expect(attempts.waitMs('a', 1_100)).toBe(900)
  })

  it('of one name do not count for another', () => {
    const attempts = failedAttempts(rules)
    for (let turn = 0; turn < 3; turn += 1) attempts.add('a', 0)
    expect(attempts.waitMs('b', 0)).toBe(0)
  })

  it('can be forgotten', () => {
    const attempts = failedAttempts(rules)
    for (let turn = 0; turn < 3; turn += 1) attempts.add('a', 0)
    attempts.forget('a')
    expect(attempts.waitMs('a', 0)).toBe(0)
  })

  it('are kept for so many names only: the window that ends first is given up', () => {
    const attempts = failedAttempts({ ...rules, limit: 1 })
    attempts.add('a', 0)
    attempts.add('b', 1)
    attempts.add('a', 2)
    attempts.add('c', 3)
    expect(['a', 'b', 'c'].map((name) => attempts.waitMs(name, 3))).toEqual([0, 998, 1_000])
  })
})
