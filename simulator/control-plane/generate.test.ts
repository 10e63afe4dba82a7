import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000080'
let drive: TestDrive

beforeEach(async () => {
  drive = await testDrive(['million'])
})
afterEach(() => drive.stop())

const apple = async (path: string, token: string) => (await drive.apple(path, token)).json

describe('seed million (Apple contract 11.6, 11.9)', () => {
  test('has 100 apps with 100 licences left over', async () => {
    const { assets } = await apple('/assets', await drive.tokenFile(uId))
    expect(assets).toHaveLength(100)
    expect(assets.at(-1)).toEqual({
      adamId: '9100000099',
      pricingParam: 'STDQ',
      productType: 'App',
      totalCount: 10_100,
      availableCount: 100,
      assignedCount: 10_000,
      retiredCount: 0,
      deviceAssignable: true,
      revocable: true,
      supportedPlatforms: ['iOS'],
    })
  })

  test('has a million assignments on a thousand pages', async () => {
    const token = await drive.tokenFile(uId)
    const first = await apple('/assignments', token)
    expect([first.size, first.totalPages, first.nextPageIndex]).toEqual([1000, 1000, 1])
    expect(first.assignments[1]).toEqual({
      adamId: '9100000000',
      pricingParam: 'STDQ',
      serialNumber: 'G17WDRQQ',
    })
    const last = await apple('/assignments?pageIndex=999', token)
    expect(last.nextPageIndex).toBe(undefined)
    expect(last.assignments.at(-1)).toEqual({
      adamId: '9100000099',
      pricingParam: 'STDQ',
      serialNumber: 'G1F9T5Y8',
    })
    expect((await apple('/assignments?pageIndex=1000', token)).errorNumber).toBe(9650)
  })

  test('a filter by adamId is a range, one by serial number has a row for each app', async () => {
    const token = await drive.tokenFile(uId)
    const range = await apple('/assignments?adamId=9100000042&pageIndex=9', token)
    expect([range.totalPages, range.assignments.at(-1)]).toEqual([
      10,
      { adamId: '9100000042', pricingParam: 'STDQ', serialNumber: 'G1F9T5Y8' },
    ])
    const device = await apple('/assignments?serialNumber=G0GRNHIB', token)
    expect([device.size, device.totalPages]).toEqual([100, 1])
    const pair = await apple('/assignments?serialNumber=G0GRNHIB&adamId=9100000042', token)
    expect(pair.assignments).toEqual([
      { adamId: '9100000042', pricingParam: 'STDQ', serialNumber: 'G0GRNHIB' },
    ])
    expect((await apple('/assignments?serialNumber=G0GRNHIC', token)).assignments).toEqual([])
    expect((await apple('/assignments?clientUserId=u-0001', token)).assignments).toEqual([])
    expect((await apple('/assignments?pricingParam=PLUS', token)).assignments).toEqual([])
  })

  test('what another server changes shows in counts, rows and delta', async () => {
    const token = await drive.tokenFile(uId)
    const { versionId } = await apple('/assignments', token)
    const assets = [{ adamId: '9100000000' }, { adamId: '9100000001' }]
    const there = `/worlds/main/libraries/${uId}/assignments`
    const left = await drive.control('DELETE', there, { assets, serialNumbers: ['G17WDRQQ'] })
    expect(left.json.changed).toBe(2)
    await drive.control('POST', there, { assets, serialNumbers: ['NEW1', 'G0000001'] })
    const delta = await apple(`/assignments?sinceVersionId=${versionId}`, token)
    expect(delta.assignments).toEqual([
      { adamId: '9100000000', pricingParam: 'STDQ', serialNumber: 'NEW1' },
      { adamId: '9100000001', pricingParam: 'STDQ', serialNumber: 'NEW1' },
    ])
    const page = await apple('/assignments', token)
    expect(page.assignments[1].serialNumber).toBe('G0GRNHIB')
    expect((await apple('/assignments?serialNumber=G17WDRQQ', token)).size).toBe(98)
    const truth = await drive.control('GET', `/worlds/main/libraries/${uId}/truth?pageIndex=0`)
    expect([truth.json.assignmentCount, truth.json.assets[0].assignedCount]).toEqual([
      1_000_000, 10_000,
    ])
  })

  test('what a client writes reaches computed rows like any others', async () => {
    const token = await drive.tokenFile(uId)
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      const { eventId } = (await drive.apple(path, token, init)).json
      await drive.control('POST', '/worlds/main/clock', { advanceSeconds: 2 })
      const { eventStatus, numRequested } = await apple(`/status?eventId=${eventId}`, token)
      return [eventStatus, numRequested]
    }
    const { versionId } = await apple('/assignments', token)
    expect(await post('/assets/revoke', { serialNumbers: ['G0000001'] })).toEqual(['COMPLETE', 100])
    const assets = [{ adamId: '9100000000', pricingParam: 'STDQ' }]
    const serialNumbers = ['G0000001', 'G17WDRQQ', 'NEW1']
    expect(await post('/assets/associate', { assets, serialNumbers })).toEqual(['COMPLETE', 3])
    expect(await post('/assets/disassociate', { assets, serialNumbers: ['G17WDRQQ'] })).toEqual([
      'COMPLETE',
      1,
    ])
    const truth = await drive.control('GET', `/worlds/main/libraries/${uId}/truth?pageIndex=0`)
    const assigned = truth.json.assets.map((row: { assignedCount: number }) => row.assignedCount)
    expect([truth.json.assignmentCount, assigned[0], assigned[1]]).toEqual([999_901, 10_000, 9_999])
    const delta = await apple(`/assignments?sinceVersionId=${versionId}`, token)
    expect(delta.assignments.map((row: { serialNumber: string }) => row.serialNumber)).toEqual([
      'G0000001',
      'NEW1',
    ])
  })

  test('the truth of so many rows comes in pages only', async () => {
    expect(await drive.control('GET', `/worlds/main/libraries/${uId}/truth`)).toEqual({
      status: 400,
      json: {
        error: 'There are 1000000 assignments. Ask for them in pages, with pageIndex=0.',
      },
    })
  })

  test('a snapshot brings back what left', async () => {
    const token = await drive.tokenFile(uId)
    await drive.control('POST', '/worlds/main/snapshots', { name: 'full' })
    await drive.control('DELETE', `/worlds/main/libraries/${uId}/assignments`, {
      assets: [{ adamId: '9100000000' }],
      serialNumbers: ['G0000001'],
    })
    expect((await apple('/assignments', token)).assignments[0].serialNumber).toBe('G17WDRQQ')
    await drive.control('POST', '/worlds/main/snapshots/full/restore')
    expect((await apple('/assignments', token)).assignments[0].serialNumber).toBe('G0000001')
  })
})

