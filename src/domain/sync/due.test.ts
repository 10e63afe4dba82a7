import { describe, expect, test } from 'vitest'
import type { AppleFinding } from '../../model/apple-finding.ts'
import { neverInstant } from '../../model/date-time-offset.ts'
import { dueAt, type EndedRun, nextSyncAfter } from './due.ts'

const now = new Date('2026-12-01T09:00:00.000Z')
const well: EndedRun = {
  now,
  finding: null,
  failuresInARow: 0,
  rowsSuspect: 0,
  walkDueAt: null,
  random: 0.5,
}
const outage: AppleFinding = { reason: 'appleUnavailable', isDefinite: false }
const revoked: AppleFinding = { reason: 'revokedByApple', isDefinite: true }

describe('the next sync', () => {
  test.each<[string, Partial<EndedRun>, string]>([
    ['after a good run comes 6 h later', {}, '15:00:00'],
    ['at least 5 h 24 min later', { random: 0 }, '14:24:00'],
    ['at most 6 h 36 min later', { random: 0.999_999_999 }, '15:36:00'],
    ['comes sooner while rows are suspect', { rowsSuspect: 51 }, '09:30:00'],
    [
      'after the first failure 5 min later',
      { finding: outage, failuresInARow: 1, random: 0 },
      '09:05:00',
    ],
    ['never before 5 min', { finding: outage, failuresInARow: 0, random: 0 }, '09:05:00'],
    ['a little later by chance', { finding: outage, failuresInARow: 1 }, '09:05:15'],
    ['after the third 20 min later', { finding: outage, failuresInARow: 3, random: 0 }, '09:20:00'],
    [
      'after the seventh 5 h 20 min later',
      { finding: outage, failuresInARow: 7, random: 0 },
      '14:20:00',
    ],
    [
      'after many never later than usual',
      { finding: outage, failuresInARow: 8, random: 0.9 },
      '15:00:00',
    ],
    ['after a verdict as usual', { finding: revoked, failuresInARow: 1 }, '15:00:00'],
    [
      'not before Apple wants it',
      { finding: { ...outage, notBefore: '2026-12-01T09:40:00.0000000Z' }, failuresInARow: 1 },
      '09:40:00',
    ],
    [
      'later than Apple wants it',
      {
        finding: { ...outage, notBefore: '2026-12-01T09:01:00.0000000Z' },
        failuresInARow: 1,
        random: 0,
      },
      '09:05:00',
    ],
  ])('%s', (_when, part, time) => {
    expect(nextSyncAfter({ ...well, ...part })).toBe(`2026-12-01T${time}.0000000Z`)
  })
})

describe('a token is due', () => {
  const nextSync = '2026-12-01T15:00:00.0000000Z'
  test.each([
    ['at its next sync', '2027-03-01T08:00:00.0000000Z', nextSync],
    [
      'at its expiry when that is earlier',
      '2026-12-01T12:00:00.0000000Z',
      '2026-12-01T12:00:00.0000000Z',
    ],
    ['at its next sync when the expiry is past', '2026-12-01T08:59:59.0000000Z', nextSync],
    ['at its next sync when the expiry is now', '2026-12-01T09:00:00.0000000Z', nextSync],
    ['at its next sync when the expiry is not known', neverInstant, nextSync],
  ])('%s', (_when, expiresAt, due) => {
    expect(dueAt(nextSync, expiresAt, now)).toBe(due)
  })
})
