/** The dry run: what a request would change, per asset, against the counts of the last sync. Nothing is stored or sent. */
import type { ItemReason, LicensePair } from '../../model/apple-write.ts'
import type { TokenId } from '../../model/ids.ts'
import { isUsersRequest, type LicenseRequest, wayOf } from '../../model/license-request.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { locationOf, poolFor, writeRefusal } from './location-of.ts'
import { nextPairs } from './next-pairs.ts'
import { type JudgedPair, type PlannedAsset, pairPlan } from './plan-pairs.ts'
import { rectangles } from './rectangles.ts'
import { defaultLimits, pairsPerWindow } from './write-sizes.ts'

export interface LicensePlan {
  /** Pairs, or users. */
  readonly totalCount: number
  readonly toDoCount: number
  readonly skipped: Readonly<Partial<Record<ItemReason, number>>>
  readonly assets: readonly PlannedAsset[]
  /** The first of them, in the order in which they would be done. */
  readonly pairs: readonly JudgedPair[]
  /** About how many calls of Apple's it takes. */
  readonly callCount: number
  /** Why it would be refused now; null = it would not. */
  readonly refusal: string | null
}

/** Pairs read in one go. */
const chunkSize = 2_000
/** Pairs that a plan spells out. */
const mostShown = 1_000

export async function planLicenses(
  storage: Storage,
  actor: Actor,
  tokenId: TokenId,
  request: LicenseRequest,
): Promise<LicensePlan> {
  const tenant = storage.forTenant(actor.tenantId)
  const at = await tenant.transaction((stores) => locationOf(stores, tokenId))
  const refusal = writeRefusal(at)?.message ?? null
  if (isUsersRequest(request)) {
    const count = request.users.length
    const callCount = Math.ceil(count / defaultLimits.maxUsers)
    return {
      ...{ totalCount: count, toDoCount: count, skipped: {}, assets: [], pairs: [] },
      ...{ callCount, refusal },
    }
  }
  const pool = poolFor(at)
  const plan = pairPlan(wayOf(request))
  const shown: JudgedPair[] = []
  const window: LicensePair[] = []
  let callCount = 0
  for (let cursor: number | null = 0; cursor !== null; ) {
    const from: number = cursor
    const chunk = await tenant.transaction((stores) =>
      nextPairs(stores, pool, request, from, chunkSize),
    )
    const judged = plan.judge(chunk.pairs, chunk.known)
    shown.push(...judged.slice(0, mostShown - shown.length))
    for (const { pair, skipped } of judged) if (skipped === null) window.push(pair)
    cursor = chunk.next
    while (window.length >= pairsPerWindow || (cursor === null && window.length > 0))
      callCount += rectangles(window.splice(0, pairsPerWindow), defaultLimits).length
  }
  return { ...summed(plan.assets()), pairs: shown, callCount, refusal }
}

function summed(assets: readonly PlannedAsset[]) {
  const skipped: Partial<Record<ItemReason, number>> = {}
  let toDoCount = 0
  let skippedCount = 0
  for (const asset of assets) {
    toDoCount += asset.toDo
    for (const [reason, count] of Object.entries(asset.skipped) as [ItemReason, number][]) {
      skipped[reason] = (skipped[reason] ?? 0) + count
      skippedCount += count
    }
  }
  return { totalCount: toDoCount + skippedCount, toDoCount, skipped, assets }
}
