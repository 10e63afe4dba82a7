/** What has to change in the stored library so that it says what the assets say. Pure. */
import type { Asset } from '../../model/apple-rows.ts'
import type { LibraryItem, StoredItem } from '../../model/library-item.ts'
import { type OwnedItem, ownedItems } from './owned-items.ts'

export interface LibraryDifferences {
  readonly insert: readonly OwnedItem[]
  readonly update: readonly { readonly stored: StoredItem; readonly owned: OwnedItem }[]
  readonly remove: readonly StoredItem[]
}

/** Takes whole apps: every stored item and every asset of the adamIds that it is about. */
export function compareLibrary(
  stored: readonly StoredItem[],
  assets: readonly Asset[],
): LibraryDifferences {
  const owned = [...Map.groupBy(assets, ({ adamId }) => adamId).values()].flatMap(ownedItems)
  const ownedByKey = new Map(owned.map((item) => [keyOf(item), item]))
  const storedKeys = new Set(stored.map(({ record }) => keyOf(record)))
  const pairs = stored.map((item) => ({ stored: item, owned: ownedByKey.get(keyOf(item.record)) }))
  return {
    insert: owned.filter((item) => !storedKeys.has(keyOf(item))),
    update: pairs.flatMap(({ stored, owned }) =>
      owned && !isSame(stored.record, owned) ? [{ stored, owned }] : [],
    ),
    remove: pairs.filter(({ owned }) => !owned).map(({ stored }) => stored),
  }
}

function keyOf({ adamId, contentKind }: Pick<LibraryItem, 'adamId' | 'contentKind'>): string {
  return `${contentKind} ${adamId}`
}

function isSame(record: LibraryItem, owned: OwnedItem): boolean {
  return (
    record.totalLicenseCount === owned.totalLicenseCount &&
    record.usedLicenseCount === owned.usedLicenseCount &&
    record.availableLicenseCount === owned.availableLicenseCount &&
    record.isUnlimited === owned.isUnlimited &&
    record.isAssigned === owned.isAssigned &&
    record.licensingType?.supportsDeviceLicensing === owned.licensingType?.supportsDeviceLicensing
  )
}
