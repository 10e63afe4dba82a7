/** Which pairs are to be sent, and why the others are not (Apple C15). Pure but for its own tally, which goes on over chunks. */
import type { Asset } from '../../model/apple-rows.ts'
import type { AssetKey, ItemReason, LicensePair } from '../../model/apple-write.ts'
import { assetKeyOf, pairKeyOf } from './pair-key.ts'

export type Way = 'assign' | 'unassign'

/** What is known of the world at one chunk of pairs. */
export interface Known {
  /** Those of the pairs, and what the location owns of the same apps or books in another quality. */
  readonly assets: readonly Asset[]
  /** Those of the pairs that hold a licence. */
  readonly held: readonly LicensePair[]
  /** Those of the users among the targets that are registered. */
  readonly users: ReadonlySet<string>
}

export interface JudgedPair {
  readonly pair: LicensePair
  /** Null = to be sent. */
  readonly skipped: ItemReason | null
}

export interface PlannedAsset extends AssetKey {
  /** Null = the location does not own it. */
  readonly asset: Asset | null
  readonly toDo: number
  readonly skipped: Readonly<Partial<Record<ItemReason, number>>>
}

export interface PairPlan {
  /** Judges the pairs in their order; one that came before is left out. */
  judge(pairs: readonly LicensePair[], known: Known): readonly JudgedPair[]
  /** What has been judged so far, by asset, in the order in which they came. */
  assets(): readonly PlannedAsset[]
}

interface Tally {
  asset: Asset | null
  toDo: number
  readonly skipped: Partial<Record<ItemReason, number>>
}

/** `planned`: pairs of each asset that an earlier turn has planned already; they take licences too. */
export function pairPlan(
  way: Way,
  planned: readonly (AssetKey & { readonly count: number })[] = [],
): PairPlan {
  const taken = new Map(planned.map((one) => [assetKeyOf(one), one.count]))
  const tallies = new Map<string, Tally & AssetKey>()

  function tallyOf(pair: LicensePair, asset: Asset | null): Tally {
    const key = assetKeyOf(pair)
    const { adamId, pricingParam } = pair
    const tally = tallies.get(key) ?? { adamId, pricingParam, asset, toDo: 0, skipped: {} }
    tally.asset ??= asset
    tallies.set(key, tally)
    return tally
  }

  return {
    judge(pairs, known) {
      const { assets, held } = known
      const byKey = new Map(assets.map((asset) => [assetKeyOf(asset), asset]))
      const heldKeys = new Set(held.map(pairKeyOf))
      const seen = new Set<string>()
      const judged: JudgedPair[] = []
      for (const pair of pairs) {
        const key = pairKeyOf(pair)
        if (seen.has(key)) continue
        seen.add(key)
        const asset = byKey.get(assetKeyOf(pair)) ?? null
        const tally = tallyOf(pair, asset)
        const gone = (taken.get(assetKeyOf(pair)) ?? 0) + tally.toDo
        const skipped = heldKeys.has(key)
          ? forHeld(way, asset)
          : way === 'assign'
            ? forFree(pair, asset, gone, known)
            : 'alreadyDone'
        if (skipped === null) tally.toDo += 1
        else tally.skipped[skipped] = (tally.skipped[skipped] ?? 0) + 1
        judged.push({ pair, skipped })
      }
      return judged
    },
    assets: () => [...tallies.values()],
  }
}

function forHeld(way: Way, asset: Asset | null): ItemReason | null {
  if (way === 'assign') return 'alreadyDone'
  return asset && !asset.isRevocable ? 'notRevocable' : null
}

/** To be given: `gone` licences of the asset are spoken for already. */
function forFree(
  { adamId, targetKind, target }: LicensePair,
  asset: Asset | null,
  gone: number,
  { assets, users }: Known,
): ItemReason | null {
  if (asset === null)
    return assets.some((one) => one.adamId === adamId) ? 'otherQualityOwned' : 'notOwned'
  if (targetKind === 'serialNumber' && !asset.isDeviceAssignable) return 'notDeviceAssignable'
  if (targetKind === 'clientUserId' && !users.has(target)) return 'userNotFound'
  return asset.isUnlimited || gone < asset.availableCount ? null : 'notEnoughLicences'
}
