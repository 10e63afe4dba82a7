import { describe, expect, test } from 'vitest'
import type { StoredToken } from '../../model/stored-token.ts'
import { tokenCache } from './token-cache.ts'

/** Only its state is looked at, and the length of its texts. */
const token = (version: number, dueAt = 'now', displayName = '') =>
  ({ version, dueAt, record: { displayName } }) as StoredToken

describe('the cache of tokens', () => {
  test('finds the very object that was put in, in its state and in no other', () => {
    const cache = tokenCache()
    const put = token(3)
    cache.put(7, put)
    expect(cache.find({ number: 7, version: 3, dueAt: 'now' })).toBe(put)
    expect(cache.find({ number: 7, version: 2, dueAt: 'now' })).toBeUndefined()
    expect(cache.find({ number: 7, version: 4, dueAt: 'now' })).toBeUndefined()
    expect(cache.find({ number: 7, version: 3, dueAt: 'later' })).toBeUndefined()
    expect(cache.find({ number: 8, version: 3, dueAt: 'now' })).toBeUndefined()
  })

  test('has one state of a token, the one that was put in last', () => {
    const cache = tokenCache()
    cache.put(7, token(3))
    cache.put(7, token(4))
    expect(cache.find({ number: 7, version: 3, dueAt: 'now' })).toBeUndefined()
    expect(cache.find({ number: 7, version: 4, dueAt: 'now' })).toEqual(token(4))
  })

  test('keeps no more text than its limit, however few the tokens are', () => {
    const cache = tokenCache(1_000, 20)
    const numbers = [1, 2, 3, 4, 5, 6]
    for (const number of numbers) cache.put(number, token(1, 'now', 'xxxxx'))
    const kept = numbers.filter((number) => cache.find({ number, version: 1, dueAt: 'now' }))
    expect(kept.length).toBeLessThanOrEqual(4)
    expect(kept).toContain(6)
  })

  test('keeps no more than its limit, and of those the half that was used last', () => {
    const cache = tokenCache(10)
    const has = (number: number) => cache.find({ number, version: 1, dueAt: 'now' }) !== undefined
    for (let number = 1; number <= 100; number += 1) {
      cache.put(number, token(1))
      // Used again and again, so it stays.
      expect(has(1)).toBe(true)
    }
    expect([1, 97, 98, 99, 100].filter(has)).toEqual([1, 97, 98, 99, 100])
    const kept = Array.from({ length: 100 }, (_, index) => index + 1).filter(has)
    expect(kept.length).toBeLessThanOrEqual(10)
  })
})
