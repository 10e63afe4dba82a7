/**
 * Carries a token's intents on, oldest first, as far as they can come now: what was stored is planned, sent, followed and closed
 * with receipts. What has to wait is stored with the instant to go on at; nobody sleeps meanwhile (Apple C17).
 */
import { type AppleFinding, AppleTrouble } from '../../model/apple-finding.ts'
import { type Instant, instantOf, millisecondsAt, utc } from '../../model/date-time-offset.ts'
import type { StoredIntent } from '../../model/license-intent.ts'
import type { TakenToken } from '../../ports/instance-store.ts'
import { writeRefusal } from '../licenses/location-of.ts'
import { showResult } from '../licenses/revoke-results.ts'
import type { HeldLeases } from '../sync/held-leases.ts'
import type { SyncDeps } from '../sync/run-context.ts'
import { saysNoToWriting } from '../sync/token-after-run.ts'
import { endIntent, queueSync } from './end-intent.ts'
import { followStep } from './follow-step.ts'
import { FactsTooOld, waitForFacts } from './fresh-facts.ts'
import { closeRest, giveUp, whyNotWritten } from './give-up.ts'
import { couldNotAsk, waitsForApple } from './intent-messages.ts'
import { after, type IntentTurn, intentTurn, LocationTaken } from './intent-turn.ts'
import { planIntent } from './plan-intent.ts'
import { refusedAs, WritesRefused } from './send-step.ts'
import { sendWaiting } from './send-waiting.ts'
import { showWriting } from './show-writing.ts'

const retrySeconds = 300
/** Verdicts on the token, and syncs that were waited for, after which the next verdict closes an intent. */
const mostSetbacks = 3

/** Rejects with Failure `superseded`, or when the signal comes; then another turn goes on. */
export async function advanceIntents(
  deps: SyncDeps,
  taken: TakenToken,
  leases: HeldLeases,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { intents } = deps.storage.forTenant(taken.tenantId).reads
    const [intent] = await intents.listOpen(taken.tokenId)
    if (!intent || intent.wakeAt > instantOf(deps.clock.now())) return
    const turn = await intentTurn(deps, taken, leases, signal)
    if (!(await advance(turn, intent))) return
    await tellEnd(turn, intent.record.id)
  }
}

async function tellEnd({ deps, taken, tenant }: IntentTurn, id: string): Promise<void> {
  const ended = await tenant.reads.intents.find(id)
  if (!ended) return
  const { action, status, doneCount, skippedCount, failedCount, unknownCount } = ended.record
  deps.observe({
    ...{ kind: 'intentEnded', tenantId: taken.tenantId, tokenId: taken.tokenId, intentId: id },
    ...{ action, status, done: doneCount, skipped: skippedCount },
    ...{ failed: failedCount, unknown: unknownCount },
    durationMs:
      millisecondsAt(ended.record.endedDateTime.instant) -
      millisecondsAt(ended.record.createdDateTime.instant),
  })
}

/** Whether it has ended. */
async function advance(turn: IntentTurn, intent: StoredIntent): Promise<boolean> {
  try {
    const begun = await begin(turn, intent)
    const refusal = writeRefusal(turn.at)
    if (refusal) await giveUp(turn, begun, refusal, verdictOn(turn))
    else await carryOn(turn, await planIntent(turn, begun))
    return await closeOrWait(turn, intent.record.id)
  } catch (error) {
    if (error instanceof FactsTooOld) return waitForNews(turn, intent)
    if (error instanceof WritesRefused) return stopWriting(turn, intent, error.finding)
    if (error instanceof LocationTaken) return waitForSync(turn, intent)
    if (error instanceof AppleTrouble) return waitOut(turn, intent, error.finding)
    throw error
  }
}

function verdictOn({ at }: IntentTurn): AppleFinding | null {
  const { finding } = at.token
  return finding?.isDefinite ? finding : null
}

async function waitForNews(turn: IntentTurn, intent: StoredIntent): Promise<boolean> {
  await waitForFacts(turn, intent)
  return false
}

