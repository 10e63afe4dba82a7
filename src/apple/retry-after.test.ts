import { describe, expect, it } from 'vitest'
import { parseHttpDate, parseRetryAfter } from './retry-after.ts'

const answeredAtMs = Date.parse('2026-12-01T09:00:00Z')

describe('Retry-After (Apple 5)', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['1.5', 1_500],
    ['86400', 86_400_000],
    ['-1', undefined],
    ['soon', undefined],
    ['7 seconds', undefined],
    ['Tue, 01 Dec 2026 09:01:00 GMT', 60_000],
    ['Tuesday, 01-Dec-26 09:01:00 GMT', 60_000],
    ['Tue, 01 Dec 2026 08:59:00 GMT', 0],
    ['Tue, 01 Dec 2026 09:01:00', undefined],
    ['someday GMT', undefined],
  ])('%j is a wait of %j ms', (value, expected) => {
    expect(parseRetryAfter(value, answeredAtMs)).toBe(expected)
  })

  it('reads the date of an answer', () => {
    expect(parseHttpDate('Tue, 01 Dec 2026 09:00:00 GMT')).toBe(answeredAtMs)
    expect(parseHttpDate(undefined)).toBeUndefined()
  })
})
