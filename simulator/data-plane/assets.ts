import { type Asset, pricingParams, productTypes } from '../library/library.ts'
import { availableCount, shownTotal, unlimitedTotal } from '../library/license-counts.ts'
import type { Switches } from '../world/switches.ts'
import type { Answer } from './answer.ts'
import { listAnswer } from './list-answer.ts'
import { decodeQuery, type QueryOf } from './query.ts'
import type { LocationCall } from './request.ts'

/** Apple contract 2.4; there is no `sinceVersionId` here. */
export const assetsQuery = {
  pageIndex: 'integer',
  adamId: 'text',
  productType: productTypes,
  pricingParam: pricingParams,
  revocable: 'flag',
  deviceAssignable: 'flag',
  minAvailableCount: 'integer',
  maxAvailableCount: 'integer',
  minAssignedCount: 'integer',
  maxAssignedCount: 'integer',
  unlimited: 'flag',
} as const

type AssetsQuery = QueryOf<typeof assetsQuery>

export function getAssets(call: LocationCall): Answer {
  const { switches } = call.world.state
  const query = decodeQuery(call.query, assetsQuery)
  return listAnswer(
    call,
    'assets',
    query.pageIndex ?? 0,
    () => call.library.assets.filter((asset) => isWanted(asset, query, switches)),
    (rows) => {
      if (query.unlimited !== true) return { assets: rows.map((asset) => fullRow(asset, switches)) }
      return {
        assets: rows
          .filter((asset) => !isUnlimited(asset))
          .map((asset) => fullRow(asset, switches)),
        unlimitedAssets: rows.filter(isUnlimited).map(unlimitedRow),
      }
    },
  )
}

function isWanted(asset: Asset, query: AssetsQuery, switches: Switches): boolean {
  const available = shownAvailable(asset, switches)
  const { assignedCount } = asset.licenses
  return (
    (wantedIds(query.adamId, switches)?.includes(asset.adamId) ?? true) &&
    (query.productType === undefined || asset.productType === query.productType) &&
    (query.pricingParam === undefined || asset.pricingParam === query.pricingParam) &&
    isWantedFlag(asset.revocable, query.revocable, switches) &&
    isWantedFlag(asset.deviceAssignable, query.deviceAssignable, switches) &&
    available >= (query.minAvailableCount ?? 0) &&
    available <= (query.maxAvailableCount ?? unlimitedTotal) &&
    assignedCount >= (query.minAssignedCount ?? 0) &&
    assignedCount <= (query.maxAssignedCount ?? unlimitedTotal) &&
    isWantedKind(asset, query.unlimited, switches)
  )
}

/** Undefined: all of them. */
export function wantedIds(text: string | undefined, switches: Switches): string[] | undefined {
  if (text === undefined) return undefined
  return switches.adamIdFilter === 'commaList' ? text.split(',') : [text]
}

// Apple describes only `true` (Apple contract 2.4, switch falseFilter).
function isWantedFlag(flag: boolean, wanted: boolean | undefined, switches: Switches): boolean {
  if (wanted === undefined || (!wanted && switches.falseFilter === 'ignore')) return true
  return flag === wanted
}

function isWantedKind(asset: Asset, unlimited: boolean | undefined, switches: Switches): boolean {
  if (unlimited === undefined) return true
  if (unlimited && switches.unlimitedTrue === 'both') return true
  return isUnlimited(asset) === unlimited
}

function isUnlimited(asset: Asset): boolean {
  return asset.licenses.totalCount === 'unlimited'
}

function shownAvailable(asset: Asset, switches: Switches): number {
  return isUnlimited(asset) && switches.unlimitedAvailable === 'max'
    ? unlimitedTotal
    : availableCount(asset.licenses)
}

export function fullRow(asset: Asset, switches: Switches) {
  return {
    adamId: asset.adamId,
    pricingParam: asset.pricingParam,
    productType: asset.productType,
    totalCount: shownTotal(asset.licenses),
    availableCount: shownAvailable(asset, switches),
    assignedCount: asset.licenses.assignedCount,
    retiredCount: asset.licenses.retiredCount,
    deviceAssignable: asset.deviceAssignable,
    revocable: asset.revocable,
    supportedPlatforms: asset.supportedPlatforms,
  }
}

function unlimitedRow(asset: Asset) {
  return {
    adamId: asset.adamId,
    pricingParam: asset.pricingParam,
    productType: asset.productType,
    assignedCount: asset.licenses.assignedCount,
    deviceAssignable: asset.deviceAssignable,
    revocable: asset.revocable,
    supportedPlatforms: asset.supportedPlatforms,
  }
}
