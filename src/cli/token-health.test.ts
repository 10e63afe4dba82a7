import { describe, expect, test } from 'vitest'
import type { TokenView } from '../client/token-api.ts'
import { checkLine } from './check.ts'
import { timeSpanMs } from './time-span.ts'
import { tokenHealth, worst } from './token-health.ts'

const now = new Date('2026-12-01T09:00:00Z')
const thresholds = { warnMs: 30 * 86_400_000, critMs: 7 * 86_400_000 }
const good: TokenView = {
  ...{ id: '1', organizationName: null, displayName: 'Kiel', locationName: null },
  ...{ locationId: '7', state: 'valid', stateReason: 'ok', stateMessage: null },
  ...{ recommendedAction: 'nothing', expirationDateTime: '2027-06-01T08:00:00Z' },
  ...{ lastSyncDateTime: '2026-12-01T08:00:00Z', lastSyncStatus: 'completed', lastAppCount: 1 },
  ...{ totalLicenseCount: 1, usedLicenseCount: 0, contentFingerprint: null },
  ...{ expirationDriftSeconds: 0, nextSyncDateTime: '2026-12-01T09:30:00Z' },
}
const judged = (part: Partial<TokenView>) => {
  const { severity, problem } = tokenHealth({ ...good, ...part }, thresholds, now)
  return `${severity} ${problem ?? '-'}`
}

describe('the health of a token', () => {
  test.each<readonly [Partial<TokenView>, string]>([
    [{}, 'ok -'],
    [{ stateReason: 'unclaimed' }, 'ok -'],
    [{ expirationDateTime: '0001-01-01T00:00:00Z' }, 'ok -'],
    [{ expirationDateTime: '2026-12-31T09:00:00Z' }, 'warning expires in 30 d (2026-12-31)'],
    [{ expirationDateTime: '2026-12-31T09:00:01Z' }, 'ok -'],
    [{ expirationDateTime: '2026-12-08T09:00:00Z' }, 'critical expires in 7 d (2026-12-08)'],
    [{ expirationDateTime: '2026-12-08T09:00:01Z' }, 'warning expires in 7 d (2026-12-08)'],
    [{ expirationDateTime: '2026-12-01T08:00:00Z' }, 'critical expired (2026-12-01)'],
    [
      { state: 'expired', expirationDateTime: '2026-11-30T00:00:00Z' },
      'critical expired (2026-11-30)',
    ],
    [{ state: 'invalid', stateReason: 'revokedByApple' }, 'critical revokedByApple'],
    [{ state: 'assignedToExternalMDM', stateReason: 'heldByOtherMdm' }, 'warning heldByOtherMdm'],
    [
      {
        ...{ state: 'assignedToExternalMDM', stateReason: 'heldByOtherMdm' },
        expirationDateTime: '2026-12-02T09:00:00Z',
      },
      'critical expires in 1 d (2026-12-02)',
    ],
    [
      { state: 'duplicateLocationId', stateReason: 'duplicateLocation' },
      'warning duplicateLocation',
    ],
    [{ stateReason: 'notVerifiedRecently' }, 'warning notVerifiedRecently'],
    [{ stateReason: 'serviceGone' }, 'critical serviceGone'],
    [{ state: 'unknown', stateReason: 'neverChecked' }, 'unknown neverChecked'],
    [{ lastSyncStatus: 'failed' }, 'warning its last sync failed'],
  ])('%j is %s', (part, expected) => {
    expect(judged(part)).toBe(expected)
  })

  test('of all is that of the worst, and nobody knows it of none', () => {
    const of = (...parts: readonly Partial<TokenView>[]) =>
      parts.map((part) => tokenHealth({ ...good, ...part }, thresholds, now))
    expect(worst([])).toBe('unknown')
    expect(worst(of({}, { state: 'unknown', stateReason: 'neverChecked' }))).toBe('unknown')
    const both = of({}, { state: 'unknown' }, { lastSyncStatus: 'failed' }, { state: 'invalid' })
    expect(worst(both.slice(0, 3))).toBe('warning')
    expect(worst(both)).toBe('critical')
    expect(checkLine('ok', of({}, {}))).toBe('POMONA OK: 2 tokens')
    expect(checkLine('unknown', [])).toBe('POMONA UNKNOWN: the tenant has no tokens')
    expect(
      checkLine(
        'critical',
        of({}, { lastSyncStatus: 'failed' }, { state: 'expired', displayName: 'Kiel\nWest' }),
      ),
    ).toBe(
      'POMONA CRITICAL: 2 of 3 tokens: Kiel West expired (2027-06-01), Kiel its last sync failed',
    )
  })
})

test.each([
  ['30d', 2_592_000_000],
  ['12h', 43_200_000],
  ['2w', 1_209_600_000],
  ['30', undefined],
  ['-1d', undefined],
  ['1.5d', undefined],
  ['99999d', undefined],
])('the time span %s is %s ms', (text, ms) => {
  expect(timeSpanMs(text)).toBe(ms)
})
