/** The end of an intent, in one transaction: its status, the audit event, what Graph shows, and a sync that brings the counts. */
import { type Instant, utc } from '../../model/date-time-offset.ts'
import type { TokenId } from '../../model/ids.ts'
import type { IntentStatus, LicenseIntent, StoredIntent } from '../../model/license-intent.ts'
import { queuedRun } from '../../model/sync-run.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { showResult } from '../licenses/revoke-results.ts'
import { tellsOfWaiting } from './intent-messages.ts'
import type { IntentTurn } from './intent-turn.ts'

export async function endIntent(
  turn: IntentTurn,
  stores: TenantStores,
  intent: StoredIntent,
  now: Instant,
): Promise<void> {
  const { record } = intent
  const status = statusOf(record)
  const hasFailed = record.failedCount + record.unknownCount > 0
  const isToBeKept = hasFailed && record.message !== null && !tellsOfWaiting(record.message)
  const ended = await stores.intents.update({
    ...intent,
    request: null,
    record: {
      ...record,
      status,
      endedDateTime: utc(now),
      message: isToBeKept ? record.message : null,
    },
  })
  const { id, doneCount, skippedCount, failedCount, unknownCount } = ended.record
  await stores.audit.insert({
    id: turn.deps.newId(),
    at: now,
    actor: 'pomona',
    action: 'licenses.ended',
    subject: record.tokenId,
    details: { intentId: id, status, doneCount, skippedCount, failedCount, unknownCount },
  })
  await showResult(stores, ended, now)
  if (doneCount + failedCount + unknownCount > 0)
    await queueSync(turn, stores, turn.pool.poolId, now)
}

function statusOf({ doneCount, failedCount, unknownCount }: LicenseIntent): IntentStatus {
  if (failedCount + unknownCount === 0) return 'done'
  return doneCount > 0 ? 'incomplete' : 'failed'
}

/** A sync is due now; while one waits already there is no second one. */
export async function queueSync(
  { deps }: IntentTurn,
  stores: TenantStores,
  tokenId: TokenId,
  now: Instant,
): Promise<void> {
  await stores.tokens.makeDue(tokenId, now)
  if (await stores.runs.findActive(tokenId)) return
  await stores.runs.insert(queuedRun({ id: deps.newId(), tokenId, cause: 'licenses', now }))
}
