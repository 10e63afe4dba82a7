import { type AssetKey, pricingParams, productTypes, type Target } from '../library/library.ts'
import type { LibraryWrite } from '../library/library-writes.ts'
import { ordinaryApp } from '../library/purchases.ts'
import {
  adamId,
  type Decode,
  flag,
  list,
  object,
  oneOf,
  optional,
  or,
  plainObject,
  text,
  texts,
  whole,
  wrong,
} from './decode.ts'

const pricingParam = or(oneOf(pricingParams), 'STDQ' as const)
const assetKey: Decode<AssetKey> = object({ adamId, pricingParam })

const pairs = object({
  assets: list(assetKey),
  serialNumbers: or(texts, []),
  clientUserIds: or(texts, []),
})

export function pairsWrite(write: 'associate' | 'disassociate'): Decode<LibraryWrite> {
  return (value, name) => {
    const { assets, serialNumbers, clientUserIds } = pairs(value, name)
    const targets: Target[] = [
      ...[...new Set(serialNumbers)].map((serialNumber) => ({ serialNumber })),
      ...[...new Set(clientUserIds)].map((clientUserId) => ({ clientUserId })),
    ]
    if (assets.length === 0) throw wrong('No asset is named. Send "assets": [{"adamId": "…"}].')
    if (targets.length === 0)
      throw wrong('No target is named. Send "serialNumbers" or "clientUserIds".')
    const distinct = new Map(assets.map((key) => [`${key.adamId}|${key.pricingParam}`, key]))
    return { write, assets: [...distinct.values()], targets }
  }
}

const flags = object({
  productType: or(oneOf(productTypes), ordinaryApp.productType),
  deviceAssignable: or(flag, ordinaryApp.deviceAssignable),
  revocable: or(flag, ordinaryApp.revocable),
  supportedPlatforms: or(texts, ordinaryApp.supportedPlatforms),
})

const quantity: Decode<number | 'unlimited'> = (value, name) =>
  value === 'unlimited' ? 'unlimited' : whole(1, 2_147_483_646)(value, name)

const purchase = object({ adamId, pricingParam, quantity, flags: optional(flags) })

export const buyWrite: Decode<LibraryWrite> = (value, name) => {
  const { adamId, pricingParam, quantity, flags } = purchase(value, name)
  return { write: 'buy', asset: { adamId, pricingParam }, quantity, flags: flags ?? ordinaryApp }
}

const returned = object({ adamId, pricingParam, quantity })

export const refundWrite: Decode<LibraryWrite> = (value, name) => {
  const { adamId, pricingParam, quantity } = returned(value, name)
  return { write: 'refund', asset: { adamId, pricingParam }, quantity }
}

export const mdmInfo = object({ id: text, name: text, metadata: text })

const userWishes = object({
  users: list(
    object({ clientUserId: text, email: optional(text), managedAppleId: optional(text) }),
  ),
})

function usersWrite(write: 'createUsers' | 'updateUsers' | 'retireUsers'): Decode<LibraryWrite> {
  return (value, name) => ({
    write,
    users: userWishes(value, name).users.map(({ clientUserId, email, managedAppleId }) => ({
      clientUserId,
      ...(email !== undefined && { email }),
      ...(managedAppleId !== undefined && { managedAppleId }),
    })),
  })
}

const invite = object({ clientUserId: text, account: text })

const writes: Record<LibraryWrite['write'], Decode<LibraryWrite>> = {
  associate: pairsWrite('associate'),
  disassociate: pairsWrite('disassociate'),
  createUsers: usersWrite('createUsers'),
  updateUsers: usersWrite('updateUsers'),
  retireUsers: usersWrite('retireUsers'),
  buy: buyWrite,
  refund: refundWrite,
  mdmInfo: (value, name) => ({
    write: 'mdmInfo',
    mdmInfo: object({ mdmInfo: optional(mdmInfo) })(value, name).mdmInfo ?? null,
  }),
  acceptInvite: (value, name) => ({ write: 'acceptInvite', ...invite(value, name) }),
}

/** A write inside a script: its kind stands in `write`, the rest is the body of the call of that kind. */
export const libraryWrite: Decode<LibraryWrite> = (value, name) => {
  const { write, ...rest } = plainObject(value, name)
  const kind = oneOf(Object.keys(writes))(write, `"write" in ${name}`)
  return writes[kind as LibraryWrite['write']](rest, name)
}
