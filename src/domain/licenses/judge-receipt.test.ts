import { describe, expect, test } from 'vitest'
import type { ItemFailure } from '../../model/apple-write.ts'
import { failureOf, pauseSecondsOf, verdictFor, verdictWithoutEvent } from './judge-receipt.ts'

const asset = { adamId: '1', pricingParam: 'STDQ' }
const pair = { ...asset, targetKind: 'serialNumber', target: 'A' } as const
const failure = (reason: ItemFailure['reason'], given: Partial<ItemFailure> = {}): ItemFailure => ({
  ...{ reason, errorNumber: 9709, errorMessage: 'No.', assets: [], clientUserIds: [] },
  serialNumbers: [],
  ...given,
})

describe('the reason that an event gives for a pair', () => {
  test.each([
    ['one that names nobody', [failure('maintenance')], 'maintenance'],
    [
      'one that names it',
      [failure('notEnoughLicences', { serialNumbers: ['A'] })],
      'notEnoughLicences',
    ],
    ['one that names its app', [failure('notRevocable', { assets: [asset] })], 'notRevocable'],
    [
      'one that names another device',
      [failure('notRevocable', { serialNumbers: ['B'] })],
      undefined,
    ],
    [
      'one that names another app',
      [failure('notRevocable', { assets: [{ ...asset, pricingParam: 'PLUS' }] })],
      undefined,
    ],
    ['one that names users', [failure('userNotFound', { clientUserIds: ['A'] })], undefined],
    [
      'the one that says most',
      [
        ...[failure('maintenance'), failure('notRevocable', { assets: [asset] })],
        failure('notEnoughLicences', { assets: [asset], serialNumbers: ['A'] }),
      ],
      'notEnoughLicences',
    ],
    ['none', [], undefined],
  ])('is %s', (_, failures, reason) => {
    expect(failureOf(failures, pair)?.reason).toBe(reason)
  })
})

describe('what is not as wanted after an event', () => {
  test.each([
    // No resend until the counts rise (Apple 4.1).
    ['notEnoughLicences', 0, 'failed', 0, 0],
    ['userNotFound', 0, 'failed', 0, 0],
    // It passes by itself: another event after 5 minutes, five in all.
    ['maintenance', 0, 'waiting', 1, 300],
    ['maintenance', 3, 'waiting', 4, 300],
    ['maintenance', 4, 'failed', 4, 0],
    ['appleUnavailable', 3, 'waiting', 4, 300],
    ['appleUnavailable', 4, 'failed', 4, 0],
    // 9626 and 9643: once after 5 minutes; 9630 to 9632: once after 15.
    ['lockedElsewhere', 0, 'waiting', 1, 300],
    ['lockedElsewhere', 1, 'failed', 1, 0],
    ['tooManyIdenticalCalls', 0, 'waiting', 1, 900],
    ['tooManyIdenticalCalls', 1, 'failed', 1, 0],
    ['termsNotAccepted', 0, 'failed', 0, 0],
    // The old service's way to say that it is as wanted: 9616, 9619; and 9716.
    ['alreadyDone', 0, 'done', 0, 0],
    ['userExists', 0, 'done', 0, 0],
  ] as const)('because of %s at try %i is %s', (reason, tries, status, after, pause) => {
    const verdict = verdictFor(failure(reason), tries)
    expect(verdict).toMatchObject({ status, tries: after })
    expect(pauseSecondsOf(verdict)).toBe(pause)
  })

  test('because of a user who can be registered waits for that, once', () => {
    const missing = failure('userNotFound', { errorNumber: 9609 })
    const first = verdictFor(missing, 0, true)
    expect(first).toEqual({
      ...{ status: 'waiting', reason: 'userNotFound', errorNumber: 9609, tries: 1 },
    })
    expect(pauseSecondsOf(first)).toBe(0)
    expect(verdictFor(missing, 1, true)).toMatchObject({ status: 'failed', tries: 1 })
  })

  test('without a reason has failed for one that nobody knows', () => {
    expect(verdictFor(undefined, 0)).toEqual({
      ...{ status: 'failed', reason: 'unknownAppleError', errorNumber: 0, tries: 0 },
    })
  })
})

describe('without the outcome of an event', () => {
  test.each([
    // At ten minutes only what is missing is sent, once.
    ['eventLate', 0, 'waiting', 'eventLost', 0, 1],
    ['eventLate', 1, 'unknown', 'eventLost', 0, 1],
    ['eventUnknown', 0, 'unknown', 'eventLost', 9708, 0],
    // It has been sent twice by then.
    ['answerLost', 0, 'unknown', 'answerLost', 0, 0],
  ] as const)('%s at try %i is %s', (why, tries, status, reason, errorNumber, after) => {
    const verdict = verdictWithoutEvent(why, tries)
    expect(verdict).toEqual({ status, reason, errorNumber, tries: after })
    expect(pauseSecondsOf(verdict)).toBe(0)
  })
})
