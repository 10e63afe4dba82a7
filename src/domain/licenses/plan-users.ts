/** Which changes of users are to be sent, and why the others are not, by the users that the last sync found. Pure. */
import type { AppleUser } from '../../model/apple-rows.ts'
import type { ItemReason, UserChange } from '../../model/apple-write.ts'
import type { UsersRequest } from '../../model/license-request.ts'
import { isLiveUser } from './live-user.ts'

export interface JudgedUser {
  readonly user: UserChange
  /** Null = to be sent. */
  readonly skipped: ItemReason | null
}

/** `known`: every row of these users, in any order. */
export function judgeUsers(
  action: UsersRequest['action'],
  users: readonly UserChange[],
  known: readonly AppleUser[],
): readonly JudgedUser[] {
  const rows = Map.groupBy(known, ({ clientUserId }) => clientUserId)
  return users.map((user) => ({
    user,
    skipped: skippedFor(action, user, rows.get(user.clientUserId) ?? []),
  }))
}

function skippedFor(
  action: UsersRequest['action'],
  { email, managedAppleId }: UserChange,
  rows: readonly AppleUser[],
): ItemReason | null {
  const live = rows.find(isLiveUser)
  switch (action) {
    case 'createUsers':
      return live ? 'userExists' : null
    case 'updateUsers':
      if (!live) return 'userNotFound'
      return managedAppleId === undefined && email === live.email ? 'alreadyDone' : null
    case 'retireUsers':
      if (live) return null
      return rows.length > 0 ? 'alreadyDone' : 'userNotFound'
  }
}
