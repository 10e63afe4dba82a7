/** The stored form of an item when a sync first brings it, and when one changes it. Pure. */
import { type Instant, utc } from '../../model/date-time-offset.ts'
import { type LibraryItem, libraryItem, type StoredItem } from '../../model/library-item.ts'
import type { ItemValues } from '../../ports/library-store.ts'
import type { OwnedItem } from './owned-items.ts'

/** Known by its number until the store has been asked for its name; both kinds of device until it says which (Apple 9.2). */
export function newItem(owned: OwnedItem, id: string, now: Instant): ItemValues {
  const defaults = Object.fromEntries(
    Object.entries(libraryItem.properties).map(([name, { initial }]) => [name, initial]),
  ) as unknown as LibraryItem
  return {
    record: {
      ...defaults,
      ...owned,
      id,
      displayName: owned.adamId,
      applicableDeviceType: owned.contentKind === 'iosVppApp' ? anyDevice : null,
      createdDateTime: utc(now),
      lastModifiedDateTime: utc(now),
    },
    metadataAt: null,
    metadataFrom: null,
    iconUrl: null,
    iconFrom: null,
  }
}

export const anyDevice: NonNullable<LibraryItem['applicableDeviceType']> = {
  type: 'iosDeviceType',
  iPad: true,
  iPhoneAndIPod: true,
}

/** The item with some of its facts changed; everything else, its id above all, stays. */
export function changedItem(
  { record, ...kept }: StoredItem,
  facts: Partial<LibraryItem>,
  now: Instant,
): ItemValues {
  return { ...kept, record: { ...record, ...facts, lastModifiedDateTime: utc(now) } }
}
