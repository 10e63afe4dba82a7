/** Turns what was asked for into receipts, chunk by chunk: those to be sent wait, the others are closed with their reason. */
import type { AssetKey, ItemReason, LicensePair } from '../../model/apple-write.ts'
import type { Receipt, StoredIntent } from '../../model/license-intent.ts'
import {
  isUsersRequest,
  type LicenseRequest,
  type PairRequest,
  type UsersRequest,
  wayOf,
} from '../../model/license-request.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { nextPairs } from '../licenses/next-pairs.ts'
import { assetKeyOf } from '../licenses/pair-key.ts'
import { type JudgedPair, pairPlan } from '../licenses/plan-pairs.ts'
import { type JudgedUser, judgeUsers } from '../licenses/plan-users.ts'
import { anyFacts, type FactCheck, factCheck } from './fresh-facts.ts'
import type { IntentTurn } from './intent-turn.ts'

const chunkSize = 500

/** Answers the intent when every receipt of it is written. Rejects with `FactsTooOld` when a sync has to come before. */
export async function planIntent(turn: IntentTurn, intent: StoredIntent): Promise<StoredIntent> {
  return intent.request === null ? intent : writePlan(turn, intent, await factCheck(turn, intent))
}

/** The same for an intent of which nothing will be sent: what is stored is good enough to say for which pairs. */
export function planUnsent(turn: IntentTurn, intent: StoredIntent): Promise<StoredIntent> {
  return writePlan(turn, intent, anyFacts)
}

async function writePlan(
  turn: IntentTurn,
  intent: StoredIntent,
  facts: FactCheck,
): Promise<StoredIntent> {
  let planned = intent
  while (planned.request !== null) {
    await turn.checkpoint()
    const { request } = planned
    planned = await turn.write(async (stores) => {
      const { receipts, next } = isUsersRequest(request)
        ? await nextUsers(turn, stores, planned, request)
        : await nextReceipts(turn, stores, planned, request)
      facts.require(receipts.map(({ reason }) => reason))
      const written = await stores.intents.insertReceipts(planned.record.id, receipts)
      const { record } = planned
      const count = (status: Receipt['status']) => written[status] ?? 0
      const total = Object.values(written).reduce((sum, one) => sum + one, 0)
      return stores.intents.update({
        ...planned,
        cursor: next ?? planned.cursor,
        request: next === null ? null : request,
        record: {
          ...record,
          totalCount: record.totalCount + total,
          skippedCount: record.skippedCount + count('skipped'),
          failedCount: record.failedCount + count('failed'),
        },
      })
    })
  }
  return planned
}

async function nextReceipts(
  { pool }: IntentTurn,
  stores: TenantStores,
  intent: StoredIntent,
  request: PairRequest,
) {
  const chunk = await nextPairs(stores, pool, request, intent.cursor, chunkSize)
  const assets = new Map<string, AssetKey>(chunk.pairs.map((pair) => [assetKeyOf(pair), pair]))
  // Asked of the store each time, so that a restart goes on with the same sums.
  const planned = await stores.intents.plannedOf(intent.record.id, [...assets.values()])
  const judged = pairPlan(wayOf(request), planned).judge(chunk.pairs, chunk.known)
  return { receipts: judged.map((one) => receiptFor(request, one)), next: chunk.next }
}

function receiptFor(request: LicenseRequest, { pair, skipped }: JudgedPair): Receipt {
  // What cannot be taken back is no part of a reclaim; asked for by name it is refused.
  const isNoPart = skipped === 'notRevocable' && request.action === 'reclaim'
  const status = isNoPart ? 'skipped' : statusFor(skipped)
  return { ...receipt(pair), status, reason: skipped }
}

async function nextUsers(
  { pool }: IntentTurn,
  stores: TenantStores,
  { cursor }: StoredIntent,
  { action, users }: UsersRequest,
) {
  const end = Math.min(cursor + chunkSize, users.length)
  const some = users.slice(cursor, end)
  const known = await stores.users.listOfUsers(
    pool.poolId,
    some.map(({ clientUserId }) => clientUserId),
  )
  const judged = judgeUsers(
    action,
    some,
    known.map(({ row }) => row),
  )
  return { receipts: judged.map(receiptForUser), next: end < users.length ? end : null }
}

function receiptForUser({ user, skipped }: JudgedUser): Receipt {
  const { clientUserId, email = null, managedAppleId = null } = user
  return {
    ...receipt({ ...noAsset, targetKind: 'clientUserId', target: clientUserId }),
    ...{ email, managedAppleId, reason: skipped, status: statusFor(skipped) },
  }
}

/** What is as wanted, or cannot be any other, is no failure. */
function statusFor(skipped: ItemReason | null): Receipt['status'] {
  if (skipped === null) return 'waiting'
  return skipped === 'alreadyDone' || skipped === 'userExists' ? 'skipped' : 'failed'
}

const noAsset = { adamId: '', pricingParam: '' }

function receipt({ adamId, pricingParam, targetKind, target }: LicensePair): Receipt {
  return {
    ...{ adamId, pricingParam, targetKind, target, email: null, managedAppleId: null },
    ...{ status: 'waiting', reason: null, errorNumber: 0, tries: 0 },
  }
}
