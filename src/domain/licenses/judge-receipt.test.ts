import { describe, expect, test } from 'vitest'
import type { ItemFailure } from '../../model/apple-write.ts'
import { failureOf, isPassing, verdictFor, verdictWithoutEvent } from './judge-receipt.ts'

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
    ['notEnoughLicences', 0, 'failed', 0],
    ['userNotFound', 0, 'failed', 0],
    // It passes by itself: another event, once.
    ['maintenance', 0, 'waiting', 1],
    ['maintenance', 1, 'failed', 1],
    ['lockedElsewhere', 0, 'waiting', 1],
    ['appleUnavailable', 0, 'waiting', 1],
    // The old service's way to say that it is as wanted.
    ['alreadyDone', 0, 'done', 0],
    ['userExists', 0, 'done', 0],
  ] as const)('because of %s at try %i is %s', (reason, tries, status, after) => {
    expect(verdictFor(failure(reason), tries)).toMatchObject({ status, tries: after })
  })

  test('without a reason has failed for one that nobody knows', () => {
    expect(verdictFor(undefined, 0)).toEqual({
      ...{ status: 'failed', reason: 'unknownAppleError', errorNumber: 0, tries: 0 },
    })
  })
})

describe('without the outcome of an event', () => {
  test.each([
    ['eventLost', 0, 'waiting'],
    ['eventLost', 1, 'unknown'],
    // It has been sent twice by then.
    ['answerLost', 0, 'unknown'],
  ] as const)('%s at try %i is %s', (why, tries, status) => {
    const verdict = verdictWithoutEvent(why, tries)
    expect(verdict.status).toBe(status)
    expect(isPassing(verdict)).toBe(false)
  })
})
