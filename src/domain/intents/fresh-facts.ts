/**
 * An intent is planned on what Apple has now: after the sync that the intent before it brought about, and nothing is refused by
 * what was found before it was asked for. So licences bought or taken back a minute ago can be assigned. That a pair is as wanted
 * already is believed of the last sync.
 */

import type { ItemReason } from '../../model/apple-write.ts'
import { type Instant, instantPlus } from '../../model/date-time-offset.ts'
import type { StoredIntent } from '../../model/license-intent.ts'
import type { SyncRun } from '../../model/sync-run.ts'
import { queueSync } from './end-intent.ts'
import { waitsForSync } from './intent-messages.ts'
import type { IntentTurn } from './intent-turn.ts'

/** Reasons that the next sync may show to be over. */
const doubtful: ReadonlySet<ItemReason | null> = new Set<ItemReason>([
  'notOwned',
  'otherQualityOwned',
  'notEnoughLicences',
  'userNotFound',
  'userExists',
])
/** Syncs that an intent waits for; then it goes on with what there is. */
const mostSyncs = 3
/** Before another look at the sync of another token. */
const lookAgainMs = 15_000

/** The intent cannot be planned before a sync. */
export class FactsTooOld extends Error {}

/** Judges only where the facts are new enough. Rejects with `FactsTooOld`. */
export interface FactCheck {
  require(reasons: readonly (ItemReason | null)[]): void
}

export const anyFacts: FactCheck = { require: () => undefined }

export async function factCheck(turn: IntentTurn, intent: StoredIntent): Promise<FactCheck> {
  const { runs } = turn.tenant.reads
  if (await runs.findActive(turn.pool.poolId)) throw new FactsTooOld()
  const [newest] = (await runs.list(turn.pool.poolId, { limit: 1 })).rows
  const areFresh =
    intent.setbacks >= mostSyncs || (isSince(newest, intent) && newest?.status === 'completed')
  return {
    require(reasons) {
      if (!areFresh && reasons.some((reason) => doubtful.has(reason))) throw new FactsTooOld()
    },
  }
}

/** Brings a sync about, unless one is under way, or the last one failed: that is tried again in its own time. */
export async function waitForFacts(turn: IntentTurn, { record }: StoredIntent): Promise<void> {
  const { poolId } = turn.pool
  await turn.write(async (stores, now) => {
    const intent = await stores.intents.find(record.id)
    if (!intent) return
    const [newest] = (await stores.runs.list(poolId, { limit: 1 })).rows
    const hasFailed = newest?.status === 'failed' && isSince(newest, intent)
    if (!hasFailed) await queueSync(turn, stores, poolId, now)
    const { nextSyncDateTime } = (await stores.tokens.get(poolId)).record
    const wakeAt = hasFailed ? later(now, nextSyncDateTime.instant) : now
    await stores.intents.update({
      ...intent,
      wakeAt: poolId === turn.taken.tokenId ? wakeAt : later(instantPlus(now, lookAgainMs), wakeAt),
      setbacks: intent.setbacks + (hasFailed ? 1 : 0),
      record: { ...intent.record, message: waitsForSync },
    })
  })
}

function isSince(run: SyncRun | undefined, { record }: StoredIntent): boolean {
  return run?.startedAt != null && run.startedAt >= record.createdDateTime.instant
}

function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other
}
