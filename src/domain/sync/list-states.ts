/** When a list is to be walked in full again, and what the end of a run leaves for the next one (Apple 3.3, C7, C8). */
import { type Instant, instantPlus } from '../../model/date-time-offset.ts'
import type { AppleList, ListState } from '../../model/sync-state.ts'
import type { TenantStores } from '../../ports/storage.ts'
import type { BegunRun, RunProgress } from './run-context.ts'

/** Every list is walked in full as often as that, whatever its version and deltas say. */
export const walkIntervalMs = 24 * 3_600_000
/** So that the lists of a location come in one run: assets are read first, and never before their time (Apple C8). */
const togetherMs = 3_600_000

/** Also for a list that was never read, or moved while it was. */
export function isWalkDue(list: AppleList, state: ListState | undefined, now: Instant): boolean {
  if (state === undefined || state.walkedAt === null) return true
  const intervalMs = list === 'assets' ? walkIntervalMs : walkIntervalMs - togetherMs
  return now >= instantPlus(state.walkedAt, intervalMs)
}

/** The next sync begins no later. Null when no list is known. */
export function nextWalkDueAt(lists: RunProgress['lists']): Instant | null {
  const walks = Object.values(lists).flatMap(({ walkedAt }) => walkedAt ?? [])
  const [first] = walks.sort()
  return first === undefined ? null : instantPlus(first, walkIntervalMs)
}

/** Part of the transaction that ends the run. What stays as it was is not written. */
export async function keepState(
  { syncState }: TenantStores,
  { taken, state, progress }: BegunRun,
  status: 'completed' | 'failed',
): Promise<void> {
  const keep = async (list: AppleList, { versionId, walkedAt }: ListState) => {
    const known = state[list]
    if (known?.versionId === versionId && known.walkedAt === walkedAt) return
    await syncState.put(taken.tokenId, list, { versionId, walkedAt })
  }
  if (status === 'completed')
    for (const [list, read] of Object.entries(progress.lists)) await keep(list as AppleList, read)
  else
    for (const list of progress.doubted) {
      const known = state[list]
      if (known) await keep(list, { ...known, walkedAt: null })
    }
}
