import { describe, expect, test } from 'vitest'
import { goodFacts, now } from '../../../test/sync/good-facts.ts'
import type { AppleFinding } from '../../model/apple-finding.ts'
import { neverInstant } from '../../model/date-time-offset.ts'
import { type StateReason, stateReason } from '../../model/vpp-token-types.ts'
import type { TokenFacts } from './token-facts.ts'
import { tokenState } from './token-state.ts'

const verdict = (reason: StateReason): AppleFinding => ({ reason, isDefinite: true })
const trouble = (reason: StateReason): AppleFinding => ({ reason, isDefinite: false })
const foreign = {
  holder: { id: 'other', name: 'Old MDM', firstSeenAt: '2026-11-01T07:30:00.0000000Z' },
  isHeldByPomona: false,
}
const unset = { holder: null, isHeldByPomona: false }
const never = { verifiedAt: neverInstant }
const expired = { expiresAt: '2026-11-30T00:00:00.0000000Z' }
const twin = { olderTwinName: 'Kiel' }

type Row = readonly [why: string, facts: Partial<TokenFacts>, expected: string]

const rows: readonly Row[] = [
  // 1
  ['9621', { finding: verdict('expired') }, 'expired expired renew'],
  ['the expiry is past', expired, 'expired expired renew'],
  [
    'the expiry is this instant',
    { expiresAt: '2026-12-01T09:00:00.0000000Z' },
    'expired expired renew',
  ],
  ['the expiry is 1 ms ahead', { expiresAt: '2026-12-01T09:00:00.0010000Z' }, 'valid ok nothing'],
  ['the expiry is not known', { expiresAt: neverInstant }, 'valid ok nothing'],
  // 2
  ['9625', { finding: verdict('revokedByApple') }, 'invalid revokedByApple renew'],
  ['9622', { finding: verdict('rejectedByApple') }, 'invalid rejectedByApple renew'],
  ['9601', { finding: verdict('loginRequired') }, 'invalid loginRequired renew'],
  ['9647', { finding: verdict('legacyToken') }, 'invalid legacyToken renew'],
  [
    'an unknown number with 401',
    { finding: verdict('unknownAppleError') },
    'invalid unknownAppleError renew',
  ],
  ['another location', { finding: verdict('locationMismatch') }, 'invalid locationMismatch renew'],
  ['no content token', { finding: verdict('unreadableToken') }, 'invalid unreadableToken renew'],
  [
    'a verdict on a token never accepted',
    { ...never, finding: verdict('revokedByApple') },
    'invalid revokedByApple renew',
  ],
  // 3
  ['never asked', never, 'unknown neverChecked wait'],
  [
    'never accepted: throttled',
    { ...never, finding: trouble('throttled') },
    'unknown throttled wait',
  ],
  [
    'never accepted: maintenance',
    { ...never, finding: trouble('maintenance') },
    'unknown maintenance wait',
  ],
  [
    'never accepted: no answer',
    { ...never, finding: trouble('appleUnavailable') },
    'unknown appleUnavailable wait',
  ],
  [
    'never accepted: certificate',
    { ...never, finding: trouble('tlsRefused') },
    'unknown tlsRefused checkNetwork',
  ],
  [
    'never accepted: defect',
    { ...never, finding: trouble('clientDefect') },
    'unknown clientDefect reportDefect',
  ],
  [
    'never accepted: service gone',
    { ...never, finding: trouble('serviceGone') },
    'unknown serviceGone updatePomona',
  ],
  [
    'never accepted: unknown number',
    { ...never, finding: trouble('unknownAppleError') },
    'unknown unknownAppleError reportDefect',
  ],
  // 4
  ['another server', foreign, 'assignedToExternalMDM heldByOtherMdm claim'],
  [
    '9645',
    { ...unset, finding: verdict('heldByOtherMdm') },
    'assignedToExternalMDM heldByOtherMdm claim',
  ],
  [
    '9645 at the first question',
    { ...unset, ...never, finding: verdict('heldByOtherMdm') },
    'assignedToExternalMDM heldByOtherMdm claim',
  ],
  // 5
  ['an older twin', twin, 'duplicateLocationId duplicateLocation removeDuplicate'],
  // 6
  ['no server registered', unset, 'valid unclaimed claim'],
  // 7
  ['9637', { finding: trouble('insufficientRights') }, 'valid insufficientRights renew'],
  // 8
  ['9634', { finding: trouble('serviceGone') }, 'valid serviceGone updatePomona'],
  [
    'the last good answer is 24 h old',
    { verifiedAt: '2026-11-30T09:00:00.0000000Z' },
    'valid notVerifiedRecently checkNetwork',
  ],
  [
    'the last good answer is 1 ms younger',
    { verifiedAt: '2026-11-30T09:00:00.0010000Z' },
    'valid ok nothing',
  ],
  // 9
  ['nothing else', {}, 'valid ok nothing'],
  ['trouble says nothing about the token', { finding: trouble('throttled') }, 'valid ok nothing'],
  ['trouble of a recent day', { finding: trouble('appleUnavailable') }, 'valid ok nothing'],
]

