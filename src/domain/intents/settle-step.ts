/** Writes what became of a step's pairs or users: receipts, the intent's counts, and the stored licences that Apple confirmed. */
import type {
  LicenseStep,
  NumberedReceipt,
  Receipt,
  StoredIntent,
} from '../../model/license-intent.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { pauseSecondsOf, type Verdict } from '../licenses/judge-receipt.ts'
import { pairKeyOf } from '../licenses/pair-key.ts'
import { after, type IntentTurn } from './intent-turn.ts'

const chunkSize = 500

/** Takes the receipts of the step in chunks; what is to wait for another step leaves this one. */
export async function settleStep(
  turn: IntentTurn,
  step: LicenseStep,
  judge: (receipt: Receipt) => Verdict,
): Promise<void> {
  for (;;) {
    await turn.checkpoint()
    const isWhole = await turn.write(async (stores, now) => {
      const receipts = await stores.intents.listOfStep(step.id, chunkSize)
      const judged = receipts.map((one) => withVerdict(one, judge(one.receipt)))
      await writeVerdicts(stores, step.intentId, judged, now)
      await keepLicenses(turn, stores, step, judged)
      if (receipts.length === chunkSize) return false
      await stores.intents.updateStep({ ...step, status: 'settled' })
      return true
    })
    if (isWhole) return
  }
}

function withVerdict({ number, receipt }: NumberedReceipt, verdict: Verdict): NumberedReceipt {
  return { number, receipt: { ...receipt, ...verdict } }
}

/** Receipts that wait in no step, closed with one verdict. */
export async function settleWaiting(
  turn: IntentTurn,
  intentId: string,
  verdict: Omit<Verdict, 'tries'>,
): Promise<void> {
  for (;;) {
    await turn.checkpoint()
    const count = await turn.write(async (stores, now) => {
      const receipts = await stores.intents.listWaiting(intentId, chunkSize)
      const closed = receipts.map((one) => ({ ...one, receipt: { ...one.receipt, ...verdict } }))
      await writeVerdicts(stores, intentId, closed, now)
      return receipts.length
    })
    if (count < chunkSize) return
  }
}

async function writeVerdicts(
  stores: TenantStores,
  intentId: string,
  receipts: readonly NumberedReceipt[],
  now: string,
): Promise<void> {
  if (receipts.length === 0) return
  await stores.intents.settle(receipts)
  const intent = await stores.intents.find(intentId)
  if (!intent) return
  const count = (status: Receipt['status']) =>
    receipts.filter(({ receipt }) => receipt.status === status).length
  const { record } = intent
  const pauseSeconds = Math.max(...receipts.map(({ receipt }) => pauseSecondsOf(receipt)))
  const changed: StoredIntent = {
    ...intent,
    // What passes by itself is asked for again later (Apple 4.1: 9644, 9626, 9630).
    pausedUntil: pauseSeconds > 0 ? after(now, pauseSeconds) : intent.pausedUntil,
    // Something came of it.
    setbacks: 0,
    record: {
      ...record,
      doneCount: record.doneCount + count('done'),
      failedCount: record.failedCount + count('failed'),
      unknownCount: record.unknownCount + count('unknown'),
    },
  }
  await stores.intents.update(changed)
}

/**
 * Deltas do not tell of removals (Apple 3.3), so the stored licences follow what is certain at once. Counts come with the sync
 * that follows the intent.
 */
async function keepLicenses(
  { pool: { poolId } }: IntentTurn,
  { assignments }: TenantStores,
  { write: { kind } }: LicenseStep,
  judged: readonly NumberedReceipt[],
): Promise<void> {
  if (kind !== 'associate' && kind !== 'disassociate') return
  const pairs = judged
    .filter(({ receipt }) => receipt.status === 'done')
    .map(({ receipt: { adamId, pricingParam, targetKind, target } }) => ({
      ...{ adamId, pricingParam, targetKind, target },
    }))
  if (pairs.length === 0) return
  const stored = await assignments.findSame(poolId, pairs)
  if (kind === 'disassociate')
    return assignments.remove(
      poolId,
      stored.map(({ number }) => number),
    )
  const known = new Set(stored.map(({ row }) => pairKeyOf(row)))
  const fresh = pairs.filter((pair) => !known.has(pairKeyOf(pair)))
  if (fresh.length > 0) await assignments.insert(poolId, fresh)
}
