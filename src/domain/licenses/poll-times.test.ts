import { describe, expect, test } from 'vitest'
import { firstPoll, hastenedPoll, isLate, nextPoll } from './poll-times.ts'

const at = (clock: string) => `2026-12-01T${clock}.0000000Z`
const sentAt = at('09:00:00')

describe('the outcome of a write', () => {
  test('is asked for after 30 seconds, or 5 minutes where Apple tells of events', () => {
    expect(firstPoll(sentAt, false)).toBe(at('09:00:30'))
    expect(firstPoll(sentAt, true)).toBe(at('09:05:00'))
  })

  test.each([
    ['09:00:30', '09:01:15'],
    ['09:09:14', '09:09:59'],
    ['09:09:30', '09:10:00'],
  ])('that is not there at %s is asked for again at %s', (now, next) => {
    expect(nextPoll({ sentAt }, at(now))).toBe(at(next))
  })

  test('is given up at 10 minutes', () => {
    expect(isLate({ sentAt }, at('09:09:59'))).toBe(false)
    expect(isLate({ sentAt }, at('09:10:00'))).toBe(true)
  })
})

describe('word of an event', () => {
  test.each([
    ['never asked for', '09:00:30', '09:00:02', '09:00:02'],
    ['never asked for, where Apple tells of events', '09:05:00', '09:00:02', '09:00:02'],
    // Asked at 09:01:00 and found under way: not again before 09:01:30.
    ['asked for a second ago', '09:01:45', '09:01:01', '09:01:30'],
    ['asked for 40 seconds ago', '09:01:45', '09:01:40', '09:01:40'],
    ['due already', '09:00:01', '09:00:02', '09:00:01'],
  ])('brings the poll of one %s forward', (_, pollAt, now, expected) => {
    expect(hastenedPoll({ sentAt, pollAt: at(pollAt) }, at(now))).toBe(at(expected))
  })
})
