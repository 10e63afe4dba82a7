/** Texts that are equal exactly for the same asset, or the same pair. */
import type { AssetKey, LicensePair } from '../../model/apple-write.ts'

export function assetKeyOf({ adamId, pricingParam }: AssetKey): string {
  return JSON.stringify([adamId, pricingParam])
}

export function pairKeyOf({ adamId, pricingParam, targetKind, target }: LicensePair): string {
  return JSON.stringify([adamId, pricingParam, targetKind, target])
}
