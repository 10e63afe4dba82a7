import { notify } from '../notifications/notify.ts'
import { type World, worldNow } from '../world/world.ts'
import {
  type AssetKey,
  findAsset,
  insertInOrder,
  type Library,
  type ProductType,
} from './library.ts'
import {
  buy,
  emptyPool,
  type LicensePool,
  refund,
  refundAll,
  shownTotal,
} from './license-counts.ts'
import { moveVersion } from './versions.ts'

/** `problem` says why nothing was changed; otherwise `changed` counts the rows that were. */
export type WriteOutcome = { changed: number } | { problem: string }

export interface AssetFlags {
  productType: ProductType
  deviceAssignable: boolean
  revocable: boolean
  supportedPlatforms: string[]
}

export const ordinaryApp: AssetFlags = {
  productType: 'App',
  deviceAssignable: true,
  revocable: true,
  supportedPlatforms: ['iOS'],
}

/** The flags count for an asset that the location does not own yet. */
export function buyLicenses(
  world: World,
  library: Library,
  key: AssetKey,
  quantity: number | 'unlimited',
  flags: AssetFlags,
): WriteOutcome {
  const before = findAsset(library, key)?.licenses ?? emptyPool
  const licenses = buy(before, quantity)
  if (licenses === undefined) return { problem: 'The total has to stay below 2147483647.' }
  setLicenses(world, library, key, licenses, flags)
  return { changed: 1 }
}

export function refundLicenses(
  world: World,
  library: Library,
  key: AssetKey,
  quantity: number | 'unlimited',
): WriteOutcome {
  const asset = findAsset(library, key)
  if (asset === undefined) return { problem: `The location owns no ${named(key)}.` }
  const licenses =
    quantity === 'unlimited' ? refundAll(asset.licenses) : refund(asset.licenses, quantity)
  if (licenses === undefined) {
    return { problem: `${named(key)} has fewer than ${quantity} licences that can go back.` }
  }
  setLicenses(world, library, key, licenses, asset)
  return { changed: 1 }
}

/** Unassigned licences go from one location to another; both hear of it (Apple contract 6, 11.5). */
export function transferLicenses(
  world: World,
  from: Library,
  to: Library,
  key: AssetKey,
  quantity: number,
): WriteOutcome {
  const asset = findAsset(from, key)
  if (asset === undefined) return { problem: `Location ${from.uId} owns no ${named(key)}.` }
  const left = refund(asset.licenses, quantity)
  if (left === undefined) {
    return { problem: `${named(key)} has fewer than ${quantity} licences that nobody uses.` }
  }
  const received = buy(findAsset(to, key)?.licenses ?? emptyPool, quantity)
  if (received === undefined) return { problem: 'The total has to stay below 2147483647.' }
  setLicenses(world, from, key, left, asset)
  setLicenses(world, to, key, received, asset)
  return { changed: 2 }
}

export function named({ adamId, pricingParam }: AssetKey): string {
  return `Asset ${adamId} ${pricingParam}`
}

function setLicenses(
  world: World,
  library: Library,
  { adamId, pricingParam }: AssetKey,
  licenses: LicensePool,
  flags: AssetFlags,
): void {
  const asset = findAsset(library, { adamId, pricingParam })
  const countDelta = shownTotal(licenses) - shownTotal(asset?.licenses ?? emptyPool)
  if (asset !== undefined) asset.licenses = licenses
  else {
    const { productType, deviceAssignable, revocable, supportedPlatforms } = flags
    insertInOrder(library.assets, {
      ...{ adamId, pricingParam, productType, deviceAssignable, revocable },
      supportedPlatforms: [...supportedPlatforms],
      licenses,
    })
  }
  moveVersion(library, 'assets')
  if (countDelta === 0) return
  const message = { type: 'ASSET_COUNT', body: { adamId, pricingParam, countDelta } }
  notify(world, library, message, worldNow(world))
}
