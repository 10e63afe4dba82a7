import type { UserWish } from '../events/event.ts'
import type { WorldState } from '../world/world-state.ts'
import { Refusal } from './answer.ts'
import { repeated } from './asset-write-request.ts'
import { listOf, nameOf, objectOf, textOf } from './typed-body.ts'

/** Body of users/create, update and retire, stages 9 to 13 of Apple contract 11.2. */
export function decodeUsersRequest(
  body: unknown,
  { settings }: Pick<WorldState, 'settings'>,
): UserWish[] {
  const users = listOf(objectOf(body).users, userWishOf) ?? []
  if (users.length === 0) throw new Refusal(9720)
  if (users.length > settings.limits.maxUsers) throw new Refusal(9714)
  const twice = repeated(users.map((user) => user.clientUserId))
  if (twice.length > 0)
    throw refusalFor(
      9715,
      twice.flatMap((place) => users[place] ?? []),
    )
  const unreachable = users.filter(({ email }) => email !== undefined && !isEmail(email))
  if (unreachable.length > 0) throw refusalFor(9717, unreachable)
  return users
}

function userWishOf(value: unknown): UserWish {
  const members = objectOf(value)
  const email = textOf(members.email)
  const managedAppleId = textOf(members.managedAppleId)
  return {
    clientUserId: nameOf(members.clientUserId),
    ...(email !== undefined && { email }),
    ...(managedAppleId && { managedAppleId }),
  }
}

function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
}

function refusalFor(number: number, users: readonly UserWish[]): Refusal {
  return new Refusal(number, { info: { clientUserIds: users.map((user) => user.clientUserId) } })
}
