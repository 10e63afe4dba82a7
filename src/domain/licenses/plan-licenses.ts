/** The dry run: what a request would change, per asset, against the counts of the last sync. Nothing is stored or sent. */
import type { AppleUser } from '../../model/apple-rows.ts'
import type { ItemReason, LicensePair } from '../../model/apple-write.ts'
import type { TokenId } from '../../model/ids.ts'
import {
  isUsersRequest,
  type LicenseRequest,
  type UsersRequest,
  wayOf,
} from '../../model/license-request.ts'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { Storage, TenantStorage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { locationOf, poolFor, writeRefusal } from './location-of.ts'
import { nextPairs } from './next-pairs.ts'
import { type JudgedPair, type PlannedAsset, pairPlan } from './plan-pairs.ts'
import { judgeUsers } from './plan-users.ts'
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
  /** Devices of a list of known ones that hold licences here: 0 tells of a wrong list. Null = nothing was listed. */
  readonly listedHolderCount: number | null
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
  const pool = poolFor(at)
  if (isUsersRequest(request))
    return { ...planOfUsers(request, await usersNamed(tenant, pool.poolId, request)), refusal }
  const plan = pairPlan(wayOf(request))
  const shown: JudgedPair[] = []
  const window: LicensePair[] = []
  const listedHolders = new Set<string>()
  let callCount = 0
  for (let cursor: number | null = 0; cursor !== null; ) {
    const from: number = cursor
    const chunk = await tenant.transaction((stores) =>
      nextPairs(stores, pool, request, from, chunkSize),
    )
    const judged = plan.judge(chunk.pairs, chunk.known)
    for (const holder of chunk.listedHolders) listedHolders.add(holder)
    shown.push(...judged.slice(0, mostShown - shown.length))
    for (const { pair, skipped } of judged) if (skipped === null) window.push(pair)
    cursor = chunk.next
    while (window.length >= pairsPerWindow || (cursor === null && window.length > 0))
      callCount += rectangles(window.splice(0, pairsPerWindow), defaultLimits).length
  }
  const isOfOrphans = request.action === 'reclaim' && request.from.kind === 'orphans'
  return {
    ...{ ...summed(plan.assets()), pairs: shown, callCount, refusal },
    listedHolderCount: isOfOrphans ? listedHolders.size : null,
  }
}

function usersNamed({ reads }: TenantStorage, poolId: TokenId, { users }: UsersRequest) {
  return reads.users.listOfUsers(
    poolId,
    users.map(({ clientUserId }) => clientUserId),
  )
}

/** Users have no asset, as in a receipt. */
function planOfUsers(
  { action, users }: UsersRequest,
  known: readonly NumberedRow<AppleUser>[],
): Omit<LicensePlan, 'refusal'> {
  const judged = judgeUsers(
    action,
    users,
    known.map(({ row }) => row),
  )
  const skipped: Partial<Record<ItemReason, number>> = {}
  for (const one of judged)
    if (one.skipped !== null) skipped[one.skipped] = (skipped[one.skipped] ?? 0) + 1
  const toDoCount = judged.filter((one) => one.skipped === null).length
  const noAsset = { adamId: '', pricingParam: '', targetKind: 'clientUserId' } as const
  const pairs = judged.slice(0, mostShown).map(({ user, ...rest }) => ({
    ...{ pair: { ...noAsset, target: user.clientUserId }, ...rest },
  }))
  return {
    ...{ totalCount: judged.length, toDoCount, skipped, assets: [], pairs },
    callCount: Math.ceil(toDoCount / defaultLimits.maxUsers),
    listedHolderCount: null,
  }
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
