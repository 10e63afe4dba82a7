import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
let drive: TestDrive
let token: string

beforeEach(async () => {
  drive = await testDrive(['small'])
  token = await drive.tokenFile(uId)
})
afterEach(() => drive.stop())

const library = `/worlds/main/libraries/${uId}`
const pair = { assets: [{ adamId: '9000000002' }], serialNumbers: ['POMSER000009'] }
const associate = () => drive.control('POST', `${library}/assignments`, pair)
const get = async (path: string) => (await drive.apple(path, token)).json

describe('versions (Apple contract 3.3, 11.3 S3)', () => {
  const versions = async () => (await drive.control('GET', library)).json.versionIds
  const first = {
    assets: 'a5000000-0000-4000-8000-000000000001',
    assignments: 'a6000000-0000-4000-8000-000000000001',
    users: 'a7000000-0000-4000-8000-000000000001',
  }
  const secondAssets = 'a5000000-0000-4000-8000-000000000002'
  const secondAssignments = 'a6000000-0000-4000-8000-000000000002'

  test('an assignment moves assets and assignments; making it again moves nothing', async () => {
    await associate()
    const moved = { ...first, assets: secondAssets, assignments: secondAssignments }
    expect(await versions()).toEqual(moved)
    expect((await associate()).json.changed).toBe(0)
    expect(await versions()).toEqual(moved)
  })

  test('a purchase moves assets alone', async () => {
    await drive.control('POST', `${library}/buy`, { adamId: '9000000001', quantity: 1 })
    expect(await versions()).toEqual({ ...first, assets: secondAssets })
  })

  test('a delta holds the rows that came since, and a removal only by switch', async () => {
    await associate()
    const since = `/assignments?sinceVersionId=${first.assignments}`
    const row = { adamId: '9000000002', pricingParam: 'STDQ', serialNumber: 'POMSER000009' }
    expect((await get(since)).assignments).toEqual([row])
    await drive.control('DELETE', `${library}/assignments`, pair)
    expect(await get(since)).toMatchObject({
      assignments: [],
      totalPages: 1,
      versionId: 'a6000000-0000-4000-8000-000000000003',
    })
    await drive.control('PATCH', '/worlds/main/switches', { deltaRemovals: 'listAsRow' })
    expect((await get(since)).assignments).toEqual([row])
  })

  test('a delta of users holds the one who accepted an invitation', async () => {
    await drive.control('POST', `${library}/users/u-0003/accept-invite`, {
      account: 'p@harbour.example',
    })
    const { users } = await get(`/users?sinceVersionId=${first.users}`)
    expect(users).toEqual([
      {
        clientUserId: 'u-0003',
        email: 'u-0003@harbour.example',
        idHash: 'bWFkZS11cC1oYXNoIG9mIHBAaGFyYm91ci5leGFtcGxl',
        status: 'Associated',
      },
    ])
  })

  test.each([
    ['of another list', '/assignments?sinceVersionId=a7000000-0000-4000-8000-000000000001'],
    ['that lies ahead', '/assignments?sinceVersionId=a6000000-0000-4000-8000-000000000002'],
    ['of another location', '/users?sinceVersionId=a7000009-0000-4000-8000-000000000001'],
    ['that is none', '/users?sinceVersionId=17'],
  ])('a version %s is refused with 9721', async (_, path) => {
    const { status, json } = await drive.apple(path, token)
    expect([status, json.errorNumber]).toEqual([400, 9721])
  })

  test('a version that is older than the window is refused with 9721', async () => {
    await drive.control('PATCH', '/worlds/main/switches', { versionWindow: 1 })
    const since = `/assignments?sinceVersionId=${first.assignments}`
    await associate()
    expect((await get(since)).size).toBe(1)
    await drive.control('DELETE', `${library}/assignments`, pair)
    expect((await get(since)).errorNumber).toBe(9721)
  })

  test('assets take no sinceVersionId: it is one more query that nobody knows', async () => {
    expect((await get(`/assets?sinceVersionId=${first.assets}`)).size).toBe(4)
  })
})