describe('generating into a location (Apple contract 11.5)', () => {
  test('the rows come as one version and are in the delta from before', async () => {
    const { json } = await drive.control('POST', '/worlds/main/libraries', { locationName: 'New' })
    const there = `/worlds/main/libraries/${json.uId}`
    const token = (await drive.control('POST', `${there}/tokens`, {})).json.file
    const { versionId } = await apple('/assignments', token)
    const body = { seed: 7, assets: 3, devices: 4 }
    const generated = await drive.control('POST', `${there}/generate`, body)
    expect([generated.status, generated.json.assignmentCount]).toEqual([200, 12])
    const delta = await apple(`/assignments?sinceVersionId=${versionId}`, token)
    expect([delta.size, delta.assignments[0].serialNumber]).toEqual([12, 'G0000007'])
    expect((await apple('/assets', token)).assets).toHaveLength(3)
    expect((await drive.control('POST', `${there}/generate`, body)).status).toBe(409)
  })

  test('sizes that make no sense are refused', async () => {
    const generate = (body: object) =>
      drive.control('POST', `/worlds/main/libraries/${uId}/generate`, body)
    expect((await generate({ assets: 0, devices: 1 })).status).toBe(400)
    expect((await generate({ assets: 1, devices: 2_147_483_647 })).status).toBe(400)
    expect((await generate({ assets: 1 })).status).toBe(400)
  })
})
