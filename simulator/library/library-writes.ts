import { acceptEvent } from '../events/accept-event.ts'
import type { EventWork, PairWork, UserWish } from '../events/event.ts'
import { finishEvent } from '../events/work-on-event.ts'
import { notify } from '../notifications/notify.ts'
import { type World, worldNow } from '../world/world.ts'
import { findRow } from './assignment-rows.ts'
import {
  type AssetKey,
  findAsset,
  findLiveUser,
  type Library,
  type MdmInfo,
  type Target,
  targetText,
} from './library.ts'
import { take } from './license-counts.ts'
import {
  type AssetFlags,
  buyLicenses,
  named,
  refundLicenses,
  type WriteOutcome,
} from './purchases.ts'
import { bindAccount, userBoundTo } from './user-account.ts'
import { moveVersion } from './versions.ts'

/** What "another server" or the person at the portal does to a location (Apple contract 11.5). */
export type LibraryWrite =
  // Assets and targets are each named once.
  | { write: 'associate' | 'disassociate'; assets: AssetKey[]; targets: Target[] }
  | { write: 'createUsers' | 'updateUsers' | 'retireUsers'; users: UserWish[] }
  | { write: 'buy'; asset: AssetKey; quantity: number | 'unlimited'; flags: AssetFlags }
  | { write: 'refund'; asset: AssetKey; quantity: number | 'unlimited' }
  | { write: 'mdmInfo'; mdmInfo: MdmInfo | null }
  | { write: 'acceptInvite'; clientUserId: string; account: string }

const eventTypeOf = {
  createUsers: 'CREATE',
  updateUsers: 'UPDATE',
  retireUsers: 'RETIRE',
} as const

/** Done at once; the location hears of it as Apple would tell it (Apple contract 6). */
export function performWrite(world: World, library: Library, write: LibraryWrite): WriteOutcome {
  switch (write.write) {
    case 'associate':
      return atOnce(world, library, associateWork(library, write.assets, write.targets))
    case 'disassociate':
      return atOnce(world, library, disassociateWork(library, write.assets, write.targets))
    case 'createUsers':
    case 'updateUsers':
    case 'retireUsers':
      return atOnce(world, library, { eventType: eventTypeOf[write.write], items: write.users })
    case 'buy':
      return buyLicenses(world, library, write.asset, write.quantity, write.flags)
    case 'refund':
      return refundLicenses(world, library, write.asset, write.quantity)
    case 'mdmInfo':
      if (write.mdmInfo === null) delete library.mdmInfo
      else library.mdmInfo = { ...write.mdmInfo }
      return { changed: 1 }
    case 'acceptInvite':
      return acceptInvite(world, library, write.clientUserId, write.account)
  }
}

/** Another server's write is an event of the location too; this one has ended when it is first seen. */
function atOnce(
  world: World,
  library: Library,
  work: EventWork | { problem: string },
): WriteOutcome {
  if ('problem' in work) return work
  if (work.items.length === 0) return { changed: 0 }
  const event = acceptEvent(world, library, { work })
  finishEvent(world, event, worldNow(world))
  return { changed: event.numCompleted }
}

/** Every asset for every target, all or nothing; a pair that exists already stays as it is. */
function associateWork(
  library: Library,
  assets: AssetKey[],
  targets: Target[],
): PairWork | { problem: string } {
  const work: PairWork = { eventType: 'ASSOCIATE', items: [] }
  for (const key of assets) {
    const asset = findAsset(library, key)
    if (asset === undefined) return { problem: `The location owns no ${named(key)}.` }
    const fresh = targets.filter((target) => !findRow(library.assignments, key, target))
    if (!asset.deviceAssignable && fresh.some((target) => 'serialNumber' in target)) {
      return { problem: `${named(key)} cannot be assigned to devices.` }
    }
    if (take(asset.licenses, fresh.length) === undefined) {
      return { problem: `${named(key)} has too few licences for ${fresh.length} more.` }
    }
    const { adamId, pricingParam } = key
    work.items.push(...fresh.map((target) => ({ adamId, pricingParam, ...target })))
  }
  return strangerIn(library, targets) ?? work
}

/** Takes away those of the named pairs that exist; the others are passed over. */
function disassociateWork(
  library: Library,
  assets: AssetKey[],
  targets: Target[],
): PairWork | { problem: string } {
  const fixed = assets.find((key) => findAsset(library, key)?.revocable === false)
  if (fixed !== undefined) return { problem: `${named(fixed)} cannot be revoked.` }
  const items = assets.flatMap(({ adamId, pricingParam }) =>
    targets
      .filter((target) => findRow(library.assignments, { adamId, pricingParam }, target))
      .map((target) => ({ adamId, pricingParam, ...target })),
  )
  return strangerIn(library, targets) ?? { eventType: 'DISASSOCIATE', items }
}

function strangerIn(library: Library, targets: Target[]): { problem: string } | undefined {
  const stranger = targets.find(
    (target) => 'clientUserId' in target && !findLiveUser(library, target.clientUserId),
  )
  return stranger && { problem: `No live user ${targetText(stranger).slice(2)}.` }
}

/** A person took the invitation; the code stands in the notification, not in the list (Apple contract 2.6). */
function acceptInvite(
  world: World,
  library: Library,
  clientUserId: string,
  account: string,
): WriteOutcome {
  const user = findLiveUser(library, clientUserId)
  if (user?.status !== 'Registered') return { problem: `No invited user ${clientUserId}.` }
  if (userBoundTo(library, account) !== undefined) {
    return { problem: `Account ${account} belongs to another user already.` }
  }
  const { inviteCode } = user
  bindAccount(library, user, account, moveVersion(library, 'users'))
  const { email, idHash, status } = user
  const row = {
    clientUserId,
    ...(email !== undefined && { email }),
    idHash,
    ...(inviteCode !== undefined && { inviteCode }),
    status,
  }
  const message = { type: 'USER_ASSOCIATED', body: { associatedUsers: [row] } }
  notify(world, library, message, worldNow(world))
  return { changed: 1 }
}