describe('walks (Apple contract 3.2, 11.3 S2)', () => {
  test('a script writes before its page, once: the version moves mid-walk and the list grows', async () => {
    await drive.control('PATCH', '/worlds/main/settings', { pageSizes: { assignments: 3 } })
    const script = {
      endpoint: 'assignments',
      beforePage: 1,
      writes: [
        {
          write: 'associate',
          assets: [{ adamId: '9000000002' }],
          serialNumbers: ['S1', 'S2', 'S3'],
        },
      ],
    }
    const { status, json } = await drive.control('POST', '/worlds/main/walk-scripts', script)
    expect([status, json.id, json.hasRun]).toEqual([201, 'walk-script-1', false])

    const page0 = await get('/assignments')
    expect([page0.totalPages, page0.versionId.slice(-1)]).toEqual([2, '1'])
    const page1 = await get('/assignments?pageIndex=1')
    expect([page1.totalPages, page1.nextPageIndex, page1.versionId.slice(-1)]).toEqual([3, 2, '2'])
    await get('/assignments?pageIndex=1')
    expect((await drive.control('GET', `${library}/truth`)).json.assignmentCount).toBe(7)
  })

  test('a removal pushes an unread row onto a page that was read: nothing shows it', async () => {
    await drive.control('PATCH', '/worlds/main/settings', { pageSizes: { assignments: 2 } })
    await drive.control('POST', '/worlds/main/walk-scripts', {
      endpoint: 'assignments',
      beforePage: 1,
      writes: [
        {
          write: 'disassociate',
          assets: [{ adamId: '9000000001' }],
          serialNumbers: ['POMSER000001'],
        },
      ],
    })
    const page0 = await get('/assignments')
    const page1 = await get('/assignments?pageIndex=1')
    const seen = [...page0.assignments, ...page1.assignments].map((row) => row.adamId)
    expect(seen).toEqual(['9000000001', '9000000001', '9000000004'])
    const delta = await get(`/assignments?sinceVersionId=${page0.versionId}`)
    expect(delta.assignments).toEqual([])
  })

  test('an index behind the last page is refused with 9650, and so is one before the first', async () => {
    expect((await get('/users?pageIndex=1')).errorNumber).toBe(9650)
    expect((await get('/users?pageIndex=-1')).errorNumber).toBe(9650)
  })

  test('seed paged comes in pages of seven', async () => {
    await drive.control('POST', '/worlds/main/reset', { seed: 'paged' })
    const paged = await drive.tokenFile('7000000000000060')
    for (const [list, totalPages] of [
      ['assets', 36],
      ['assignments', 358],
      ['users', 43],
    ]) {
      const { json } = await drive.apple(`/${list}`, paged)
      expect([json.size, json.totalPages]).toEqual([7, totalPages])
    }
    const last = await drive.apple('/assignments?pageIndex=357', paged)
    expect([last.json.size, last.json.nextPageIndex]).toEqual([1, undefined])
  })
})

describe('filters of assignments and users (Apple contract 2.5, 2.6)', () => {
  test.each([
    ['/assignments?serialNumber=POMSER000002', 1],
    ['/assignments?clientUserId=u-0001', 2],
    ['/assignments?clientUserId=u-0001&pricingParam=PLUS', 1],
    ['/assignments?adamId=9000000001', 2],
    ['/users?activeOnly=true', 2],
    ['/users?activeOnly=false', 3],
    ['/users?retiredOnly=true', 1],
    ['/users?clientUserId=u-0002', 1],
  ])('%s finds %i', async (path, size) => {
    expect((await get(path)).size).toBe(size)
  })

  test('includeUserState adds the state of the people, and nothing to devices', async () => {
    const { assignments } = await get('/assignments?adamId=9000000001&includeUserState=true')
    expect(assignments).toEqual([
      { adamId: '9000000001', pricingParam: 'STDQ', serialNumber: 'POMSER000001' },
      {
        adamId: '9000000001',
        pricingParam: 'STDQ',
        clientUserId: 'u-0001',
        idHash: 'bWFkZS11cC1oYXNoLTAwMDE=',
        userStatus: 'Associated',
      },
    ])
  })
})
