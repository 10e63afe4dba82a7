/** The pairs that a request is about, chunk by chunk: a location may have a million licences. */
import { type Asset, unlimitedCount } from '../../model/apple-rows.ts'
import type { AssetKey, LicensePair } from '../../model/apple-write.ts'
import type { TokenId } from '../../model/ids.ts'
import type { PairRequest, ReclaimRequest } from '../../model/license-request.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { isLiveUser } from './live-user.ts'
import type { Pool } from './location-of.ts'
import { assetKeyOf } from './pair-key.ts'
import type { Known } from './plan-pairs.ts'

export interface PairChunk {
  readonly pairs: readonly LicensePair[]
  readonly known: Known
  /** Where the next chunk begins; null after the last one. */
  readonly next: number | null
  /** Devices that hold a licence and are left out because they are in the list of a reclaim of orphans. */
  readonly listedHolders: readonly string[]
}

/** Reads one chunk of at most `limit` pairs from `cursor` on, which is 0 at first. */
export async function nextPairs(
  stores: TenantStores,
  { poolId, twinIds }: Pool,
  request: PairRequest,
  cursor: number,
  limit: number,
): Promise<PairChunk> {
  if (request.action !== 'reclaim') {
    const { pairs, next } = spelledOut(request, cursor, limit)
    const held = await stores.assignments.findSame(poolId, pairs)
    return {
      pairs,
      next,
      known: await known(
        stores,
        poolId,
        pairs,
        held.map(({ row }) => row),
      ),
      listedHolders: [],
    }
  }
  const rows = await stores.intents.listHeld(poolId, filterOf(request), cursor, limit)
  const held = rows.map(({ row }) => row)
  const found = held.filter(wantedBy(request))
  const pairs = request.isOursOnly ? await stores.intents.findOurs(twinIds, found) : found
  const next = rows.length < limit ? null : (rows.at(-1)?.number ?? null)
  return {
    ...{ pairs, next, known: await known(stores, poolId, pairs, pairs) },
    listedHolders: held.filter(listedBy(request)).map(({ target }) => spelled(target)),
  }
}

type SpelledOut = Exclude<PairRequest, ReclaimRequest>

function spelledOut(request: SpelledOut, cursor: number, limit: number) {
  const isList = 'pairs' in request
  const count = isList ? request.pairs.length : request.assets.length * request.targets.length
  const end = Math.min(cursor + limit, count)
  const pairs = isList
    ? request.pairs.slice(cursor, end)
    : Array.from({ length: Math.max(0, end - cursor) }, (_, at) => pairAt(request, cursor + at))
  return { pairs, next: end < count ? end : null }
}

/** All assets of a target stand together, so that what is cut out of the middle is full rectangles again. */
function pairAt(
  { assets, targetKind, targets }: Extract<SpelledOut, { readonly assets: unknown }>,
  index: number,
): LicensePair {
  const { adamId = '', pricingParam = '' } = assets[index % assets.length] ?? {}
  return {
    adamId,
    pricingParam,
    targetKind,
    target: targets[Math.floor(index / assets.length)] ?? '',
  }
}

function filterOf({ from }: ReclaimRequest) {
  if (from.kind === 'app') return { adamId: from.adamId }
  if (from.kind !== 'target') return {}
  const { targetKind, target, adamId } = from
  return { target: { targetKind, target }, ...(adamId === undefined ? {} : { adamId }) }
}

function wantedBy({ from }: ReclaimRequest): (pair: LicensePair) => boolean {
  if (from.kind !== 'orphans') return () => true
  const known = knownOf(from)
  return ({ targetKind, target }) => targetKind === 'serialNumber' && !known.has(spelled(target))
}

function listedBy({ from }: ReclaimRequest): (pair: LicensePair) => boolean {
  if (from.kind !== 'orphans') return () => false
  const known = knownOf(from)
  return ({ targetKind, target }) => targetKind === 'serialNumber' && known.has(spelled(target))
}

/** Lists from other programs may write a serial number in small letters. */
function spelled(serialNumber: string): string {
  return serialNumber.trim().toUpperCase()
}

/** One list for all chunks of a request. */
const knownLists = new WeakMap<object, ReadonlySet<string>>()

function knownOf(from: { readonly knownSerialNumbers: readonly string[] }): ReadonlySet<string> {
  const known = knownLists.get(from) ?? new Set(from.knownSerialNumbers.map(spelled))
  knownLists.set(from, known)
  return known
}

async function known(
  stores: TenantStores,
  poolId: TokenId,
  pairs: readonly LicensePair[],
  held: readonly LicensePair[],
): Promise<Known> {
  const keys = new Map(
    pairs.flatMap(bothQualities).map((asset) => [assetKeyOf(asset), byKey(asset)]),
  )
  const assets = await stores.assets.findSame(poolId, [...keys.values()])
  const targets = pairs.flatMap(({ targetKind, target }) =>
    targetKind === 'clientUserId' ? [target] : [],
  )
  const users = await stores.users.listOfUsers(poolId, targets)
  return {
    assets: assets.map(({ row }) => row),
    held,
    users: new Set(users.filter(({ row }) => isLiveUser(row)).map(({ row }) => row.clientUserId)),
  }
}

/** Of what is not owned in one quality it is worth saying that it is in the other. */
function bothQualities({ adamId, pricingParam }: AssetKey): readonly AssetKey[] {
  const others = ['STDQ', 'PLUS'].filter((one) => one !== pricingParam)
  return [pricingParam, ...others].map((quality) => ({ adamId, pricingParam: quality }))
}

/** A stored row is looked up by its key alone. */
function byKey({ adamId, pricingParam }: AssetKey): Asset {
  return {
    ...{ adamId, pricingParam, productType: '', totalCount: unlimitedCount },
    ...{ availableCount: 0, assignedCount: 0, retiredCount: 0, supportedPlatforms: [] },
    ...{ isUnlimited: false, isDeviceAssignable: false, isRevocable: false },
  }
}
