/** Fetches the pictures that the store has told of and that are not stored yet; a few per run, the next one goes on. */
import { instantOf } from '../../model/date-time-offset.ts'
import type { LibraryItem, StoredItem } from '../../model/library-item.ts'
import { changedItem } from './library-record.ts'
import type { MetadataRefresh } from './metadata-refresh.ts'
import { storedItems } from './stored-items.ts'

/** So that a run is never long. */
export const mostIcons = 100

/** Whether every picture that is due was asked for. */
export async function refreshIcons(refresh: MetadataRefresh): Promise<boolean> {
  const { deps, run, store } = refresh
  let fetched = 0
  for await (const items of storedItems(run)) {
    for (const item of items) {
      const { iconUrl } = item
      if (iconUrl === null || iconUrl === item.iconFrom) continue
      if (fetched === mostIcons) return false
      fetched += 1
      const icon = await store.ask((signal) => deps.metadata.fetchIcon(iconUrl, signal))
      if (icon === undefined) return false
      await keepIcon(refresh, item, iconUrl, icon)
    }
  }
  return true
}

/** An address without a picture is forgotten; the store is asked again in its time and may tell another one. */
async function keepIcon(
  { deps, run, tally }: MetadataRefresh,
  item: StoredItem,
  iconUrl: string,
  icon: LibraryItem['largeIcon'],
): Promise<void> {
  const { tokenId, fence } = run.taken
  const { id } = item.record
  const values =
    icon === null
      ? { ...item, iconUrl: null }
      : { ...changedItem(item, {}, instantOf(deps.clock.now())), iconFrom: iconUrl }
  await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    await stores.library.update(tokenId, [values])
    if (icon !== null) await stores.library.putIcon(tokenId, id, icon)
  })
  if (icon === null) tally.iconsMissed += 1
  else tally.icons += 1
}
