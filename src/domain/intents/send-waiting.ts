/** Sends what waits: pairs as full rectangles, users in lists, each stored as a step before it goes out (Apple C15, C17). */
import type { LicenseWrite } from '../../model/apple-write.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { LicenseStep, NumberedReceipt, StoredIntent } from '../../model/license-intent.ts'
import type { LicenseAction } from '../../model/license-request.ts'
import { pairKeyOf } from '../licenses/pair-key.ts'
import { pairsOf, rectangles } from '../licenses/rectangles.ts'
import { mostEvents, pairsPerWindow, sizesIn } from '../licenses/write-sizes.ts'
import type { IntentTurn } from './intent-turn.ts'
import { registerMissing } from './register-missing.ts'
import { sendStep } from './send-step.ts'

interface Parcel {
  readonly write: LicenseWrite
  readonly receipts: readonly number[]
}

/** Until nothing waits, or as many events are under way as may be, or what came of one asks for a pause. */
export async function sendWaiting(turn: IntentTurn, intent: StoredIntent): Promise<void> {
  const { id, action } = intent.record
  for (;;) {
    if (await isPaused(turn, id)) return
    const open = await turn.tenant.reads.intents.openSteps(id)
    const places = mostEvents - open.length
    if (places <= 0) return
    const waiting = await turn.write((stores) => stores.intents.listWaiting(id, pairsPerWindow))
    if (waiting.length === 0) return
    const limits = sizesIn(await (await turn.conversation()).readLimits())
    const { writes, ready } = await registerMissing(turn, intent, waiting, limits.maxUsers)
    const parcels = [
      ...writes.map((write) => ({ write, receipts: [] })),
      ...parcelsOf(action, ready, limits),
    ]
    if (parcels.length === 0) return
    for (const parcel of parcels.slice(0, places)) await sendParcel(turn, id, parcel)
  }
}

async function isPaused({ tenant, deps }: IntentTurn, id: string): Promise<boolean> {
  const pausedUntil = (await tenant.reads.intents.find(id))?.pausedUntil ?? null
  return pausedUntil !== null && pausedUntil > instantOf(deps.clock.now())
}

async function sendParcel(
  turn: IntentTurn,
  intentId: string,
  { write, receipts }: Parcel,
): Promise<void> {
  await turn.checkpoint()
  await turn.requireStillOurs()
  const step = await turn.write(async (stores, now): Promise<LicenseStep> => {
    const step: LicenseStep = {
      ...{ id: turn.deps.newId(), intentId, write, status: 'sending', eventId: null, tries: 1 },
      ...{ sentAt: now, pollAt: now },
    }
    await stores.intents.insertStep(step, receipts)
    return step
  })
  await sendStep(turn, step)
}

function parcelsOf(
  action: LicenseAction,
  waiting: readonly NumberedReceipt[],
  limits: ReturnType<typeof sizesIn>,
): readonly Parcel[] {
  if (action === 'createUsers' || action === 'updateUsers' || action === 'retireUsers')
    return userParcels(action, waiting, limits.maxUsers)
  const kind = action === 'assign' ? 'associate' : 'disassociate'
  const numbers = new Map(waiting.map(({ number, receipt }) => [pairKeyOf(receipt), number]))
  const pairs = waiting.map(({ receipt: { adamId, pricingParam, targetKind, target } }) => ({
    ...{ adamId, pricingParam, targetKind, target },
  }))
  return rectangles(pairs, limits).map((rectangle) => ({
    write: { kind, ...rectangle },
    receipts: pairsOf(rectangle).flatMap((pair) => numbers.get(pairKeyOf(pair)) ?? []),
  }))
}

function userParcels(
  kind: 'createUsers' | 'updateUsers' | 'retireUsers',
  waiting: readonly NumberedReceipt[],
  maxUsers: number,
): readonly Parcel[] {
  const count = Math.ceil(waiting.length / maxUsers)
  return Array.from({ length: count }, (_, at) => {
    const some = waiting.slice(at * maxUsers, (at + 1) * maxUsers)
    const users = some.map(({ receipt: { target, email, managedAppleId } }) => ({
      clientUserId: target,
      ...(email === null ? {} : { email }),
      ...(managedAppleId === null ? {} : { managedAppleId }),
    }))
    return { write: { kind, users }, receipts: some.map(({ number }) => number) }
  })
}
