import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { outcomeOf, writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
let drive: TestDrive
let apple: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small'])
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
})
afterEach(() => drive.stop())

describe('the other values of the switches that concern writes (Apple contract 11.4)', () => {
  test('userNotFound sync: the call itself ends with 9609, after the asset rules', async () => {
    await apple.switchTo({ userNotFound: 'sync' })
    const body = { assets: [app], clientUserIds: ['u-0003', 'u-0099'] }
    const { status, json } = await apple.post('/assets/associate', body)
    expect([status, json.errorNumber, json.errorInfo]).toEqual([
      400,
      9609,
      { clientUserIds: ['u-0099'] },
    ])
    const users = { users: [{ clientUserId: 'u-0099' }] }
    expect(outcomeOf(await apple.post('/assets/revoke', { clientUserIds: ['u-0099'] }))).toEqual([
      400, 9609,
    ])
    expect(outcomeOf(await apple.post('/users/retire', users))).toEqual([400, 9609])
    expect(outcomeOf(await apple.post('/users/update', users))).toEqual([400, 9609])
    expect((await apple.post('/users/create', users)).status).toBe(200)
  })

  test('unknownAsset sync9602: an asset that is not owned ends the call', async () => {
    const body = { assets: [app, { adamId: '1' }], serialNumbers: ['S'] }
    expect((await apple.ended('/assets/associate', body)).failures[0].errorNumber).toBe(9709)
    await apple.switchTo({ unknownAsset: 'sync9602' })
    expect(outcomeOf(await apple.post('/assets/associate', body))).toEqual([400, 9602])
  })

  test('shortage none: an asset that cannot serve all serves none, the others go on', async () => {
    await apple.switchTo({ shortage: 'none' })
    const serialNumbers = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6']
    const body = { assets: [macApp, app], serialNumbers }
    expect(await apple.ended('/assets/associate', body)).toMatchObject({
      eventStatus: 'FAILED',
      numCompleted: 6,
      numRequested: 12,
      failures: [{ errorNumber: 9709, errorInfo: { assets: [macApp], serialNumbers } }],
    })
    expect(await apple.counts('9000000002')).toEqual([5, 5, 0, 0])
    const five = { assets: [macApp], serialNumbers: serialNumbers.slice(0, 5) }
    expect((await apple.ended('/assets/associate', five)).eventStatus).toBe('COMPLETE')
  })

  test('shortage none: pairs that exist and unknown users want no licence', async () => {
    await apple.switchTo({ shortage: 'none' })
    await apple.ended('/assets/associate', { assets: [macApp], serialNumbers: ['S1'] })
    const body = {
      assets: [macApp],
      clientUserIds: ['u-0099'],
      serialNumbers: ['S1', 'S2', 'S3', 'S4', 'S5'],
    }
    expect(await apple.ended('/assets/associate', body)).toMatchObject({
      numCompleted: 5,
      failures: [{ errorNumber: 9609 }],
    })
  })

  test('reassociate 9616 and disassociateMissing 9619: the pair fails, once for each asset', async () => {
    await apple.switchTo({ reassociate: 9616, disassociateMissing: 9619 })
    const body = { assets: [app], serialNumbers: ['POMSER000001', 'S2'] }
    expect((await apple.ended('/assets/associate', body)).failures).toEqual([
      {
        errorNumber: 9616,
        errorMessage: 'Licence is assigned already.',
        errorInfo: { assets: [app], serialNumbers: ['POMSER000001'] },
      },
    ])
    const missing = { assets: [app, macApp], serialNumbers: ['S2'] }
    expect((await apple.ended('/assets/disassociate', missing)).failures).toEqual([
      {
        errorNumber: 9619,
        errorMessage: 'Licence is not assigned there.',
        errorInfo: { assets: [macApp], serialNumbers: ['S2'] },
      },
    ])
  })

  test('pricingDefault 9602: left out it is a mistake, otherwise it stands for STDQ', async () => {
    const body = { assets: [{ adamId: '9000000001' }], serialNumbers: ['S'] }
    await apple.ended('/assets/associate', body)
    expect((await apple.truth()).assignments).toContainEqual({ ...app, serialNumber: 'S' })
    await apple.switchTo({ pricingDefault: 9602 })
    expect(outcomeOf(await apple.post('/assets/associate', body))).toEqual([400, 9602])
  })

  test('bothTargetLists 9602: users and serial numbers exclude each other, an empty list does not', async () => {
    await apple.switchTo({ bothTargetLists: 9602 })
    const body = { assets: [app], clientUserIds: ['u-0003'], serialNumbers: ['S'] }
    expect(outcomeOf(await apple.post('/assets/associate', body))).toEqual([400, 9602])
    expect(outcomeOf(await apple.post('/assets/revoke', body))).toEqual([400, 9602])
    expect((await apple.post('/assets/associate', { ...body, serialNumbers: [] })).status).toBe(200)
  })

  test('deltaRemovals: what left is missing from a delta, or comes as a plain row', async () => {
    const token = await drive.tokenFile(uId)
    const { versionId } = (await drive.apple('/assignments', token)).json
    await apple.ended('/assets/revoke', { serialNumbers: ['POMSER000001'] })
    const delta = async () =>
      (await drive.apple(`/assignments?sinceVersionId=${versionId}`, token)).json.assignments
    expect(await delta()).toEqual([])
    await apple.switchTo({ deltaRemovals: 'listAsRow' })
    expect(await delta()).toEqual([{ ...app, serialNumber: 'POMSER000001' }])
  })
})
