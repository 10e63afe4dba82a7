import { describe, expect, test } from 'vitest'
import type { AppleUser } from '../../model/apple-rows.ts'
import { judgeUsers } from './plan-users.ts'

const row = (status: string, email: string | null = 'u@harbour.example'): AppleUser => ({
  ...{ clientUserId: 'u', idHash: null, inviteCode: null, email, status },
})
const registered = [row('Retired'), row('Registered')]
const retired = [row('Retired'), row('Deleted')]

describe('a change of users', () => {
  test.each([
    ['createUsers', {}, [], null],
    ['createUsers', {}, retired, null],
    ['createUsers', { email: 'new@harbour.example' }, registered, 'userExists'],
    ['createUsers', {}, [row('Associated')], 'userExists'],
    ['updateUsers', { email: 'new@harbour.example' }, registered, null],
    ['updateUsers', { email: 'u@harbour.example' }, registered, 'alreadyDone'],
    [
      'updateUsers',
      { email: 'u@harbour.example', managedAppleId: 'm@harbour.example' },
      registered,
      null,
    ],
    ['updateUsers', { email: 'new@harbour.example' }, [], 'userNotFound'],
    ['updateUsers', { email: 'new@harbour.example' }, retired, 'userNotFound'],
    ['retireUsers', {}, registered, null],
    ['retireUsers', {}, retired, 'alreadyDone'],
    ['retireUsers', {}, [], 'userNotFound'],
  ] as const)('%s with %j of one among %j is left out for %s', (action, given, rows, reason) => {
    const user = { clientUserId: 'u', ...given }
    expect(judgeUsers(action, [user], rows)).toEqual([{ user, skipped: reason }])
  })
})
