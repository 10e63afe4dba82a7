import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assetRow } from '../../../test/sync/scripted-apple.ts'
import { unlimitedCount } from '../../model/apple-rows.ts'
import { ownedItems } from './owned-items.ts'

const app = (...supportedPlatforms: readonly string[]) => [assetRow('1', { supportedPlatforms })]
const book = (pricingParam: string, part = {}) =>
  assetRow('1', { pricingParam, productType: 'Book', isDeviceAssignable: false, ...part })

describe('the kinds of what is owned', () => {
  test.each([
    ['an app for iOS', app('iOS'), ['iosVppApp']],
    ['an app for a platform that nobody knows', app('visionOS'), ['iosVppApp']],
    ['an app for no platform', app(), ['iosVppApp']],
    ['an app for the Mac', app('macOS'), ['macOsVppApp']],
    ['an app for both', app('iOS', 'macOS'), ['iosVppApp', 'macOsVppApp']],
    [
      'an app whose qualities run on different platforms',
      [...app('macOS'), assetRow('1', { pricingParam: 'PLUS', supportedPlatforms: ['iOS'] })],
      ['iosVppApp', 'macOsVppApp'],
    ],
    ['a book', [book('STDQ')], ['iosVppEBook']],
    ['a book in both qualities', [book('STDQ'), book('PLUS')], ['iosVppEBook']],
    ['a product of another type', [assetRow('1', { productType: 'Game' })], ['iosVppApp']],
    ['nothing', [], []],
  ])('%s', (_what, assets, kinds) => {
    expect(ownedItems(assets).map(({ contentKind }) => contentKind)).toEqual(kinds)
  })
})

describe('the licences of what is owned', () => {
  test('are summed over the qualities; retired ones are neither used nor available', () => {
    const standard = { totalCount: 10, availableCount: 5, assignedCount: 3, retiredCount: 2 }
    const plus = { totalCount: 4, availableCount: 3, assignedCount: 1, retiredCount: 0 }
    expect(ownedItems([book('STDQ', standard), book('PLUS', plus)])).toEqual([
      {
        adamId: '1',
        contentKind: 'iosVppEBook',
        totalLicenseCount: 14,
        usedLicenseCount: 4,
        availableLicenseCount: 8,
        isUnlimited: false,
        isAssigned: true,
        licensingType: null,
      },
    ])
  })

  test('are one pool for the Mac and everything else', () => {
    const [ios, mac] = ownedItems(app('iOS', 'macOS'))
    expect({ ...mac, contentKind: 'iosVppApp' }).toEqual(ios)
    expect(mac?.totalLicenseCount).toBe(10)
  })

  test('have no end when one part has none', () => {
    const [item] = ownedItems([
      book('STDQ', {
        totalCount: unlimitedCount,
        availableCount: unlimitedCount - 1,
        assignedCount: 1,
        isUnlimited: true,
      }),
      book('PLUS', { totalCount: 4, availableCount: 4, assignedCount: 0 }),
    ])
    expect(item).toMatchObject({
      totalLicenseCount: unlimitedCount,
      usedLicenseCount: 1,
      availableLicenseCount: unlimitedCount,
      isUnlimited: true,
    })
  })

  test('are not assigned when none is used', () => {
    const [item] = ownedItems([assetRow('1', { assignedCount: 0 })])
    expect(item).toMatchObject({ isAssigned: false, usedLicenseCount: 0 })
  })

  test.each([
    [[true], true],
    [[false], false],
    [[false, true], true],
  ])('can be given to devices when a quality can: %s', (each, supportsDeviceLicensing) => {
    const assets = each.map((isDeviceAssignable, place) =>
      assetRow('1', { pricingParam: `${place}`, isDeviceAssignable }),
    )
    expect(ownedItems(assets)[0]?.licensingType).toEqual({
      type: 'vppLicensingType',
      supportsUserLicensing: true,
      supportUserLicensing: true,
      supportsDeviceLicensing,
      supportDeviceLicensing: supportsDeviceLicensing,
    })
  })

  test('are what exact arithmetic says, ending where 32 bits end', () => {
    const count = fc.integer({ min: 0, max: unlimitedCount - 1 })
    const asset = fc
      .record({ totalCount: count, availableCount: count, assignedCount: count })
      .map((part) => assetRow('1', part))
    fc.assert(
      fc.property(fc.array(asset, { minLength: 1, maxLength: 5 }), (assets) => {
        const exact = (of: (row: (typeof assets)[number]) => number) => {
          const sum = assets.reduce((total, row) => total + BigInt(of(row)), 0n)
          return Number(sum > BigInt(unlimitedCount) ? BigInt(unlimitedCount) : sum)
        }
        expect(ownedItems(assets)[0]).toMatchObject({
          totalLicenseCount: exact(({ totalCount }) => totalCount),
          usedLicenseCount: exact(({ assignedCount }) => assignedCount),
          availableLicenseCount: exact(({ availableCount }) => availableCount),
          isUnlimited: false,
        })
      }),
    )
  })
})
