import { describe, expect, test } from 'vitest'
import { goodFacts, now } from '../../../test/sync/good-facts.ts'
import type { AppleFinding } from '../../model/apple-finding.ts'
import { neverInstant } from '../../model/date-time-offset.ts'
import { type StateReason, stateReason } from '../../model/vpp-token-types.ts'
import { stateMessage } from './state-message.ts'
import type { TokenFacts } from './token-facts.ts'

const foreign = {
  id: '5e1f0c4e-0000-4000-8000-0000000000ff',
  name: 'Old MDM',
  firstSeenAt: '2026-11-20T16:45:30.0000000Z',
}

function finding(reason: StateReason, rest: Partial<AppleFinding> = {}) {
  return { finding: { reason, isDefinite: false, ...rest } }
}

const rows: readonly (readonly [reason: StateReason, facts: Partial<TokenFacts>, text: string])[] =
  [
    ['ok', {}, 'Apple accepts this content token.'],
    ['neverChecked', {}, 'This content token has not been checked with Apple yet.'],
    [
      'expired',
      { expiresAt: '2026-11-30T08:00:00.0000000Z' },
      'The content token expired on 2026-11-30 08:00 UTC. Download a new one from Apple Business and renew it here.',
    ],
    [
      'expired',
      { accountType: 'education', expiresAt: '2026-12-01T09:00:00.0000000Z' },
      'The content token expired on 2026-12-01 09:00 UTC. Download a new one from Apple School Manager and renew it here.',
    ],
    // 9621 although the known date lies ahead, or is not known.
    [
      'expired',
      {},
      'The content token expired. Download a new one from Apple Business and renew it here.',
    ],
    [
      'expired',
      { expiresAt: neverInstant },
      'The content token expired. Download a new one from Apple Business and renew it here.',
    ],
    [
      'revokedByApple',
      {},
      'Apple revoked this content token (9625). A newer download, a password change or the departure of a1@harbour.example can cause this. Download a new one and renew it here.',
    ],
    [
      'revokedByApple',
      { appleId: null },
      'Apple revoked this content token (9625). A newer download, a password change or the departure of the account that downloaded it can cause this. Download a new one and renew it here.',
    ],
    [
      'rejectedByApple',
      {},
      'Apple does not recognise this content token (9622). Download a new one and renew it here.',
    ],
    [
      'unreadableToken',
      finding('unreadableToken', {
        detail:
          'The file is empty. Download the content token again from Apple Business or Apple School Manager.',
      }),
      'The file is empty. Download the content token again from Apple Business or Apple School Manager.',
    ],
    [
      'loginRequired',
      {},
      'Apple asked for a login (9601). Download a new content token and renew it here.',
    ],
    [
      'legacyToken',
      {},
      'This is an old user-based token (9647). Download a content token for a location and renew it here.',
    ],
    [
      'locationMismatch',
      finding('locationMismatch', { detail: '7000000000000099' }),
      'Apple now answers for another location (7000000000000099) than stored (7000000000000001). Nothing was written. Renew with the right token.',
    ],
    [
      'locationMismatch',
      finding('locationMismatch', { detail: 'Apple answered for another one.' }),
      'Apple now answers for another location than stored (7000000000000001). Nothing was written. Renew with the right token.',
    ],
    [
      'insufficientRights',
      {},
      'The account behind this token may not assign licences (9637). Reading goes on. Use a token of an account that may.',
    ],
    [
      'heldByOtherMdm',
      { holder: foreign },
      'Location "Kiel Depot" is managed by "Old MDM" (id 5e1f0c4e-0000-4000-8000-0000000000ff), first seen 2026-11-20 16:45 UTC. Pomona only reads until you claim it.',
    ],
    [
      'heldByOtherMdm',
      { holder: { ...foreign, name: null }, locationName: null },
      'Location "7000000000000001" is managed by the server with id 5e1f0c4e-0000-4000-8000-0000000000ff, first seen 2026-11-20 16:45 UTC. Pomona only reads until you claim it.',
    ],
    [
      'heldByOtherMdm',
      { holder: null },
      'Location "Kiel Depot" is run by Apple\'s own management (9645). Pomona only reads until you claim it.',
    ],
    [
      'unclaimed',
      {},
      'No server is registered for this location. Pomona only reads until you claim it.',
    ],
    [
      'duplicateLocation',
      { olderTwinName: 'Kiel' },
      'Location "Kiel Depot" is also served by "Kiel". Only one of them is synced.',
    ],
    [
      'throttled',
      {},
      'Apple is limiting requests for this location (9646). Next attempt 2026-12-01 09:05 UTC.',
    ],
    [
      'maintenance',
      {},
      "Apple's service is in maintenance (9644). Next attempt 2026-12-01 09:05 UTC.",
    ],
    [
      'appleUnavailable',
      finding('appleUnavailable', { detail: 'connection refused' }),
      "Apple's service gave no usable answer (connection refused). Next attempt 2026-12-01 09:05 UTC.",
    ],
    [
      'appleUnavailable',
      { ...finding('appleUnavailable'), nextAttemptAt: neverInstant },
      "Apple's service gave no usable answer.",
    ],
    [
      'tlsRefused',
      finding('tlsRefused', { host: 'vpp.itunes.apple.com' }),
      'The certificate of vpp.itunes.apple.com is not trusted. Check proxy and CA settings; nothing was sent.',
    ],
    [
      'notificationsOff',
      finding('notificationsOff', { errorNumber: 9728 }),
      'Apple cannot deliver notifications (9728). Pomona polls instead; nothing is lost.',
    ],
    [
      'notVerifiedRecently',
      { verifiedAt: '2026-11-30T06:30:00.0000000Z' },
      'The last successful check was 26 hours ago. The stored data may be out of date.',
    ],
    [
      'notVerifiedRecently',
      { verifiedAt: '2026-11-28T09:00:00.0000000Z' },
      'The last successful check was 3 days ago. The stored data may be out of date.',
    ],
    ['serviceGone', {}, 'Apple has withdrawn this service (9634). Update Pomona.'],
    [
      'clientDefect',
      finding('clientDefect', { errorNumber: 9722 }),
      'Apple refused a request (9722). This is a fault in Pomona; report run 01900000-0000-7000-8000-000000000001.',
    ],
    [
      'clientDefect',
      { ...finding('clientDefect', { detail: 'TypeError' }), runId: null },
      'The run could not be finished (TypeError). If this comes again, report it.',
    ],
    [
      'unknownAppleError',
      finding('unknownAppleError', { errorNumber: 9999, httpStatus: 418, detail: 'Teapot.' }),
      'Apple answered with an unknown number: 9999, HTTP 418, "Teapot.".',
    ],
  ]

describe('the sentence for a reason', () => {
  test.each(rows)('%s %#', (reason, facts, text) => {
    expect(stateMessage(reason, { ...goodFacts, ...facts }, now)).toBe(text)
  })

  test('is tested for every reason', () => {
    const tested = new Set(rows.map(([reason]) => reason))
    expect(tested).toEqual(new Set(Object.keys(stateReason.members)))
  })
})
