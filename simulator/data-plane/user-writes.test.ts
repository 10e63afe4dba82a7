import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { outcomeOf, writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const users = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ clientUserId: `n-${index}` }))
let drive: TestDrive
let apple: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small'])
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
})
afterEach(() => drive.stop())

const rowsOf = async (clientUserId: string) =>
  (await apple.truth()).users.filter(
    (user: { clientUserId: string }) => user.clientUserId === clientUserId,
  )
const failuresOf = async (path: string, body: unknown) => {
  const { eventStatus, numCompleted, failures } = await apple.ended(path, body)
  return [
    eventStatus,
    numCompleted,
    failures.map((failure: { errorNumber: number; errorInfo: object }) => [
      failure.errorNumber,
      failure.errorInfo,
    ]),
  ]
}

describe('users/create (Apple contract 2.6, 2.7)', () => {
  test('by email: Registered with an invitation; by managed account: Associated at once', async () => {
    const before = (await apple.truth()).versionIds
    const status = await apple.ended('/users/create', {
      users: [
        { clientUserId: 'u-0004', email: 'u-0004@harbour.example' },
        { clientUserId: 'u-0005', managedAppleId: 'u5@harbour.example' },
        { clientUserId: 'u-0006' },
      ],
    })
    expect(status).toEqual({
      eventStatus: 'COMPLETE',
      eventType: 'CREATE',
      numCompleted: 3,
      numRequested: 3,
      tokenExpirationDate: '2027-03-01T08:00:00+0000',
      uId,
    })
    const [byEmail] = await rowsOf('u-0004')
    expect(byEmail).toEqual({
      clientUserId: 'u-0004',
      email: 'u-0004@harbour.example',
      inviteCode: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'Registered',
    })
    expect(await rowsOf('u-0005')).toEqual([
      {
        clientUserId: 'u-0005',
        idHash: 'bWFkZS11cC1oYXNoIG9mIHU1QGhhcmJvdXIuZXhhbXBsZQ==',
        status: 'Associated',
      },
    ])
    expect((await rowsOf('u-0006'))[0].inviteCode).not.toBe(byEmail.inviteCode)
    const { versionIds } = await apple.truth()
    expect([versionIds.assets, versionIds.assignments]).toEqual([before.assets, before.assignments])
    expect(versionIds.users).not.toBe(before.users)
  })

  test('a live user exists already: 9716; a retired one gets a second row', async () => {
    const wishes = [{ clientUserId: 'u-0001' }, { clientUserId: 'u-0002' }]
    expect(await failuresOf('/users/create', { users: wishes })).toEqual([
      'FAILED',
      1,
      [[9716, { clientUserIds: ['u-0001'] }]],
    ])
    const statuses = (await rowsOf('u-0002')).map((user: { status: string }) => user.status)
    expect(statuses).toEqual(['Retired', 'Registered'])
  })

  test('an account serves one live user: 9641 for another', async () => {
    const managedAppleId = 'one@harbour.example'
    const wishes = [
      { clientUserId: 'n-1', managedAppleId },
      { clientUserId: 'n-2', managedAppleId },
    ]
    expect(await failuresOf('/users/create', { users: wishes })).toEqual([
      'FAILED',
      1,
      [[9641, { clientUserIds: ['n-2'] }]],
    ])
  })

  test('who comes back with the same account turns the retired row into a deleted one', async () => {
    const wish = { users: [{ clientUserId: 'n-1', managedAppleId: 'one@harbour.example' }] }
    await apple.ended('/users/create', wish)
    await apple.ended('/users/retire', { users: [{ clientUserId: 'n-1' }] })
    await apple.ended('/users/create', wish)
    expect(await rowsOf('n-1')).toEqual([
      { clientUserId: 'n-1', status: 'Deleted' },
      { clientUserId: 'n-1', idHash: expect.any(String), status: 'Associated' },
    ])
  })
})

