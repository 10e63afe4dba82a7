import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
const library = `/worlds/main/libraries/${uId}`
let drive: TestDrive

beforeEach(async () => {
  drive = await testDrive(['small'])
})
afterEach(() => drive.stop())

const control = (method: string, path: string, body?: unknown) => drive.control(method, path, body)
const truth = async () => JSON.stringify((await control('GET', `${library}/truth`)).json)

describe('worlds (Apple contract 11.1, 11.5)', () => {
  test('same seed and same calls give the same bytes, made-up tokens too', async () => {
    const play = async (world: string, rngSeed: number) => {
      await control('POST', '/worlds', { name: world, seed: 'small', rngSeed, clock: 'frozen' })
      const there = `/worlds/${world}/libraries/${uId}`
      await control('POST', `${there}/assignments`, {
        assets: [{ adamId: '9000000002' }],
        serialNumbers: ['S1'],
      })
      const issued = await control('POST', `${there}/tokens`, { account: 'b@harbour.example' })
      return [issued.json.file, JSON.stringify((await control('GET', `${there}/truth`)).json)]
    }
    const first = await play('one', 1)
    expect(await play('two', 1)).toEqual(first)
    expect((await play('three', 2))[0]).not.toBe(first[0])
  })

  test('a world has its own addresses, and what happens in it stays there', async () => {
    const { status, json } = await control('POST', '/worlds', {
      name: 'side',
      seed: ['small', 'states'],
    })
    expect(status).toBe(201)
    expect(json).toEqual({
      name: 'side',
      seeds: ['small', 'states'],
      dataUrl: drive.dataUrl.replace('/mdm/v2', '/worlds/side/mdm/v2'),
      lookupUrl: drive.dataUrl.replace(
        '/mdm/v2',
        '/worlds/side/WebObjects/MZStorePlatform.woa/wa/lookup',
      ),
      controlUrl: `${drive.controlUrl}/worlds/side`,
    })
    const before = await truth()
    await control('POST', `/worlds/side/libraries/${uId}/buy`, { adamId: '1', quantity: 1 })
    expect(await truth()).toBe(before)
    const config = await (await fetch(`${json.dataUrl}/service/config`)).json()
    expect(config).toMatchObject({ urls: { getUsers: `${json.dataUrl}/users` } })
    expect((await control('DELETE', '/worlds/side')).status).toBe(204)
    expect((await fetch(`${json.dataUrl}/service/config`)).status).toBe(404)
  })

  test('reset goes back to the first moment, or to other seeds', async () => {
    const before = await truth()
    await control('POST', `${library}/buy`, { adamId: '9000000001', quantity: 1 })
    await control('POST', '/worlds/main/clock', { advanceSeconds: 60 })
    await control('POST', '/worlds/main/faults', { action: {} })
    expect(await truth()).not.toBe(before)
    const { json } = await control('POST', '/worlds/main/reset', {})
    expect(json).toEqual({ name: 'main', seeds: ['small'], now: '2026-12-01T09:00:00.000Z' })
    expect(await truth()).toBe(before)
    expect((await control('GET', '/worlds/main/faults')).json.faults).toEqual([])
    await control('POST', '/worlds/main/reset', { seed: 'empty' })
    expect((await control('GET', '/worlds/main/libraries')).json.libraries).toEqual([])
  })

  test('a snapshot brings back everything but the journal, as often as wanted', async () => {
    await control('POST', '/worlds/main/snapshots', { name: 'before' })
    const before = await truth()
    for (let round = 0; round < 2; round += 1) {
      await control('POST', `${library}/buy`, { adamId: '9000000001', quantity: 1 })
      await control('POST', '/worlds/main/clock', { set: '2040-01-01T00:00:00Z' })
      await control('POST', '/worlds/main/snapshots/before/restore')
      expect(await truth()).toBe(before)
      expect((await control('GET', '/worlds/main/clock')).json.now).toBe('2026-12-01T09:00:00.000Z')
    }
    expect((await control('DELETE', '/worlds/main/snapshots/before')).status).toBe(204)
    expect((await control('POST', '/worlds/main/snapshots/before/restore')).status).toBe(404)
  })

  test('a snapshot holds scripts, rules, tokens and the catalog, and outlives a reset', async () => {
    const facts = async () => {
      const paths = ['faults', 'walk-scripts', 'switches', 'settings', `libraries/${uId}/tokens`]
      const answers = paths.map((path) => control('GET', `/worlds/main/${path}`))
      return JSON.stringify((await Promise.all(answers)).map(({ json }) => json))
    }
    await control('POST', '/worlds/main/faults', { action: { status: 503 }, nth: 9 })
    await control('PATCH', '/worlds/main/switches', { deltaRemovals: 'listAsRow' })
    await control('PATCH', '/worlds/main/settings', { pageSizes: { users: 3 } })
    await control('POST', '/worlds/main/tokens/small-01/revoke')
    await control('DELETE', '/worlds/main/catalog/9000000001')
    const before = await facts()
    await control('POST', '/worlds/main/snapshots', { name: 'scripted' })
    await control('POST', '/worlds/main/reset', {})
    expect(await facts()).not.toBe(before)
    expect((await control('DELETE', '/worlds/main/catalog/9000000001')).status).toBe(204)
    await control('POST', '/worlds/main/snapshots/scripted/restore')
    expect(await facts()).toBe(before)
    expect((await control('DELETE', '/worlds/main/catalog/9000000001')).status).toBe(404)
  })

  test('a running clock moves with real time, a frozen one only when told', async () => {
    const now = async () => (await control('GET', '/worlds/main/clock')).json.now
    drive.passMs(5000)
    expect(await now()).toBe('2026-12-01T09:00:00.000Z')
    await control('POST', '/worlds/main/clock', { mode: 'running' })
    drive.passMs(5000)
    expect(await now()).toBe('2026-12-01T09:00:05.000Z')
    await control('POST', '/worlds/main/clock', { advanceSeconds: 60, mode: 'frozen' })
    drive.passMs(5000)
    expect(await now()).toBe('2026-12-01T09:01:05.000Z')
  })
})