describe('the state of a token', () => {
  test.each(rows)('%s', (_why, facts, expected) => {
    const decided = tokenState({ ...goodFacts, ...facts }, now)
    expect(`${decided.state} ${decided.stateReason} ${decided.recommendedAction}`).toBe(expected)
  })

  /** Each row with everything that stands below it: the first one wins (graph G14, Apple 9.4). */
  test.each<Row>([
    ['expired before revoked', { ...expired, finding: verdict('revokedByApple') }, 'expired'],
    ['expired before never checked', { ...expired, ...never }, 'expired'],
    ['expired before another server', { ...expired, ...foreign, ...twin }, 'expired'],
    [
      'invalid before another server',
      { ...foreign, ...twin, finding: verdict('legacyToken') },
      'legacyToken',
    ],
    ['never checked before another server', { ...never, ...foreign, ...twin }, 'neverChecked'],
    ['another server before a twin', { ...foreign, ...twin }, 'heldByOtherMdm'],
    ['a twin before no server', { ...unset, ...twin }, 'duplicateLocation'],
    [
      'no server before missing rights',
      { ...unset, finding: trouble('insufficientRights') },
      'unclaimed',
    ],
    [
      'no server before an old answer',
      { ...unset, verifiedAt: '2026-01-01T00:00:00.0000000Z' },
      'unclaimed',
    ],
    [
      'missing rights before an old answer',
      { finding: trouble('insufficientRights'), verifiedAt: '2026-01-01T00:00:00.0000000Z' },
      'insufficientRights',
    ],
    [
      'service gone before an old answer',
      { finding: trouble('serviceGone'), verifiedAt: '2026-01-01T00:00:00.0000000Z' },
      'serviceGone',
    ],
  ])('%s', (_why, facts, expected) => {
    expect(tokenState({ ...goodFacts, ...facts }, now).stateReason).toBe(expected)
  })

  test('is never changed by trouble, whatever is known of the token', () => {
    const known: Partial<TokenFacts>[] = [{}, expired, foreign, twin, unset]
    const troubles = [
      'throttled',
      'maintenance',
      'appleUnavailable',
      'tlsRefused',
      'clientDefect',
    ] as const
    for (const facts of known) {
      const before = tokenState({ ...goodFacts, ...facts }, now)
      for (const reason of troubles)
        expect(tokenState({ ...goodFacts, ...facts, finding: trouble(reason) }, now)).toEqual(
          before,
        )
    }
  })

  test('comes with an action for each reason that a finding can have', () => {
    for (const reason of Object.keys(stateReason.members) as StateReason[])
      expect(
        tokenState({ ...goodFacts, ...never, finding: trouble(reason) }, now).recommendedAction,
      ).toBeTypeOf('string')
  })
})
