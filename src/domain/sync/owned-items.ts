/** What the assets of one adamId come to as apps and books (Apple 9.2, 9.3). Pure. */
import { type Asset, unlimitedCount } from '../../model/apple-rows.ts'
import type { LibraryItem } from '../../model/library-item.ts'
import type { ContentKind } from '../../model/vpp-content-types.ts'

/** What a location's assets say of an item; the rest is told by the store. */
export type OwnedItem = Pick<
  LibraryItem,
  | 'contentKind'
  | 'totalLicenseCount'
  | 'usedLicenseCount'
  | 'availableLicenseCount'
  | 'isUnlimited'
  | 'isAssigned'
  | 'licensingType'
> & { readonly adamId: string }

/** Takes the assets of one adamId in all qualities. What runs on a Mac and elsewhere is two items that share one pool. */
export function ownedItems(assets: readonly Asset[]): readonly OwnedItem[] {
  const books = assets.filter(({ productType }) => productType === 'Book')
  const apps = assets.filter(({ productType }) => productType !== 'Book')
  return [
    ...kindsOf(apps).map((kind) => item(kind, apps)),
    ...(books.length > 0 ? [item('iosVppEBook', books)] : []),
  ]
}

function kindsOf(apps: readonly Asset[]): readonly ContentKind[] {
  if (apps.length === 0) return []
  const platforms = apps.flatMap(({ supportedPlatforms }) => supportedPlatforms)
  const isForMac = platforms.includes('macOS')
  const isForOthers = platforms.some((platform) => platform !== 'macOS') || !isForMac
  return [
    ...(isForOthers ? (['iosVppApp'] as const) : []),
    ...(isForMac ? (['macOsVppApp'] as const) : []),
  ]
}

function item(contentKind: ContentKind, assets: readonly Asset[]): OwnedItem {
  const sum = (count: (asset: Asset) => number) =>
    assets.reduce((total, asset) => total + count(asset), 0)
  const used = sum(({ assignedCount }) => assignedCount)
  const isUnlimited = assets.some((asset) => asset.isUnlimited)
  return {
    adamId: assets[0]?.adamId ?? '',
    contentKind,
    totalLicenseCount: isUnlimited ? unlimitedCount : clamped(sum((asset) => asset.totalCount)),
    usedLicenseCount: clamped(used),
    availableLicenseCount: clamped(sum(({ availableCount }) => availableCount)),
    isUnlimited,
    isAssigned: used > 0,
    licensingType: contentKind === 'iosVppEBook' ? null : licensingType(assets),
  }
}

/** Sums are exact far beyond 32 bit; what Graph shows ends there (Apple 9.3). */
function clamped(sum: number): number {
  return Math.min(sum, unlimitedCount)
}

/** In both spellings (graph 5.3). */
function licensingType(assets: readonly Asset[]): LibraryItem['licensingType'] {
  const forDevices = assets.some(({ isDeviceAssignable }) => isDeviceAssignable)
  return {
    type: 'vppLicensingType',
    supportsUserLicensing: true,
    supportsDeviceLicensing: forDevices,
    supportUserLicensing: true,
    supportDeviceLicensing: forDevices,
  }
}
