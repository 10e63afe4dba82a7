import { findRow } from '../library/assignment-rows.ts'
import { findAsset, isLive, type Library, type Target } from '../library/library.ts'
import { giveBack, take } from '../library/license-counts.ts'
import type { BeginVersion } from '../library/versions.ts'
import type { Switches } from '../world/switches.ts'
import { isUserWork, type PairEventType, type PairRow, type WriteEvent } from './event.ts'

import type { RowChanges } from './row-changes.ts'

/** What working on pairs needs to know; asked once for many of them. */
export interface PairContext {
  library: Library
  switches: Switches
  beginVersion: BeginVersion
  isLiveUser: (clientUserId: string) => boolean
  rows: RowChanges
}

/** `library.users` is a list, and a call may name a thousand of them for 25 assets. */
export function liveUsers(library: Library): (clientUserId: string) => boolean {
  let live: Set<string> | undefined
  return (clientUserId) => {
    live ??= new Set(library.users.filter(isLive).map((user) => user.clientUserId))
    return live.has(clientUserId)
  }
}

/** Does one pair's part of an event; answers the number that it failed with, undefined when it is done. */
export function workOnPair(
  context: PairContext,
  eventType: PairEventType,
  pair: PairRow,
): number | undefined {
  if ('clientUserId' in pair && !context.isLiveUser(pair.clientUserId)) return 9609
  return eventType === 'ASSOCIATE'
    ? associate(context, pair)
    : disassociate(context, pair, eventType)
}

function associate({ library, switches, beginVersion, rows }: PairContext, pair: PairRow) {
  const asset = findAsset(library, pair)
  if (asset === undefined) return 9709
  const target = targetOf(pair)
  if (findRow(library.assignments, pair, target) !== undefined) {
    return switches.reassociate === 9616 ? 9616 : undefined
  }
  const licenses = take(asset.licenses, 1)
  if (licenses === undefined) return 9709
  asset.licenses = licenses
  const { adamId, pricingParam } = pair
  rows.added.push({ adamId, pricingParam, target, changedIn: beginVersion('assignments') })
  beginVersion('assets')
  return undefined
}

function disassociate(
  { library, switches, beginVersion, rows }: PairContext,
  pair: PairRow,
  eventType: PairEventType,
) {
  const asset = findAsset(library, pair)
  if (asset === undefined) return 9709
  const target = targetOf(pair)
  if (findRow(library.assignments, pair, target) === undefined) {
    return eventType === 'DISASSOCIATE' && switches.disassociateMissing === 9619 ? 9619 : undefined
  }
  const { adamId, pricingParam } = pair
  rows.leaving.push({ adamId, pricingParam, target })
  asset.licenses = giveBack(asset.licenses, 1) ?? asset.licenses
  beginVersion('assignments')
  beginVersion('assets')
  return undefined
}

/** Switch shortage: an asset that cannot serve all its pairs serves none of them (Apple contract 11.4). */
export function planShortages(event: WriteEvent, context: PairContext): void {
  if (isUserWork(event.work) || event.work.eventType !== 'ASSOCIATE') return
  if (context.switches.shortage !== 'none') return
  const { items } = event.work
  const fresh = [...items.entries()].filter(
    ([place, pair]) => !event.planned.has(place) && wantsLicense(context, pair),
  )
  const byAsset = Map.groupBy(fresh, ([, pair]) => `${pair.adamId}|${pair.pricingParam}`)
  for (const pairs of byAsset.values()) {
    const asset = pairs[0] && findAsset(context.library, pairs[0][1])
    if (asset === undefined || take(asset.licenses, pairs.length) !== undefined) continue
    for (const [place] of pairs) event.planned.set(place, 9709)
  }
}

function wantsLicense({ library, isLiveUser }: PairContext, pair: PairRow): boolean {
  if ('clientUserId' in pair && !isLiveUser(pair.clientUserId)) return false
  return findRow(library.assignments, pair, targetOf(pair)) === undefined
}

export function targetOf(pair: PairRow): Target {
  return 'serialNumber' in pair
    ? { serialNumber: pair.serialNumber }
    : { clientUserId: pair.clientUserId }
}
