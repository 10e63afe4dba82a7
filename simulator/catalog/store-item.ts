import type { Asset } from '../library/library.ts'
import type { WorldState } from '../world/world-state.ts'
import { type CatalogEntry, plainEntry, type StoreItem } from './catalog-entry.ts'
import { seedEntries } from './seed-entries.ts'

export interface FoundEntry {
  item: StoreItem
  entry: CatalogEntry
}

/**
 * What the store has under an adamId: what the control plane wrote, else whatever a location of this world owns.
 * Undefined for everything else, and for what the control plane took out.
 */
export function findEntry(state: WorldState, adamId: string): FoundEntry | undefined {
  const written = state.catalog.get(adamId)
  if (written === null) return undefined
  const asset = ownedAsset(state, adamId)
  if (written === undefined && asset === undefined) return undefined
  return { item: itemOf(adamId, asset), entry: written ?? usualEntry(adamId) }
}

/** What stands in the store as long as nobody writes about it. */
export function usualEntry(adamId: string): CatalogEntry {
  return seedEntries[adamId] ?? plainEntry()
}

function ownedAsset(state: WorldState, adamId: string): Asset | undefined {
  for (const { assets } of state.libraries.values()) {
    const asset = assets.find((candidate) => candidate.adamId === adamId)
    if (asset !== undefined) return asset
  }
  return undefined
}

function itemOf(adamId: string, asset: Asset | undefined): StoreItem {
  const platforms = asset?.supportedPlatforms ?? ['iOS']
  const isForMac = platforms.includes('macOS')
  const isMacOnly = isForMac && platforms.length === 1
  const kindOfApp = isMacOnly ? 'desktopApp' : 'iosSoftware'
  return {
    adamId,
    kind: asset?.productType === 'Book' ? 'epubBook' : kindOfApp,
    isUniversal: isForMac && !isMacOnly,
    isDeviceAssignable: asset?.deviceAssignable ?? true,
  }
}
