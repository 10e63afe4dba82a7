/** How what the store says becomes the stored item (Apple 9.2). Pure. */
import { isDeepStrictEqual } from 'node:util'
import { type Instant, utc } from '../../model/date-time-offset.ts'
import type { LibraryItem, StoredItem } from '../../model/library-item.ts'
import type { AppMetadata } from '../../ports/app-metadata.ts'
import type { ItemValues } from '../../ports/library-store.ts'
import { anyDevice } from './library-record.ts'

/** The item as asked about; it keeps what it has when the store does not know it (any more). */
export function itemAfterLookup(
  { record, iconUrl, iconFrom }: StoredItem,
  metadata: AppMetadata | undefined,
  asked: { readonly at: Instant; readonly from: string },
): ItemValues {
  const facts = metadata ? factsOf(metadata, record) : {}
  const isIconGone = metadata?.iconUrl === null && iconFrom !== null
  const isChanged = isIconGone || !isDeepStrictEqual({ ...record, ...facts }, record)
  return {
    record: isChanged ? { ...record, ...facts, lastModifiedDateTime: utc(asked.at) } : record,
    metadataAt: asked.at,
    metadataFrom: asked.from,
    iconUrl: metadata ? metadata.iconUrl : iconUrl,
    iconFrom: isIconGone ? null : iconFrom,
  }
}

function factsOf(
  { iconUrl: _, ...metadata }: AppMetadata,
  { adamId, contentKind }: LibraryItem,
): Partial<LibraryItem> {
  const isBook = contentKind === 'iosVppEBook'
  return {
    ...metadata,
    displayName: metadata.displayName ?? adamId,
    applicableDeviceType:
      contentKind === 'iosVppApp' ? (metadata.applicableDeviceType ?? anyDevice) : null,
    genres: isBook ? metadata.genres : [],
    language: isBook ? metadata.language : null,
  }
}
