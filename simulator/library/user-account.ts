import { isLive, type Library, type User } from './library.ts'

/** The same Apple Account always gives the same `idHash` (Apple contract 2.6). */
export function idHashOf(account: string): string {
  return Buffer.from(`made-up-hash of ${account}`).toString('base64')
}

/** The live user that an account belongs to already. */
export function userBoundTo(library: Library, account: string): User | undefined {
  const idHash = idHashOf(account)
  return library.users.find((user) => user.idHash === idHash && isLive(user))
}

/**
 * Binds a user to an Apple Account. A retired entry of the same `clientUserId` and account counts as deleted from
 * then on (Apple contract 2.6).
 */
export function bindAccount(library: Library, user: User, account: string, changedIn: number) {
  const idHash = idHashOf(account)
  for (const other of library.users) {
    const isReplaced =
      other.status === 'Retired' &&
      other.clientUserId === user.clientUserId &&
      other.idHash === idHash
    if (isReplaced) Object.assign(other, { status: 'Deleted', changedIn })
  }
  user.status = 'Associated'
  user.idHash = idHash
  delete user.inviteCode
  user.changedIn = changedIn
}
