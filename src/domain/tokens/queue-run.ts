/** Makes a token's next run come now: a run in the queue, unless one is active, and the token due. */
import type { Instant } from '../../model/date-time-offset.ts'
import type { NewId, TokenId } from '../../model/ids.ts'
import { queuedRun, type RunCause } from '../../model/sync-run.ts'
import type { TenantStores } from '../../ports/storage.ts'

/** Answers whether the run is a new one; an active one may have begun before what this one is for. */
export async function queueRun(
  stores: TenantStores,
  asked: {
    readonly tokenId: TokenId
    readonly cause: RunCause
    readonly now: Instant
    /** Absent = at once. */
    readonly dueAt?: Instant
    readonly newId: NewId
  },
): Promise<boolean> {
  const { tokenId, cause, now, dueAt = now, newId } = asked
  const active = await stores.runs.findActive(tokenId)
  if (!active) await stores.runs.insert(queuedRun({ id: newId(), tokenId, cause, now }))
  await stores.tokens.makeDue(tokenId, dueAt)
  return !active
}
