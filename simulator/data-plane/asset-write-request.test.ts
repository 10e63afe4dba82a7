import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { outcomeOf, writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const book = { adamId: '9000000003', pricingParam: 'PLUS' }
const serials = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`)
let drive: TestDrive
let apple: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small', 'books-unlimited', 'shortage'])
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
})
afterEach(() => drive.stop())

describe('what ends a call before anything is queued (Apple contract 11.2)', () => {
  const twice = [{ adamId: '9000000001' }, app]

  test.each([
    ['no object', '/assets/associate', [], 9602],
    ['a number for an adamId', '/assets/associate', { assets: [{ adamId: 9000000001 }] }, 9602],
    [
      'a pricingParam that does not exist',
      '/assets/associate',
      { assets: [{ ...app, pricingParam: 'STD' }], serialNumbers: ['S'] },
      9602,
    ],
    [
      'a serial number that is no text',
      '/assets/associate',
      { assets: [app], serialNumbers: [1] },
      9602,
    ],
    ['types before missing parts', '/assets/associate', { serialNumbers: 'S' }, 9602],
    ['no asset', '/assets/associate', { serialNumbers: ['S'] }, 9718],
    ['an empty list of assets', '/assets/disassociate', { assets: [], serialNumbers: ['S'] }, 9718],
    ['no asset and no target', '/assets/associate', {}, 9718],
    ['no target', '/assets/associate', { assets: [app], serialNumbers: [] }, 9719],
    ['nobody to revoke from', '/assets/revoke', {}, 9719],
    [
      '26 assets',
      '/assets/associate',
      {
        assets: Array.from({ length: 26 }, (_, index) => ({ adamId: `${index}` })),
        serialNumbers: ['S'],
      },
      9700,
    ],
    ['1001 users', '/assets/associate', { assets: [app], clientUserIds: serials(1001) }, 9701],
    [
      '1001 serial numbers',
      '/assets/disassociate',
      { assets: [app], serialNumbers: serials(1001) },
      9702,
    ],
    ['101 users in a revoke', '/assets/revoke', { clientUserIds: serials(101) }, 9701],
    ['101 serial numbers in a revoke', '/assets/revoke', { serialNumbers: serials(101) }, 9702],
    [
      'limits before duplicates',
      '/assets/associate',
      { assets: twice, serialNumbers: serials(1001) },
      9702,
    ],
    ['an asset twice', '/assets/associate', { assets: twice, serialNumbers: ['S'] }, 9703],
    ['a user twice', '/assets/associate', { assets: [app], clientUserIds: ['u', 'u'] }, 9704],
    [
      'a serial number twice',
      '/assets/disassociate',
      { assets: [app], serialNumbers: ['S', 'S'] },
      9705,
    ],
    ['a user twice in a revoke', '/assets/revoke', { clientUserIds: ['u', 'u'] }, 9704],
    [
      'duplicates before asset rules',
      '/assets/associate',
      { assets: [book], serialNumbers: ['S', 'S'] },
      9705,
    ],
    [
      'taking back what cannot be revoked',
      '/assets/disassociate',
      { assets: [app, book], clientUserIds: ['u-0001'] },
      9706,
    ],
    [
      'revocable before device assignable',
      '/assets/disassociate',
      { assets: [book], serialNumbers: ['S'] },
      9706,
    ],
    ['a book for a device', '/assets/associate', { assets: [book], serialNumbers: ['S'] }, 9707],
  ])('%s', async (_, path, body, number) => {
    expect(outcomeOf(await apple.post(path, body))).toEqual([400, number])
    expect((await apple.control('GET', '/events')).events).toEqual([])
  })

  test('an error names what it is about', async () => {
    const { json } = await apple.post('/assets/associate', { assets: twice, serialNumbers: ['S'] })
    expect(json).toEqual({
      errorNumber: 9703,
      errorMessage: 'An asset is named twice.',
      errorInfo: { assets: [app] },
    })
    const notRevocable = { assets: [app, book], clientUserIds: ['u-0001'] }
    expect((await apple.post('/assets/disassociate', notRevocable)).json.errorInfo).toEqual({
      assets: [book],
    })
  })

  test('one quality and the other are two assets', async () => {
    const body = {
      assets: [{ adamId: '9000040001' }, { adamId: '9000040001', pricingParam: 'PLUS' }],
      clientUserIds: ['u-4001'],
    }
    const token = await drive.tokenFile('7000000000000040')
    const books = writesOf(drive, token, '7000000000000040')
    expect((await books.post('/assets/associate', body)).status).toBe(200)
  })

  test('a book goes to a person, the largest call that fits is taken', async () => {
    expect(
      (await apple.post('/assets/associate', { assets: [book], clientUserIds: ['u-0003'] })).status,
    ).toBe(200)
    const largest = {
      assets: Array.from({ length: 25 }, (_, index) => ({ adamId: `${index}` })),
      clientUserIds: serials(1000),
      serialNumbers: serials(1000),
    }
    expect((await apple.ended('/assets/associate', largest)).numRequested).toBe(50_000)
  })

  test('a changed limit holds at once', async () => {
    await apple.control('PATCH', '/settings', {
      limits: { maxAssets: 1, maxRevokeSerialNumbers: 1 },
    })
    const two = { assets: [app, macApp], serialNumbers: ['S'] }
    expect(outcomeOf(await apple.post('/assets/associate', two))).toEqual([400, 9700])
    const revoke = { serialNumbers: ['S', 'T'] }
    expect(outcomeOf(await apple.post('/assets/revoke', revoke))).toEqual([400, 9702])
  })

  test('a read-only manager may not write', async () => {
    await drive.control('POST', '/worlds/main/reset', { seed: 'states' })
    const reader = writesOf(drive, await drive.tokenFile('7000000000000017'), '7000000000000017')
    for (const path of ['/assets/associate', '/assets/revoke', '/users/create']) {
      expect(outcomeOf(await reader.post(path, {}))).toEqual([403, 9637])
    }
    expect((await reader.status('e')).errorNumber).toBe(9637)
  })
})
