/** Sends one write (Apple C17, 5): stored as `sending` before, its event after; a lost answer is asked again at most once. */
import { type AppleFinding, AppleTrouble } from '../../model/apple-finding.ts'
import type { ItemFailure, LicensePair, LicenseWrite } from '../../model/apple-write.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { LicenseStep, Receipt } from '../../model/license-intent.ts'
import { failureOf, type Verdict, verdictFor } from '../licenses/judge-receipt.ts'
import { firstPoll } from '../licenses/poll-times.ts'
import { pairsOf } from '../licenses/rectangles.ts'
import { saysNoToWriting } from '../sync/token-after-run.ts'
import { after, type IntentTurn } from './intent-turn.ts'
import { settleStep } from './settle-step.ts'

/** After trouble that passes by itself. */
const retrySeconds = 300
/** As often as Apple may take one write. */
const mostTries = 2

/** The account may not write, another server manages the location, or the token is stopped: nothing more is to be sent. */
export class WritesRefused extends Error {
  readonly finding: AppleFinding

  constructor(finding: AppleFinding) {
    super(finding.reason)
    this.finding = finding
  }
}

/**
 * Sends a step that is stored as `sending` with this try counted. Rejects with AppleTrouble when nothing can be sent now, and
 * with `WritesRefused` when nothing ever will be.
 */
export async function sendStep(turn: IntentTurn, step: LicenseStep): Promise<void> {
  try {
    const { eventId } = await (await turn.conversation()).send(step.write)
    await keepEvent(turn, step, eventId)
    await turn.writesAreTaken()
  } catch (error) {
    if (!(error instanceof AppleTrouble)) throw error
    if (error.finding.isAnswerLost) await askAgain(turn, step)
    else await takeRefusal(turn, step, error)
  }
}

/** Sent before, with an unknown outcome: once more, then its pairs are looked at. */
export async function askAgain(turn: IntentTurn, step: LicenseStep): Promise<void> {
  await turn.checkpoint()
  if (step.tries < mostTries) return sendAgain(turn, step)
  await lookAtPairs(turn, step)
}

async function lookAtPairs(turn: IntentTurn, step: LicenseStep): Promise<void> {
  await turn.write((stores, now) =>
    stores.intents.updateStep({ ...step, status: 'unanswered', pollAt: firstPoll(now, false) }),
  )
}

export async function sendAgain(turn: IntentTurn, step: LicenseStep): Promise<void> {
  const again: LicenseStep = { ...step, status: 'sending', tries: step.tries + 1 }
  await turn.write((stores, now) => stores.intents.updateStep({ ...again, sentAt: now }))
  await sendStep(turn, again)
}

/** What Apple has taken is known, whoever has the token by now: only a later try of the same step may not be overwritten. */
async function keepEvent(
  { tenant, deps, pool }: IntentTurn,
  step: LicenseStep,
  eventId: string,
): Promise<void> {
  await tenant.transaction(async ({ intents, channels }) => {
    const stored = await intents.findStep(step.id)
    if (stored?.status !== 'sending' || stored.tries !== step.tries) return
    const now = instantOf(deps.clock.now())
    const channel = await channels.find(pool.poolId)
    const isTold = channel?.url != null && channel.finding === null
    const pollAt = firstPoll(now, isTold)
    await intents.updateStep({ ...stored, status: 'sent', eventId, sentAt: now, pollAt })
  })
}

/** Apple has taken nothing of this try; an earlier one, whose answer was lost, may have been taken all the same (Apple 5). */
async function takeRefusal(
  turn: IntentTurn,
  step: LicenseStep,
  { finding }: AppleTrouble,
): Promise<void> {
  const { item } = finding
  const wasTriedBefore = step.tries > 1
  if (saysNoToWriting(finding) || finding.stopsToken) {
    if (wasTriedBefore) await lookAtPairs(turn, step)
    else await settleStep(turn, step, refusedAs(finding))
    throw new WritesRefused(finding)
  }
  if (finding.isDefinite || isPassing(finding)) {
    await turn.write((stores, now) =>
      stores.intents.updateStep({
        ...step,
        status: 'held',
        tries: step.tries - 1,
        pollAt: finding.notBefore ?? after(now, retrySeconds),
      }),
    )
    throw new AppleTrouble(finding)
  }
  if (wasTriedBefore) return lookAtPairs(turn, step)
  if (finding.isOverLimits) return dissolve(turn, step, finding)
  if (item && subjectsOf(step.write).some((subject) => failureOf([item], subject)))
    return settleStep(turn, step, (receipt) =>
      withoutTheRefused(item, receipt, isRepairable(step.write)),
    )
  await settleStep(turn, step, refusedAs(finding))
}

const passing: ReadonlySet<AppleFinding['reason']> = new Set([
  'throttled',
  'maintenance',
  'appleUnavailable',
  'tlsRefused',
  'serviceGone',
])

/** Also a number that nobody knows, where its status says that it passes: then there is an instant to wait for (Apple 4.1). */
function isPassing({ reason, item, notBefore }: AppleFinding): boolean {
  return (passing.has(reason) || notBefore !== undefined) && item === undefined
}

/** Its pairs wait again, to be sent in smaller parts: once, then it is a fault of ours (Apple 4.1). */
async function dissolve(
  turn: IntentTurn,
  step: LicenseStep,
  { errorNumber = 0 }: AppleFinding,
): Promise<void> {
  const refused = { reason: 'clientDefect', errorNumber } as const
  await settleStep(turn, step, ({ tries }) =>
    tries === 0
      ? { status: 'waiting', reason: null, errorNumber: 0, tries: 1 }
      : { status: 'failed', ...refused, tries },
  )
}

/** What a refusal can name. */
function subjectsOf(write: LicenseWrite): readonly LicensePair[] {
  if (write.kind === 'associate' || write.kind === 'disassociate') return pairsOf(write)
  const targets = 'users' in write ? write.users.map(({ clientUserId }) => clientUserId) : []
  return targets.map((target) => ({
    ...{ adamId: '', pricingParam: '', targetKind: 'clientUserId', target },
  }))
}

/** Whoever misses a licence because nobody registered them can be registered (Apple 4.1, 9609). */
export function isRepairable(write: LicenseWrite): boolean {
  return write.kind === 'associate' && write.targetKind === 'clientUserId'
}

/** What Apple names is refused, at least one of them; what stood beside it waits again. */
function withoutTheRefused(item: ItemFailure, receipt: Receipt, canRepair: boolean): Verdict {
  const failure = failureOf([item], receipt)
  if (failure) return verdictFor(failure, receipt.tries, canRepair)
  return { status: 'waiting', reason: null, errorNumber: 0, tries: receipt.tries }
}

const reasons = {
  insufficientRights: 'insufficientRights',
  heldByOtherMdm: 'heldByOtherMdm',
  clientDefect: 'clientDefect',
} as const

export function refusedAs({ reason, errorNumber = 0 }: AppleFinding) {
  const known = reasons[reason as keyof typeof reasons] ?? 'unknownAppleError'
  return ({ tries }: Pick<Receipt, 'tries'>): Verdict => ({
    ...{ status: 'failed', reason: known, errorNumber, tries },
  })
}
