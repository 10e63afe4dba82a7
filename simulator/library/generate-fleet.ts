import { computedAdamId } from './computed-rows.ts'
import { compareAssetKeys, type Library } from './library.ts'

/** Every one of `assets` apps assigned to every one of `devices`; `seed` decides their serial numbers. */
export interface GeneratedFleet {
  seed: number
  assets: number
  devices: number
}

/** Licenses of each app that nobody has (Apple contract 11.9). */
const spareLicenses = 100

/** False, and nothing done, when the location has generated rows or one of these apps already. */
export function generateFleet(
  library: Library,
  { seed, assets, devices }: GeneratedFleet,
  changedIn: number,
): boolean {
  if (library.assignments.computed !== undefined) return false
  const adamIds = Array.from({ length: assets }, (_, asset) => computedAdamId(asset))
  const owned = new Set(library.assets.map((asset) => asset.adamId))
  if (adamIds.some((adamId) => owned.has(adamId))) return false
  for (const adamId of adamIds) {
    library.assets.push({
      adamId,
      pricingParam: 'STDQ',
      productType: 'App',
      deviceAssignable: true,
      revocable: true,
      supportedPlatforms: ['iOS'],
      licenses: { totalCount: devices + spareLicenses, assignedCount: devices, retiredCount: 0 },
    })
  }
  library.assets.sort(compareAssetKeys)
  library.assignments.computed = { seed, assets, devices, changedIn, gone: new Map() }
  return true
}
