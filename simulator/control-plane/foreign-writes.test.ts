import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { writesOf } from '../test-writes.ts'

const [fromUId, toUId] = ['7000000000000001', '7000000000000040']
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
let drive: TestDrive
let here: ReturnType<typeof writesOf>
let there: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small', 'books-unlimited'])
  here = writesOf(drive, await drive.tokenFile(fromUId), fromUId)
  there = writesOf(drive, await drive.tokenFile(toUId), toUId)
})
afterEach(() => drive.stop())

const transfer = (body: object) =>
  drive.control('POST', '/worlds/main/transfers', { fromUId, toUId, ...body })

describe('transfers (Apple contract 11.5)', () => {
  test('unassigned licences change their location, with all that is known of the asset', async () => {
    const before = (await there.truth()).versionIds
    const { status } = await transfer({ ...app, quantity: 8 })
    expect(status).toBe(200)
    expect(await here.counts('9000000001')).toEqual([2, 0, 2, 0])
    expect(await there.counts('9000000001')).toEqual([8, 8, 0, 0])
    await here.control('POST', `/libraries/${fromUId}/buy`, { ...app, quantity: 1 })
    await transfer({ ...app, quantity: 1 })
    expect(await there.counts('9000000001')).toEqual([9, 9, 0, 0])
    const { versionIds } = await there.truth()
    expect(versionIds.assets).not.toBe(before.assets)
    expect(versionIds.assignments).toBe(before.assignments)
    await transfer({ adamId: '9000000003', pricingParam: 'PLUS', quantity: 2 })
    const book = (await there.truth()).assets.find(
      (asset: { adamId: string }) => asset.adamId === '9000000003',
    )
    expect(book).toMatchObject({ productType: 'Book', revocable: false, deviceAssignable: false })
  })

  test.each([
    ['more than are unassigned', { ...app, quantity: 9 }, 409],
    ['of an unlimited asset', { adamId: '9000000004', quantity: 1 }, 409],
    ['of an asset that is not owned', { adamId: '1', quantity: 1 }, 409],
    ['25,000 at once', { ...app, quantity: 25_000 }, 400],
    ['to the same location', { ...app, quantity: 1, toUId: fromUId }, 400],
    ['to nowhere', { ...app, quantity: 1, toUId: '1' }, 404],
  ])('%s: refused, nothing changes', async (_, body, expected) => {
    const before = JSON.stringify([await here.truth(), await there.truth()])
    expect((await transfer(body)).status).toBe(expected)
    expect(JSON.stringify([await here.truth(), await there.truth()])).toBe(before)
  })

  test('a total that would reach the number for "unlimited" is refused', async () => {
    await here.control('POST', `/libraries/${fromUId}/buy`, { adamId: '9000040005', quantity: 1 })
    expect((await transfer({ adamId: '9000040005', quantity: 1 })).status).toBe(409)
  })
})

describe('another server in the middle of a walk (Apple contract 11.3 S2)', () => {
  test('makes, changes and retires users as a client would', async () => {
    await here.control('POST', '/walk-scripts', {
      endpoint: 'users',
      beforePage: 0,
      writes: [
        { write: 'createUsers', users: [{ clientUserId: 'n-1', managedAppleId: 'n1@a.example' }] },
        { write: 'updateUsers', users: [{ clientUserId: 'n-1', email: 'n1@a.example' }] },
        { write: 'retireUsers', users: [{ clientUserId: 'u-0003' }] },
      ],
    })
    const { users } = (await drive.apple('/users', await drive.tokenFile(fromUId))).json
    expect(users.slice(2)).toEqual([
      { clientUserId: 'u-0003', email: 'u-0003@harbour.example', status: 'Retired' },
      {
        clientUserId: 'n-1',
        email: 'n1@a.example',
        idHash: 'bWFkZS11cC1oYXNoIG9mIG4xQGEuZXhhbXBsZQ==',
        status: 'Associated',
      },
    ])
  })
})