describe('users/update', () => {
  test('changes the email and binds an account; the invitation is over then', async () => {
    const wishes = [{ clientUserId: 'u-0003', email: 'new-0003@harbour.example' }]
    expect((await apple.ended('/users/update', { users: wishes })).eventStatus).toBe('COMPLETE')
    expect(await rowsOf('u-0003')).toEqual([
      {
        clientUserId: 'u-0003',
        email: 'new-0003@harbour.example',
        inviteCode: '00000000000000000000000000000003',
        status: 'Registered',
      },
    ])
    const bind = [{ clientUserId: 'u-0003', managedAppleId: 'u3@harbour.example' }]
    await apple.ended('/users/update', { users: bind })
    expect(await rowsOf('u-0003')).toEqual([
      {
        clientUserId: 'u-0003',
        email: 'new-0003@harbour.example',
        idHash: 'bWFkZS11cC1oYXNoIG9mIHUzQGhhcmJvdXIuZXhhbXBsZQ==',
        status: 'Associated',
      },
    ])
  })

  test('unknown and retired users fail with 9609, a bound one with 9635', async () => {
    const wishes = [
      { clientUserId: 'u-0002', email: 'x@harbour.example' },
      { clientUserId: 'u-0001', managedAppleId: 'other@harbour.example' },
      { clientUserId: 'u-0099' },
    ]
    expect(await failuresOf('/users/update', { users: wishes })).toEqual([
      'FAILED',
      0,
      [
        [9609, { clientUserIds: ['u-0002', 'u-0099'] }],
        [9635, { clientUserIds: ['u-0001'] }],
      ],
    ])
  })

  test('an update that changes nothing moves no version', async () => {
    const before = (await apple.truth()).versionIds
    const same = { users: [{ clientUserId: 'u-0003', email: 'u-0003@harbour.example' }] }
    expect((await apple.ended('/users/update', same)).numCompleted).toBe(1)
    expect((await apple.truth()).versionIds).toEqual(before)
  })
})

describe('users/retire (Apple contract 11.4 retireUser)', () => {
  const retire = { users: [{ clientUserId: 'u-0001' }] }

  test('revocable licences come back, the others move to retired, no row stays', async () => {
    expect((await apple.ended('/users/retire', retire)).eventStatus).toBe('COMPLETE')
    expect(await rowsOf('u-0001')).toEqual([
      {
        clientUserId: 'u-0001',
        email: 'u-0001@harbour.example',
        idHash: 'bWFkZS11cC1oYXNoLTAwMDE=',
        status: 'Retired',
      },
    ])
    expect(await apple.counts('9000000001')).toEqual([10, 9, 1, 0])
    expect(await apple.counts('9000000003', 'PLUS')).toEqual([4, 2, 0, 2])
    const { assignmentCount, versionIds } = await apple.truth()
    expect(assignmentCount).toBe(2)
    expect(versionIds).toEqual({
      assets: 'a5000000-0000-4000-8000-000000000002',
      assignments: 'a6000000-0000-4000-8000-000000000002',
      users: 'a7000000-0000-4000-8000-000000000002',
    })
  })

  test('keepRows: rows and counts stay, hidden by excludeInactiveUsers', async () => {
    await apple.switchTo({ retireUser: 'keepRows' })
    await apple.ended('/users/retire', retire)
    expect(await apple.counts('9000000001')).toEqual([10, 8, 2, 0])
    const token = await drive.tokenFile(uId)
    const sizes = await Promise.all(
      ['', '?excludeInactiveUsers=true'].map(
        async (query) => (await drive.apple(`/assignments${query}`, token)).json.size,
      ),
    )
    expect(sizes).toEqual([4, 2])
  })

  test('a Registered user loses the invitation; whoever is retired already is 9609', async () => {
    const wishes = [{ clientUserId: 'u-0003' }, { clientUserId: 'u-0002' }]
    expect(await failuresOf('/users/retire', { users: wishes })).toEqual([
      'FAILED',
      1,
      [[9609, { clientUserIds: ['u-0002'] }]],
    ])
    expect(await rowsOf('u-0003')).toEqual([
      { clientUserId: 'u-0003', email: 'u-0003@harbour.example', status: 'Retired' },
    ])
  })
})

describe('what ends a call before anything is queued (Apple contract 11.2)', () => {
  test.each([
    ['no list', {}, 9720],
    ['an empty list', { users: [] }, 9720],
    ['a user without a name', { users: [{ email: 'a@b.example' }] }, 9602],
    ['an email that is no text', { users: [{ clientUserId: 'n', email: 1 }] }, 9602],
    ['101 users', { users: users(101) }, 9714],
    ['limits before duplicates', { users: [...users(100), { clientUserId: 'n-0' }] }, 9714],
    ['a user twice', { users: [...users(2), { clientUserId: 'n-0' }] }, 9715],
    [
      'duplicates before email addresses',
      { users: [{ clientUserId: 'n', email: 'no' }, { clientUserId: 'n' }] },
      9715,
    ],
    ['an email address without a domain', { users: [{ clientUserId: 'n', email: 'me@' }] }, 9717],
    ['an empty email address', { users: [{ clientUserId: 'n', email: '' }] }, 9717],
  ])('%s', async (_, body, number) => {
    for (const path of ['/users/create', '/users/update', '/users/retire']) {
      expect(outcomeOf(await apple.post(path, body))).toEqual([400, number])
    }
    expect((await apple.control('GET', '/events')).events).toEqual([])
  })

  test('a hundred users are taken, and a changed limit holds at once', async () => {
    expect((await apple.post('/users/create', { users: users(100) })).status).toBe(200)
    await apple.control('PATCH', '/settings', { limits: { maxUsers: 1 } })
    expect(outcomeOf(await apple.post('/users/create', { users: users(2) }))).toEqual([400, 9714])
  })
})
