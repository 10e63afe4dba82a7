import { type AssetKey, findAsset, type Library, pricingParams } from '../library/library.ts'
import type { Limits } from '../world/settings.ts'
import type { Switches } from '../world/switches.ts'
import type { WorldState } from '../world/world-state.ts'
import { type ErrorInfo, Refusal } from './answer.ts'
import { listOf, nameOf, objectOf, textOf } from './typed-body.ts'

export interface TargetLists {
  clientUserIds: string[]
  serialNumbers: string[]
}

export interface AssetRequest extends TargetLists {
  assets: AssetKey[]
}

type Rules = Pick<WorldState, 'settings' | 'switches'>
type TargetLimits = { clientUserIds: number; serialNumbers: number }

/** Body of associate and disassociate, stages 9 to 12 of Apple contract 11.2. */
export function decodeAssetRequest(body: unknown, { settings, switches }: Rules): AssetRequest {
  const members = objectOf(body)
  const assets = listOf(members.assets, (asset) => assetKeyOf(asset, switches)) ?? []
  const targets = targetLists(members, switches)
  if (assets.length === 0) throw new Refusal(9718)
  someTarget(targets)
  const { limits } = settings
  if (assets.length > limits.maxAssets) throw new Refusal(9700)
  withinLimits(targets, associateLimits(limits))
  const twice = repeated(assets.map(({ adamId, pricingParam }) => `${adamId}|${pricingParam}`))
  if (twice.length > 0) {
    throw new Refusal(9703, { info: { assets: twice.flatMap((place) => assets[place] ?? []) } })
  }
  everyTargetOnce(targets)
  return { assets, ...targets }
}

/** Body of revoke, the same stages. */
export function decodeRevokeRequest(body: unknown, { settings, switches }: Rules): TargetLists {
  const targets = targetLists(objectOf(body), switches)
  someTarget(targets)
  const { maxRevokeClientUserIds, maxRevokeSerialNumbers } = settings.limits
  withinLimits(targets, {
    clientUserIds: maxRevokeClientUserIds,
    serialNumbers: maxRevokeSerialNumbers,
  })
  everyTargetOnce(targets)
  return targets
}

/** Stage 13 for assets: those that cannot be taken back (9706), those that no device can have (9707), unknown ones. */
export function checkAssets(
  library: Library,
  { assets, serialNumbers }: AssetRequest,
  { switches }: Rules,
  mustBeRevocable: boolean,
): void {
  const owned = assets.flatMap((key) => findAsset(library, key) ?? [])
  const fixed = owned.filter((asset) => !asset.revocable)
  if (mustBeRevocable && fixed.length > 0) throw new Refusal(9706, { info: named(fixed) })
  const notForDevices = owned.filter((asset) => !asset.deviceAssignable)
  if (serialNumbers.length > 0 && notForDevices.length > 0) {
    throw new Refusal(9707, { info: named(notForDevices) })
  }
  if (switches.unknownAsset === 'sync9602' && owned.length < assets.length) {
    throw new Refusal(9602, {
      info: named(assets.filter((key) => findAsset(library, key) === undefined)),
    })
  }
}

function named(assets: readonly AssetKey[]): ErrorInfo {
  return { assets: assets.map(({ adamId, pricingParam }) => ({ adamId, pricingParam })) }
}

function assetKeyOf(value: unknown, switches: Switches): AssetKey {
  const members = objectOf(value)
  const adamId = nameOf(members.adamId)
  const text = textOf(members.pricingParam)
  if (text === undefined && switches.pricingDefault === 'STDQ') {
    return { adamId, pricingParam: 'STDQ' }
  }
  const pricingParam = pricingParams.find((known) => known === text)
  if (pricingParam === undefined) throw new Refusal(9602)
  return { adamId, pricingParam }
}

function targetLists(members: Record<string, unknown>, switches: Switches): TargetLists {
  const clientUserIds = listOf(members.clientUserIds, nameOf) ?? []
  const serialNumbers = listOf(members.serialNumbers, nameOf) ?? []
  const hasBoth = clientUserIds.length > 0 && serialNumbers.length > 0
  if (hasBoth && switches.bothTargetLists === 9602) throw new Refusal(9602)
  return { clientUserIds, serialNumbers }
}

function someTarget({ clientUserIds, serialNumbers }: TargetLists): void {
  if (clientUserIds.length + serialNumbers.length === 0) throw new Refusal(9719)
}

function associateLimits({ maxClientUserIds, maxSerialNumbers }: Limits): TargetLimits {
  return { clientUserIds: maxClientUserIds, serialNumbers: maxSerialNumbers }
}

function withinLimits({ clientUserIds, serialNumbers }: TargetLists, limits: TargetLimits): void {
  if (clientUserIds.length > limits.clientUserIds) throw new Refusal(9701)
  if (serialNumbers.length > limits.serialNumbers) throw new Refusal(9702)
}

function everyTargetOnce({ clientUserIds, serialNumbers }: TargetLists): void {
  const users = repeated(clientUserIds).flatMap((place) => clientUserIds[place] ?? [])
  if (users.length > 0) throw new Refusal(9704, { info: { clientUserIds: users } })
  const serials = repeated(serialNumbers).flatMap((place) => serialNumbers[place] ?? [])
  if (serials.length > 0) throw new Refusal(9705, { info: { serialNumbers: serials } })
}

/** Where a text stands for the second time. */
export function repeated(texts: readonly string[]): number[] {
  const times = new Map<string, number>()
  return [...texts.entries()].flatMap(([place, text]) => {
    const count = (times.get(text) ?? 0) + 1
    times.set(text, count)
    return count === 2 ? place : []
  })
}
