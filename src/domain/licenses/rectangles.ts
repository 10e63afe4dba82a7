/**
 * Pairs as calls of Apple's: a call means every asset for every target, so only full rectangles are sent (Apple 2.7, C15). Assets
 * with the same targets go together, one kind of target per call, within the limits. Pure.
 */
import type { AssetKey, LicensePair, TargetKind } from '../../model/apple-write.ts'
import { assetKeyOf } from './pair-key.ts'

export interface Rectangle {
  readonly assets: readonly AssetKey[]
  readonly targetKind: TargetKind
  readonly targets: readonly string[]
}

export interface RectangleLimits {
  readonly maxAssets: number
  readonly maxSerialNumbers: number
  readonly maxClientUserIds: number
  /** So that a call whose answer is lost leaves few to look at. */
  readonly maxPairs: number
}

/** Together they are exactly the pairs, and no pair is in two of them. */
export function rectangles(
  pairs: readonly LicensePair[],
  limits: RectangleLimits,
): readonly Rectangle[] {
  return (['serialNumber', 'clientUserId'] as const).flatMap((targetKind) => {
    const groups = groupsOf(pairs.filter((pair) => pair.targetKind === targetKind))
    const maxTargets =
      targetKind === 'serialNumber' ? limits.maxSerialNumbers : limits.maxClientUserIds
    return groups.flatMap(({ assets, targets }) =>
      pieces(targets, Math.min(maxTargets, limits.maxPairs)).flatMap((someTargets) =>
        pieces(assets, assetsBeside(someTargets.length, limits)).map((someAssets) => ({
          assets: someAssets,
          targetKind,
          targets: someTargets,
        })),
      ),
    )
  })
}

export function pairsOf({ assets, targetKind, targets }: Rectangle): readonly LicensePair[] {
  return assets.flatMap(({ adamId, pricingParam }) =>
    targets.map((target) => ({ adamId, pricingParam, targetKind, target })),
  )
}

function assetsBeside(targets: number, { maxAssets, maxPairs }: RectangleLimits): number {
  return Math.max(1, Math.min(maxAssets, Math.floor(maxPairs / targets)))
}

interface Group {
  readonly assets: AssetKey[]
  readonly targets: readonly string[]
}

/** Of one kind of target: the assets that have the very same targets. */
function groupsOf(pairs: readonly LicensePair[]): readonly Group[] {
  const byAsset = new Map<string, { asset: AssetKey; targets: Set<string> }>()
  for (const { adamId, pricingParam, target } of pairs) {
    const asset = { adamId, pricingParam }
    const key = assetKeyOf(asset)
    const known = byAsset.get(key) ?? { asset, targets: new Set() }
    known.targets.add(target)
    byAsset.set(key, known)
  }
  const groups = new Map<string, Group>()
  for (const { asset, targets } of byAsset.values()) {
    const sorted = [...targets].sort()
    const key = JSON.stringify(sorted)
    const group = groups.get(key) ?? { assets: [], targets: sorted }
    group.assets.push(asset)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function pieces<T>(whole: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(whole.length / Math.max(1, size))
  return Array.from({ length: count }, (_, at) => whole.slice(at * size, (at + 1) * size))
}