function begin(turn: IntentTurn, intent: StoredIntent): Promise<StoredIntent> {
  if (intent.record.status === 'active') return Promise.resolve(intent)
  return turn.write(async (stores, now) => {
    const record = { ...intent.record, status: 'active', startedDateTime: utc(now) } as const
    const begun = await stores.intents.update({ ...intent, record })
    await showResult(stores, begun, now)
    return begun
  })
}

async function carryOn(turn: IntentTurn, intent: StoredIntent): Promise<void> {
  await followDue(turn, intent)
  await sendWaiting(turn, intent)
}

async function followDue(turn: IntentTurn, { record }: StoredIntent): Promise<void> {
  for (const step of await turn.tenant.reads.intents.openSteps(record.id)) {
    const now = instantOf(turn.deps.clock.now())
    if (step.pollAt <= now) await followStep(turn, step, now)
  }
}

/** 9637, 9645 and 9722: nothing is sent any more. */
async function stopWriting(
  turn: IntentTurn,
  intent: StoredIntent,
  finding: AppleFinding,
): Promise<boolean> {
  const { status, reason, errorNumber } = refusedAs(finding)({ tries: 0 })
  await closeRest(turn, intent, whyNotWritten(finding), { status, reason, errorNumber })
  if (saysNoToWriting(finding))
    await turn.write((stores, now) => showWriting(stores, turn.deps, turn.at, finding, now))
  return closeOrWait(turn, intent.record.id)
}

/** The sync finds out what has become of the location; then the intent is looked at again. */
async function waitForSync(turn: IntentTurn, intent: StoredIntent): Promise<boolean> {
  await turn.write(async (stores, now) => {
    await queueSync(turn, stores, turn.taken.tokenId, now)
    await wait(stores, intent.record.id, { wakeAt: now, message: null, hasSetback: true })
  })
  return false
}

async function waitOut(
  turn: IntentTurn,
  intent: StoredIntent,
  finding: AppleFinding,
): Promise<boolean> {
  const { isDefinite, reason, detail = reason } = finding
  const isFinal = isDefinite || reason === 'serviceGone'
  if (isFinal && intent.setbacks + 1 >= mostSetbacks) {
    const refusal = { kind: 'notAccepted', message: `Apple refuses: ${detail}.` } as const
    await giveUp(turn, intent, refusal, finding)
    return closeOrWait(turn, intent.record.id)
  }
  if (isFinal) return waitForSync(turn, intent)
  await turn.write(async (stores, now) => {
    const wakeAt = finding.notBefore ?? after(now, retrySeconds)
    const message = couldNotAsk(detail, wakeAt)
    await wait(stores, intent.record.id, { wakeAt, message, hasSetback: false })
  })
  return false
}

async function wait(
  { intents }: Parameters<Parameters<IntentTurn['write']>[0]>[0],
  id: string,
  { wakeAt, message, hasSetback }: { wakeAt: Instant; message: string | null; hasSetback: boolean },
): Promise<void> {
  const stored = await intents.find(id)
  if (!stored) return
  await intents.update({
    ...stored,
    wakeAt,
    setbacks: stored.setbacks + (hasSetback ? 1 : 0),
    record: { ...stored.record, message },
  })
}

/** Ends the intent when nothing of it is open, else says when to go on. Answers whether it has ended. */
function closeOrWait(turn: IntentTurn, id: string): Promise<boolean> {
  return turn.write(async (stores, now) => {
    const intent = await stores.intents.find(id)
    if (!intent) return true
    const steps = await stores.intents.openSteps(id)
    const isWaiting = (await stores.intents.listWaiting(id, 1)).length > 0
    if (intent.request === null && steps.length === 0 && !isWaiting) {
      await endIntent(turn, stores, intent, now)
      return true
    }
    const times = steps.map(({ pollAt }) => pollAt)
    if (isWaiting && intent.pausedUntil !== null && intent.pausedUntil > now)
      times.push(intent.pausedUntil)
    const wakeAt = times.sort()[0] ?? now
    const { totalCount } = intent.record
    const message = waitsForApple(totalCount - closedOf(intent), totalCount)
    await stores.intents.update({ ...intent, wakeAt, record: { ...intent.record, message } })
    return false
  })
}

function closedOf({ record }: StoredIntent): number {
  return record.doneCount + record.skippedCount + record.failedCount + record.unknownCount
}
