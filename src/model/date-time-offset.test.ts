import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatDateTimeOffset,
  instantOf,
  instantPlus,
  millisecondsAt,
  never,
  parseDateTimeOffset,
  utc,
} from './date-time-offset.ts'

const shown = (text: string) => {
  const value = parseDateTimeOffset(text)
  return value && formatDateTimeOffset(value)
}

describe('a date and time', () => {
  test.each([
    ['2016-12-31T23:57:57.2481234-08:00', '2016-12-31T23:57:57.2481234-08:00'],
    ['2026-01-31T10:20:30Z', '2026-01-31T10:20:30Z'],
    ['2026-01-31T10:20:30.1Z', '2026-01-31T10:20:30.1000000Z'],
    ['2026-01-31T10:20:30.123456789Z', '2026-01-31T10:20:30.1234567Z'],
    ['2026-01-31T10:20:30.00000009Z', '2026-01-31T10:20:30Z'],
    ['2026-01-31T10:20:30+00:00', '2026-01-31T10:20:30Z'],
    ['2026-01-31T10:20:30-00:00', '2026-01-31T10:20:30Z'],
    ['2030-11-08T22:33:22+0000', '2030-11-08T22:33:22Z'],
    ['2026-01-31T10:20:30-0730', '2026-01-31T10:20:30-07:30'],
    ['2026-01-31T10:20:30+05', '2026-01-31T10:20:30+05:00'],
    ['2026-01-31T10:20Z', '2026-01-31T10:20:00Z'],
    ['2026-01-31t10:20:30z', '2026-01-31T10:20:30Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0001-01-01T00:00:00-14:00', '0001-01-01T00:00:00-14:00'],
    ['0099-03-04T05:06:07Z', '0099-03-04T05:06:07Z'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.9999999Z'],
    ['2024-02-29T00:00:00+14:00', '2024-02-29T00:00:00+14:00'],
  ])('%s is kept and shown as %s', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  test.each([
    ['without an offset', '2026-01-31T10:20:30'],
    ['on 30 February', '2026-02-30T10:20:30Z'],
    ['on 29 February of a common year', '2026-02-29T10:20:30Z'],
    ['at hour 24', '2026-01-31T24:00:00Z'],
    ['at second 60', '2026-12-31T23:59:60Z'],
    ['in month 13', '2026-13-01T00:00:00Z'],
    ['in year 0', '0000-01-01T00:00:00Z'],
    ['more than 14 hours from UTC', '2026-01-31T10:20:30+14:01'],
    ['with 60 minutes in its offset', '2026-01-31T10:20:30+01:60'],
    ['that lies before year 1 in UTC', '0001-01-01T00:00:00+01:00'],
    ['that lies after year 9999 in UTC', '9999-12-31T23:59:59-01:00'],
    ['that is a date only', '2026-01-31'],
    ['with a blank for the T', '2026-01-31 10:20:30Z'],
    ['with text behind it', '2026-01-31T10:20:30Z '],
    ['that is empty', ''],
  ])('%s is refused', (_, text) => {
    expect(parseDateTimeOffset(text)).toBeUndefined()
  })

  test('compares as an instant, whatever its offset', () => {
    const west = parseDateTimeOffset('2016-12-31T23:57:57.2481234-08:00')
    const east = parseDateTimeOffset('2017-01-01T12:57:57.2481234+05:00')
    expect(west?.instant).toBe('2017-01-01T07:57:57.2481234Z')
    expect(east?.instant).toBe(west?.instant)
  })

  test('survives being shown and read again', () => {
    const anyValue = fc.record({
      ms: fc.integer({ min: Date.UTC(1, 0, 2), max: Date.UTC(9999, 11, 30) }),
      ticks: fc.integer({ min: 0, max: 9_999 }),
      offsetMinutes: fc.integer({ min: -840, max: 840 }),
    })
    fc.assert(
      fc.property(anyValue, ({ ms, ticks, offsetMinutes }) => {
        const instant = `${instantOf(new Date(ms)).slice(0, 23)}${String(ticks).padStart(4, '0')}Z`
        const value = { instant, offsetMinutes }
        expect(parseDateTimeOffset(formatDateTimeOffset(value))).toEqual(value)
        expect(millisecondsAt(instant)).toBe(ms)
      }),
    )
  })

  test('moves by milliseconds and keeps what is below them', () => {
    expect(instantPlus('2026-01-31T23:59:59.9991234Z', 1)).toBe('2026-02-01T00:00:00.0001234Z')
    expect(instantPlus(never.instant, -1)).toBe('0001-01-01T00:00:00.0000000Z')
  })

  test('of the service is UTC', () => {
    expect(utc('2026-01-31T10:20:30.0000000Z').offsetMinutes).toBe(0)
  })
})
