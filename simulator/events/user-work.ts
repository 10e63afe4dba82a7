import { rowsOfTarget } from '../library/assignment-rows.ts'
import { findAsset, findLiveUser, type Library, type User } from '../library/library.ts'
import { giveBack, retire as retireLicense } from '../library/license-counts.ts'
import { bindAccount, userBoundTo } from '../library/user-account.ts'
import type { BeginVersion } from '../library/versions.ts'
import { nextBytes, type RandomState } from '../world/random.ts'
import type { Switches } from '../world/switches.ts'
import type { UserEventType, UserRow, UserWish } from './event.ts'
import type { RowChanges } from './row-changes.ts'

export interface UserContext {
  library: Library
  switches: Switches
  random: RandomState
  beginVersion: BeginVersion
  rows: RowChanges
}

/** `row` is the user as it stands afterwards, for the notification. */
export interface UserOutcome {
  error: number | undefined
  row: UserRow
}

/** Does one user's part of an event (Apple contract 2.6, 2.7, 11.3 S7). */
export function workOnUser(
  context: UserContext,
  eventType: UserEventType,
  wish: UserWish,
): UserOutcome {
  const user = findLiveUser(context.library, wish.clientUserId)
  if (eventType === 'CREATE') return user ? failed(9716, user) : create(context, wish)
  if (user === undefined) return failed(9609, wish)
  return eventType === 'UPDATE' ? update(context, user, wish) : retire(context, user)
}

/** The user as it stands, or as it was asked for where there is none. */
export function userRow(library: Library, wish: UserWish): UserRow {
  return shown(findLiveUser(library, wish.clientUserId) ?? wish)
}

function create({ library, random, beginVersion }: UserContext, wish: UserWish): UserOutcome {
  const { clientUserId, email, managedAppleId } = wish
  if (managedAppleId !== undefined && userBoundTo(library, managedAppleId)) {
    return failed(9641, wish)
  }
  const changedIn = beginVersion('users')
  const user: User = {
    clientUserId,
    ...(email !== undefined && { email }),
    status: 'Registered',
    changedIn,
  }
  // An account that the organization manages needs no invitation.
  if (managedAppleId === undefined) user.inviteCode = nextBytes(random, 16).toString('hex')
  else bindAccount(library, user, managedAppleId, changedIn)
  library.users.push(user)
  return { error: undefined, row: shown(user) }
}

function update(
  { library, beginVersion }: UserContext,
  user: User,
  { email, managedAppleId }: UserWish,
): UserOutcome {
  if (managedAppleId !== undefined) {
    const holder = userBoundTo(library, managedAppleId)
    if (holder !== undefined && holder !== user) return failed(9641, user)
    if (holder === undefined && user.idHash !== undefined) return failed(9635, user)
    if (holder === undefined) bindAccount(library, user, managedAppleId, beginVersion('users'))
  }
  if (email !== undefined && email !== user.email) {
    user.email = email
    user.changedIn = beginVersion('users')
  }
  return { error: undefined, row: shown(user) }
}

/** The invitation code stands in the notification, no longer in the list (Apple contract 2.6). */
function retire(context: UserContext, user: User): UserOutcome {
  const { switches, beginVersion } = context
  user.status = 'Retired'
  user.changedIn = beginVersion('users')
  const row = shown(user)
  delete user.inviteCode
  if (switches.retireUser === 'freeRevocable') freeLicenses(context, user)
  return { error: undefined, row }
}

/** Revocable licences come back, the others move to retired (Apple contract 11.4 retireUser). */
function freeLicenses({ library, rows, beginVersion }: UserContext, { clientUserId }: User): void {
  for (const row of rowsOfTarget(library.assignments, { clientUserId })) {
    rows.leaving.push(row)
    beginVersion('assignments')
    const asset = findAsset(library, row)
    if (asset === undefined) continue
    const freed = asset.revocable ? giveBack(asset.licenses, 1) : retireLicense(asset.licenses, 1)
    asset.licenses = freed ?? asset.licenses
    beginVersion('assets')
  }
}

function failed(error: number, row: UserRow): UserOutcome {
  return { error, row: shown(row) }
}

function shown({ clientUserId, email, idHash, inviteCode, status }: UserRow): UserRow {
  return {
    clientUserId,
    ...(email !== undefined && { email }),
    ...(idHash !== undefined && { idHash }),
    ...(inviteCode !== undefined && { inviteCode }),
    ...(status !== undefined && { status }),
  }
}
