/**
 * Follows a write that was sent to its end (Apple 5, C9): asked for no sooner than 30 s, given up at 10 minutes. Whatever is not a
 * plain success is settled pair by pair from what stands at Apple, never from counts.
 */
import { AppleTrouble } from '../../model/apple-finding.ts'
import type { LicensePair, LicenseWrite } from '../../model/apple-write.ts'
import type { Instant } from '../../model/date-time-offset.ts'
import type { LicenseStep, Receipt } from '../../model/license-intent.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import {
  doneVerdict,
  failureOf,
  verdictFor,
  verdictWithoutEvent,
} from '../licenses/judge-receipt.ts'
import { pairKeyOf } from '../licenses/pair-key.ts'
import { isLate, nextPoll } from '../licenses/poll-times.ts'
import type { IntentTurn } from './intent-turn.ts'
import { askAgain, isRepairable, sendAgain } from './send-step.ts'
import { settleStep } from './settle-step.ts'
import { usersThere } from './users-there.ts'

/** Takes a step whose time has come one step further. */
export async function followStep(turn: IntentTurn, step: LicenseStep, now: Instant): Promise<void> {
  switch (step.status) {
    // Cut off between the request and its answer.
    case 'sending':
      return askAgain(turn, step)
    case 'held':
      return sendAgain(turn, step)
    case 'unanswered':
      return settleWithoutEvent(turn, step, 'answerLost')
    case 'sent':
      if (isLate(step, now)) return settleWithoutEvent(turn, step, 'eventLate')
      return poll(turn, step)
    case 'settled':
      return
  }
}

async function poll(turn: IntentTurn, step: LicenseStep): Promise<void> {
  const event = await readEvent(await turn.conversation(), step.eventId ?? '')
  if (event === undefined) return settleWithoutEvent(turn, step, 'eventUnknown')
  if (event.status === 'PENDING')
    return turn.write((stores, now) =>
      stores.intents.updateStep({ ...step, pollAt: nextPoll(step, now) }),
    )
  if (event.status === 'COMPLETE')
    return settleStep(turn, step, ({ tries }) => ({ ...doneVerdict, tries }))
  const isAsWanted = await whatStands(turn, step)
  await settleStep(turn, step, (receipt) =>
    isAsWanted(receipt)
      ? { ...doneVerdict, tries: receipt.tries }
      : verdictFor(failureOf(event.failures, receipt), receipt.tries, isRepairable(step.write)),
  )
}

/** Undefined when Apple knows no such event, or no longer (9708). */
async function readEvent(conversation: AppleConversation, eventId: string) {
  try {
    return await conversation.readEvent(eventId)
  } catch (error) {
    if (error instanceof AppleTrouble && error.finding.item?.reason === 'eventLost')
      return undefined
    throw error
  }
}

async function settleWithoutEvent(
  turn: IntentTurn,
  step: LicenseStep,
  why: Parameters<typeof verdictWithoutEvent>[0],
): Promise<void> {
  const isAsWanted = await whatStands(turn, step)
  await settleStep(turn, step, (receipt) =>
    isAsWanted(receipt)
      ? { ...doneVerdict, tries: receipt.tries }
      : verdictWithoutEvent(why, receipt.tries),
  )
}

/** Asks Apple what stands there now; answers whether a receipt of the step is as it was wanted. */
async function whatStands(
  turn: IntentTurn,
  { write }: LicenseStep,
): Promise<(receipt: Receipt) => boolean> {
  if ('users' in write) return usersAsWanted(turn, write)
  if (write.kind === 'revoke') throw new Error('Whole targets are never revoked at once.')
  const there = await pairsThere(turn, write)
  return (receipt) => there.has(pairKeyOf(receipt)) === (write.kind === 'associate')
}

type PairWrite = Extract<LicenseWrite, { readonly kind: 'associate' | 'disassociate' }>

/** By whichever of the two filters takes fewer requests. */
async function pairsThere(turn: IntentTurn, write: PairWrite): Promise<ReadonlySet<string>> {
  const { assets, targetKind, targets } = write
  const conversation = await turn.conversation()
  const filters =
    targets.length <= assets.length
      ? targets.map((target) => ({ targetKind, target }))
      : assets.map(({ adamId, pricingParam }) => ({ adamId, pricingParam }))
  const wanted = new Set(targets)
  const there = new Set<string>()
  const note = (pair: LicensePair) => {
    if (pair.targetKind === targetKind && wanted.has(pair.target)) there.add(pairKeyOf(pair))
  }
  for (const filter of filters) {
    await turn.checkpoint()
    for await (const { rows } of conversation.walkAssignmentsOf(filter)) rows.forEach(note)
  }
  return there
}

type UsersWrite = Extract<LicenseWrite, { readonly users: unknown }>

async function usersAsWanted(
  turn: IntentTurn,
  { kind, users }: UsersWrite,
): Promise<(receipt: Receipt) => boolean> {
  const emails = await usersThere(
    turn,
    users.map(({ clientUserId }) => clientUserId),
  )
  return ({ target, email }) => {
    if (kind === 'retireUsers') return !emails.has(target)
    if (kind === 'createUsers') return emails.has(target)
    return email !== null && emails.get(target) === email
  }
}
