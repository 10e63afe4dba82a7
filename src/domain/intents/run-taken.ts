/** One taken token: its sync when one is due, then its intents. */
import { instantOf } from '../../model/date-time-offset.ts'
import type { TakenToken } from '../../ports/instance-store.ts'
import { dueAt } from '../sync/due.ts'
import type { HeldLeases } from '../sync/held-leases.ts'
import type { SyncDeps } from '../sync/run-context.ts'
import { type RunOutcome, runSync } from '../sync/run-sync.ts'
import { isSuperseded } from '../sync/superseded.ts'
import { hasExpired } from '../sync/token-state.ts'
import { advanceIntents } from './advance-intents.ts'

/** As `runSync`; a token that is due for its intents alone is not synced. */
export async function runTaken(
  deps: SyncDeps,
  taken: TakenToken,
  leases: HeldLeases,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const outcome = (await isOnlyForIntents(deps, taken))
    ? 'completed'
    : await runSync(deps, taken, leases, signal)
  if (outcome !== 'completed' && outcome !== 'failed') return outcome
  try {
    await advanceIntents(deps, taken, leases, signal)
    await becomeDue(deps, taken)
    return outcome
  } catch (error) {
    if (isSuperseded(signal.aborted ? signal.reason : error)) return 'superseded'
    if (signal.aborted) return 'interrupted'
    // The token is still due: its location rests for a while, then the next turn goes on.
    throw error
  }
}

async function isOnlyForIntents(
  { storage, clock }: SyncDeps,
  { tenantId, tokenId }: TakenToken,
): Promise<boolean> {
  const { tokens, runs, intents } = storage.forTenant(tenantId).reads
  const now = clock.now()
  const token = await tokens.find(tokenId)
  if (!token || (await runs.findActive(tokenId))) return false
  const { nextSyncDateTime, expirationDateTime, state } = token.record
  if (nextSyncDateTime.instant <= instantOf(now)) return false
  if (state !== 'expired' && hasExpired(expirationDateTime.instant, now)) return false
  return (await intents.listOpen(tokenId)).some(({ wakeAt }) => wakeAt <= instantOf(now))
}

/** At the earliest of what is to be done next: a queued sync, the next regular one, the expiry, or the intents. */
async function becomeDue(
  { storage, clock }: SyncDeps,
  { tenantId, tokenId, fence }: TakenToken,
): Promise<void> {
  await storage.forTenant(tenantId).transaction(async ({ tokens, runs, intents }) => {
    await tokens.checkFence(tokenId, fence)
    const now = clock.now()
    const { record, dueAt: stored } = await tokens.get(tokenId)
    const regular = dueAt(record.nextSyncDateTime.instant, record.expirationDateTime.instant, now)
    const isQueued = (await runs.findActive(tokenId)) !== undefined
    const [intent] = await intents.listOpen(tokenId)
    const times = [regular, ...(isQueued ? [stored] : []), ...(intent ? [intent.wakeAt] : [])]
    await tokens.setDue(tokenId, times.sort()[0] ?? regular)
  })
}
