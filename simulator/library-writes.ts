import {
  type AssetKey,
  findAsset,
  findLiveUser,
  insertInOrder,
  type Library,
  type MdmInfo,
  type ProductType,
  type Target,
  targetText,
} from './library.ts'
import { buy, emptyPool, giveBack, refund, take } from './license-counts.ts'
import { moveVersion } from './versions.ts'

/** What "another server" or the person at the portal does to a location (Apple contract 11.5). */
export type LibraryWrite =
  | { write: 'associate' | 'disassociate'; assets: AssetKey[]; targets: Target[] }
  | { write: 'buy'; asset: AssetKey; quantity: number | 'unlimited'; flags: AssetFlags }
  | { write: 'refund'; asset: AssetKey; quantity: number }
  | { write: 'mdmInfo'; mdmInfo: MdmInfo | null }
  | { write: 'acceptInvite'; clientUserId: string; account: string }

export interface AssetFlags {
  productType: ProductType
  deviceAssignable: boolean
  revocable: boolean
  supportedPlatforms: string[]
}

export const ordinaryApp: AssetFlags = {
  productType: 'App',
  deviceAssignable: true,
  revocable: true,
  supportedPlatforms: ['iOS'],
}

/** `problem` says why nothing was changed; otherwise `changed` counts the rows that were. */
export type WriteOutcome = { changed: number } | { problem: string }

export function applyLibraryWrite(library: Library, write: LibraryWrite): WriteOutcome {
  switch (write.write) {
    case 'associate':
      return associate(library, write.assets, write.targets)
    case 'disassociate':
      return disassociate(library, write.assets, write.targets)
    case 'buy':
      return buyLicenses(library, write.asset, write.quantity, write.flags)
    case 'refund':
      return refundLicenses(library, write.asset, write.quantity)
    case 'mdmInfo':
      if (write.mdmInfo === null) delete library.mdmInfo
      else library.mdmInfo = { ...write.mdmInfo }
      return { changed: 1 }
    case 'acceptInvite':
      return acceptInvite(library, write.clientUserId, write.account)
  }
}

/** Every asset for every target, all or nothing; a pair that exists already stays as it is. */
function associate(library: Library, assets: AssetKey[], targets: Target[]): WriteOutcome {
  const plans: { key: AssetKey; fresh: Target[] }[] = []
  for (const key of assets) {
    const asset = findAsset(library, key)
    if (asset === undefined) return { problem: `The location owns no ${named(key)}.` }
    const fresh = targets.filter((target) => !hasAssignment(library, key, target))
    if (!asset.deviceAssignable && fresh.some((target) => 'serialNumber' in target)) {
      return { problem: `${named(key)} cannot be assigned to devices.` }
    }
    if (take(asset.licenses, fresh.length) === undefined) {
      return { problem: `${named(key)} has too few licences for ${fresh.length} more.` }
    }
    plans.push({ key, fresh })
  }
  const stranger = targets.find(
    (target) => 'clientUserId' in target && !findLiveUser(library, target.clientUserId),
  )
  if (stranger !== undefined) return { problem: `No live user ${targetText(stranger).slice(2)}.` }
  const changed = plans.reduce((sum, plan) => sum + plan.fresh.length, 0)
  if (changed === 0) return { changed }
  const changedIn = moveVersion(library, 'assignments')
  moveVersion(library, 'assets')
  for (const { key, fresh } of plans) {
    const asset = findAsset(library, key)
    if (asset === undefined) continue
    asset.licenses = take(asset.licenses, fresh.length) ?? asset.licenses
    const { adamId, pricingParam } = key
    for (const target of fresh) {
      insertInOrder(library.assignments, { adamId, pricingParam, target, changedIn })
    }
  }
  return { changed }
}

/** Takes away those of the named pairs that exist; the others are passed over. */
function disassociate(library: Library, assets: AssetKey[], targets: Target[]): WriteOutcome {
  const fixed = assets.find((key) => findAsset(library, key)?.revocable === false)
  if (fixed !== undefined) return { problem: `${named(fixed)} cannot be revoked.` }
  const wanted = new Set(assets.flatMap((key) => targets.map((target) => pairText(key, target))))
  const leaving = library.assignments.filter((row) => wanted.has(pairText(row, row.target)))
  if (leaving.length === 0) return { changed: 0 }
  const changedIn = moveVersion(library, 'assignments')
  moveVersion(library, 'assets')
  library.assignments = library.assignments.filter((row) => !wanted.has(pairText(row, row.target)))
  for (const row of leaving) {
    library.removedAssignments.push({ ...row, changedIn })
    const asset = findAsset(library, row)
    if (asset) asset.licenses = giveBack(asset.licenses, 1) ?? asset.licenses
  }
  return { changed: leaving.length }
}

function buyLicenses(
  library: Library,
  key: AssetKey,
  quantity: number | 'unlimited',
  flags: AssetFlags,
): WriteOutcome {
  const asset = findAsset(library, key)
  const licenses = buy(asset?.licenses ?? emptyPool, quantity)
  if (licenses === undefined) return { problem: 'The total has to stay below 2147483647.' }
  if (asset === undefined) {
    const { adamId, pricingParam } = key
    insertInOrder(library.assets, { adamId, pricingParam, ...flags, licenses })
  } else asset.licenses = licenses
  moveVersion(library, 'assets')
  return { changed: 1 }
}

function refundLicenses(library: Library, key: AssetKey, quantity: number): WriteOutcome {
  const asset = findAsset(library, key)
  if (asset === undefined) return { problem: `The location owns no ${named(key)}.` }
  const licenses = refund(asset.licenses, quantity)
  if (licenses === undefined) {
    return { problem: `${named(key)} has fewer than ${quantity} licences that can go back.` }
  }
  asset.licenses = licenses
  moveVersion(library, 'assets')
  return { changed: 1 }
}

/** The same Apple Account always gives the same `idHash` (Apple contract 2.6). */
function acceptInvite(library: Library, clientUserId: string, account: string): WriteOutcome {
  const user = findLiveUser(library, clientUserId)
  if (user?.status !== 'Registered') return { problem: `No invited user ${clientUserId}.` }
  user.status = 'Associated'
  user.idHash = Buffer.from(`made-up-hash of ${account}`).toString('base64')
  delete user.inviteCode
  user.changedIn = moveVersion(library, 'users')
  return { changed: 1 }
}

function hasAssignment(library: Library, key: AssetKey, target: Target): boolean {
  const wanted = pairText(key, target)
  return library.assignments.some((row) => pairText(row, row.target) === wanted)
}

function pairText(key: AssetKey, target: Target): string {
  return `${key.adamId}|${key.pricingParam}|${targetText(target)}`
}

function named({ adamId, pricingParam }: AssetKey): string {
  return `Asset ${adamId} ${pricingParam}`
}
