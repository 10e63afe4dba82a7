import { describe, expect, test } from 'vitest'
import type { Asset } from '../../model/apple-rows.ts'
import type { LicensePair } from '../../model/apple-write.ts'
import { pairPlan } from './plan-pairs.ts'

const asset = (adamId: string, given: Partial<Asset> = {}): Asset => ({
  ...{ adamId, pricingParam: 'STDQ', productType: 'App', supportedPlatforms: ['iOS'] },
  ...{ totalCount: 10, availableCount: 2, assignedCount: 8, retiredCount: 0 },
  ...{ isUnlimited: false, isDeviceAssignable: true, isRevocable: true },
  ...given,
})
const on = (adamId: string, target: string): LicensePair => ({
  ...{ adamId, pricingParam: 'STDQ', targetKind: 'serialNumber', target },
})
const by = (adamId: string, target: string): LicensePair => ({
  ...on(adamId, target),
  targetKind: 'clientUserId',
})
const users = new Set(['u'])
const skipped = (judged: ReturnType<ReturnType<typeof pairPlan>['judge']>) =>
  judged.map((one) => one.skipped)

describe('a plan to assign', () => {
  test.each([
    ['to be sent', [on('1', 'A')], [asset('1')], [], [null]],
    ['held already', [on('1', 'A')], [asset('1')], [on('1', 'A')], ['alreadyDone']],
    ['of an app that the location does not own', [on('1', 'A')], [], [], ['notOwned']],
    [
      'of a book that the location owns in the other quality',
      [by('1', 'u')],
      [asset('1', { pricingParam: 'PLUS' })],
      [],
      ['otherQualityOwned'],
    ],
    [
      'to a user whom the location does not know',
      [by('1', 'u'), by('1', 'nobody')],
      [asset('1')],
      [],
      [null, 'userNotFound'],
    ],
    ['to a device of a name that no user has', [on('1', 'nobody')], [asset('1')], [], [null]],
    [
      'of a book to a device and to a user',
      [on('1', 'A'), by('1', 'u')],
      [asset('1', { isDeviceAssignable: false })],
      [],
      ['notDeviceAssignable', null],
    ],
    [
      'beyond the licences there are',
      [on('1', 'A'), on('1', 'B'), on('1', 'C')],
      [asset('1')],
      [],
      [null, null, 'notEnoughLicences'],
    ],
    [
      'of what has no end',
      [on('1', 'A'), on('1', 'B')],
      [asset('1', { isUnlimited: true, availableCount: 0 })],
      [],
      [null, null],
    ],
    ['twice', [on('1', 'A'), on('1', 'A')], [asset('1')], [], [null]],
  ])('judges a pair %s', (_, pairs, assets, held, reasons) => {
    expect(skipped(pairPlan('assign').judge(pairs, { assets, held, users }))).toEqual(reasons)
  })

  test('counts on over chunks, and from where an earlier turn stopped', () => {
    const known = { assets: [asset('1', { availableCount: 3 })], held: [], users }
    const plan = pairPlan('assign', [{ adamId: '1', pricingParam: 'STDQ', count: 1 }])
    expect(skipped(plan.judge([on('1', 'A')], known))).toEqual([null])
    expect(skipped(plan.judge([on('1', 'B'), on('1', 'C')], known))).toEqual([
      null,
      'notEnoughLicences',
    ])
    expect(plan.assets()).toMatchObject([
      { adamId: '1', toDo: 2, skipped: { notEnoughLicences: 1 } },
    ])
  })
})

describe('a plan to take back', () => {
  test.each([
    ['that is held', [asset('1')], [on('1', 'A')], [null]],
    ['that nobody holds', [asset('1')], [], ['alreadyDone']],
    [
      'that cannot be taken back',
      [asset('1', { isRevocable: false })],
      [on('1', 'A')],
      ['notRevocable'],
    ],
    ['of an app that is not known any more', [], [on('1', 'A')], [null]],
  ])('judges a pair %s', (_, assets, held, reasons) => {
    expect(skipped(pairPlan('unassign').judge([on('1', 'A')], { assets, held, users }))).toEqual(
      reasons,
    )
  })
})