describe('locations and what others do to them', () => {
  test('a purchase, a refund and their limits', async () => {
    const asset = async (adamId: string) =>
      JSON.parse(await truth()).assets.find((row: { adamId: string }) => row.adamId === adamId)
    const flags = { productType: 'Book', deviceAssignable: false, revocable: false }
    await control('POST', `${library}/buy`, {
      adamId: '9000000009',
      pricingParam: 'PLUS',
      quantity: 3,
      flags,
    })
    expect(await asset('9000000009')).toEqual({
      adamId: '9000000009',
      pricingParam: 'PLUS',
      productType: 'Book',
      totalCount: 3,
      availableCount: 3,
      assignedCount: 0,
      retiredCount: 0,
      deviceAssignable: false,
      revocable: false,
      supportedPlatforms: ['iOS'],
      unlimited: false,
    })
    await control('POST', `${library}/refund`, { adamId: '9000000001', quantity: 8 })
    expect(await asset('9000000001')).toMatchObject({ totalCount: 2, availableCount: 0 })
    const tooMuch = await control('POST', `${library}/refund`, {
      adamId: '9000000001',
      quantity: 1,
    })
    expect([tooMuch.status, Object.keys(tooMuch.json)]).toEqual([409, ['error']])
    await control('POST', `${library}/buy`, { adamId: '9000000002', quantity: 'unlimited' })
    expect(await asset('9000000002')).toMatchObject({ totalCount: 2147483647, unlimited: true })
  })

  test('a refund of "unlimited" takes back all that nobody uses, and an unlimited asset is fixed then', async () => {
    for (const [adamId, totalCount] of [
      ['9000000001', 2],
      ['9000000004', 1],
    ]) {
      await control('POST', `${library}/refund`, { adamId, quantity: 'unlimited' })
      const { assets } = JSON.parse(await truth())
      expect(assets.find((row: { adamId: string }) => row.adamId === adamId)).toMatchObject({
        totalCount,
        availableCount: 0,
        assignedCount: totalCount,
        unlimited: false,
      })
    }
  })

  test('an account that belongs to another user cannot accept an invitation', async () => {
    const accept = (clientUserId: string) =>
      control('POST', `${library}/users/${clientUserId}/accept-invite`, { account: 'p@a.example' })
    await control('POST', '/worlds/main/walk-scripts', {
      endpoint: 'users',
      beforePage: 0,
      writes: [{ write: 'createUsers', users: [{ clientUserId: 'n-1' }] }],
    })
    await drive.apple('/users', await drive.tokenFile(uId))
    expect((await accept('n-1')).status).toBe(200)
    const before = await truth()
    expect(await accept('u-0003')).toEqual({
      status: 409,
      json: {
        error:
          "Account p@a.example belongs to another user already. Nothing was changed. Look at the location's truth.",
      },
    })
    expect(await truth()).toBe(before)
  })

  test('another server takes licences all or nothing, and gives them back', async () => {
    const counts = async () => {
      const { assets, assignmentCount } = JSON.parse(await truth())
      return [assets[1].assignedCount, assets[1].availableCount, assignmentCount]
    }
    const pairs = (count: number) => ({
      assets: [{ adamId: '9000000002' }],
      serialNumbers: Array.from({ length: count }, (_, index) => `S${index}`),
    })
    expect((await control('POST', `${library}/assignments`, pairs(6))).status).toBe(409)
    expect(await counts()).toEqual([0, 5, 4])
    expect((await control('POST', `${library}/assignments`, pairs(5))).json.changed).toBe(5)
    expect(await counts()).toEqual([5, 0, 9])
    expect((await control('DELETE', `${library}/assignments`, pairs(2))).json.changed).toBe(2)
    expect(await counts()).toEqual([3, 2, 7])
  })

  test.each([
    ['an asset that nobody bought', { assets: [{ adamId: '1' }], serialNumbers: ['S'] }, 'POST'],
    [
      'a book for a device',
      { assets: [{ adamId: '9000000003', pricingParam: 'PLUS' }], serialNumbers: ['S'] },
      'POST',
    ],
    ['a retired user', { assets: [{ adamId: '9000000001' }], clientUserIds: ['u-0002'] }, 'POST'],
    [
      'taking back what cannot be revoked',
      { assets: [{ adamId: '9000000003', pricingParam: 'PLUS' }], clientUserIds: ['u-0001'] },
      'DELETE',
    ],
  ])('%s is refused and changes nothing', async (_, body, method) => {
    const before = await truth()
    expect((await control(method, `${library}/assignments`, body)).status).toBe(409)
    expect(await truth()).toBe(before)
  })

  test('truth in pages of a thousand', async () => {
    await control('POST', '/worlds/main/reset', { seed: 'paged' })
    const page = async (index: number) =>
      (await control('GET', `/worlds/main/libraries/7000000000000060/truth?pageIndex=${index}`))
        .json
    const first = await page(0)
    expect([first.assignments.length, first.assignmentCount, first.nextPageIndex]).toEqual([
      1000, 2500, 1,
    ])
    const last = await page(2)
    expect([last.assignments.length, last.nextPageIndex, last.totalPages]).toEqual([
      500,
      undefined,
      3,
    ])
  })

  test('a new location gets a number that no seed uses, and can be renamed', async () => {
    const { status, json } = await control('POST', '/worlds/main/libraries', {
      locationName: 'Kiel Depot',
    })
    expect([status, json.uId]).toEqual([201, '7000000000001001'])
    const there = `/worlds/main/libraries/${json.uId}`
    await control('PATCH', there, { locationName: 'Kiel North', country: 'DK' })
    const { file } = (await control('POST', `${there}/tokens`, {})).json
    expect((await drive.apple('/client/config', file)).json).toMatchObject({
      uId: '7000000000001001',
      locationName: 'Kiel North',
      countryISO2ACode: 'DK',
    })
    expect(
      (await control('POST', '/worlds/main/libraries', { uId, locationName: 'x' })).status,
    ).toBe(409)
  })
})
