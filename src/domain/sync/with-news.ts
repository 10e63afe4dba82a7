/** What a run's record says beside what the run itself asked and changed: Apple 9.1 and C13. */
import type { StoredToken } from '../../model/stored-token.ts'
import type { SyncRun } from '../../model/sync-run.ts'
import type { TenantStores } from '../../ports/storage.ts'

/**
 * `accepted` = the token as Apple's answer has made it; null when there was none. Types of notification that nobody knows are
 * taken over from where they were noted, so that one record has each.
 */
export async function withNews(
  stores: TenantStores,
  run: SyncRun,
  accepted: StoredToken | null,
): Promise<SyncRun> {
  const types = await takeUnknownTypes(stores, run)
  const { expirationDriftSeconds } = accepted?.record ?? run.figures
  return {
    ...run,
    figures: { ...run.figures, expirationDriftSeconds },
    unknownFields: [
      ...run.unknownFields,
      ...types.map((type) => `notification.notificationType=${type}`),
    ],
  }
}

async function takeUnknownTypes(
  { channels }: TenantStores,
  { tokenId }: SyncRun,
): Promise<readonly string[]> {
  const channel = await channels.find(tokenId)
  if (!channel || channel.unknownTypes.length === 0) return []
  await channels.put({ ...channel, unknownTypes: [] })
  return channel.unknownTypes
}
