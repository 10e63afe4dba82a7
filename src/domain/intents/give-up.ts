/** Ends what may not be sent any more, with a receipt for every part of it (Apple 7, C10). */
import type { AppleFinding } from '../../model/apple-finding.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { StoredIntent } from '../../model/license-intent.ts'
import type { Verdict } from '../licenses/judge-receipt.ts'
import type { WriteRefusal } from '../licenses/location-of.ts'
import { followStep } from './follow-step.ts'
import type { IntentTurn } from './intent-turn.ts'
import { planUnsent } from './plan-intent.ts'
import { settleStep, settleWaiting } from './settle-step.ts'

const refusedReasons = {
  notClaimed: 'heldByOtherMdm',
  notAccepted: 'tokenRefused',
  notChecked: 'tokenRefused',
} as const

/**
 * Writes are refused, not delayed; one that is under way finishes and is looked at (Apple 7), while Apple answers at all. `finding`
 * = why Apple does not accept the token, if it said so; the receipts keep its number.
 */
export async function giveUp(
  turn: IntentTurn,
  intent: StoredIntent,
  { kind, message }: WriteRefusal,
  finding: AppleFinding | null,
): Promise<void> {
  const { id } = intent.record
  const errorNumber = (kind === 'notAccepted' && finding?.errorNumber) || 0
  const verdict = { status: 'failed', reason: refusedReasons[kind], errorNumber } as const
  // As it is now: it may have been planned in this very turn.
  const stored = await turn.tenant.reads.intents.find(id)
  if (stored) await planUnsent(turn, stored)
  await closeRest(turn, intent, message, verdict)
  for (const step of await turn.tenant.reads.intents.openSteps(id)) {
    const isTaken = step.status !== 'held'
    if (isTaken && kind === 'notClaimed') continue
    await settleStep(turn, step, ({ tries }) => ({
      ...verdict,
      tries,
      status: isTaken ? 'unknown' : 'failed',
    }))
  }
  // What is not certain is not sent again either.
  if (kind === 'notClaimed') await followTaken(turn, intent)
  await settleWaiting(turn, id, verdict)
}

async function followTaken(turn: IntentTurn, intent: StoredIntent): Promise<void> {
  for (const step of await turn.tenant.reads.intents.openSteps(intent.record.id)) {
    const now = instantOf(turn.deps.clock.now())
    if (step.pollAt > now) continue
    const isOpen = step.status === 'sending'
    await followStep(turn, isOpen ? { ...step, status: 'unanswered' } : step, now)
  }
}

/** For the administrator, where Apple refuses whatever might be sent. */
export function whyNotWritten({ reason, errorNumber }: AppleFinding): string {
  const number = errorNumber === undefined ? '' : ` (${errorNumber})`
  if (reason === 'insufficientRights')
    return `The account behind this token may not change licences${number}. Use a token of an account that may.`
  if (reason === 'heldByOtherMdm') return `Apple's own management runs this location${number}.`
  return `Apple did not accept how the content token was sent${number}. This is a fault in Pomona; nothing more was sent. Report it.`
}

/** What has not been sent is not sent any more. */
export async function closeRest(
  turn: IntentTurn,
  intent: StoredIntent,
  message: string,
  verdict: Omit<Verdict, 'tries'>,
): Promise<void> {
  await turn.write(async ({ intents }) => {
    const stored = await intents.find(intent.record.id)
    if (stored)
      await intents.update({ ...stored, request: null, record: { ...stored.record, message } })
  })
  await settleWaiting(turn, intent.record.id, verdict)
}
