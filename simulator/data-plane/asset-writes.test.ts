import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const serials = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`)
let drive: TestDrive
let apple: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small', 'books-unlimited', 'shortage'])
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
})
afterEach(() => drive.stop())

describe('associate (Apple contract 2.7, 2.8, 11.3 S4)', () => {
  const sample = { assets: [app, macApp], serialNumbers: ['POMSER000003', 'POMSER000004'] }

  test('is accepted with an event before anything is done, then advances step by step', async () => {
    expect((await apple.post('/assets/associate', sample)).text).toBe(
      '{"eventId":"e0000000-0000-4000-8000-000000000001","tokenExpirationDate":"2027-03-01T08:00:00+0000","uId":"7000000000000001"}',
    )
    const eventId = 'e0000000-0000-4000-8000-000000000001'
    expect(await apple.counts('9000000001')).toEqual([10, 8, 2, 0])
    const progress = async () => {
      const { eventStatus, numCompleted, numRequested } = await apple.status(eventId)
      return [eventStatus, numCompleted, numRequested]
    }
    expect(await progress()).toEqual(['PENDING', 0, 4])
    await apple.control('POST', '/clock', { set: '2026-12-01T09:00:00.500Z' })
    expect(await progress()).toEqual(['PENDING', 1, 4])
    expect(await apple.counts('9000000001')).toEqual([10, 7, 3, 0])
    await apple.control('POST', '/clock', { set: '2026-12-01T09:00:01.999Z' })
    expect(await progress()).toEqual(['PENDING', 3, 4])
    await apple.control('POST', '/clock', { set: '2026-12-01T09:00:02Z' })
    expect((await drive.apple(`/status?eventId=${eventId}`, await drive.tokenFile(uId))).text).toBe(
      '{"eventStatus":"COMPLETE","eventType":"ASSOCIATE","numCompleted":4,"numRequested":4,"tokenExpirationDate":"2027-03-01T08:00:00+0000","uId":"7000000000000001"}',
    )
    expect(await apple.counts('9000000001')).toEqual([10, 6, 4, 0])
    expect(await apple.counts('9000000002')).toEqual([5, 3, 2, 0])
    expect((await apple.truth()).assignmentCount).toBe(8)
  })

  test('one step moves assets and assignments once each, users never', async () => {
    const before = (await apple.truth()).versionIds
    const { eventStatus } = await apple.ended('/assets/associate', {
      assets: [app],
      serialNumbers: ['S1'],
    })
    const { versionIds } = await apple.truth()
    expect(eventStatus).toBe('COMPLETE')
    expect(versionIds).toEqual({
      assets: 'a5000000-0000-4000-8000-000000000002',
      assignments: 'a6000000-0000-4000-8000-000000000002',
      users: before.users,
    })
  })

  test('an invented serial number is no mistake to Apple; a user gets one too', async () => {
    const users = { assets: [app], clientUserIds: ['u-0003'], serialNumbers: ['NO-SUCH-DEVICE'] }
    expect(await apple.ended('/assets/associate', users)).toMatchObject({
      eventStatus: 'COMPLETE',
      numCompleted: 2,
      numRequested: 2,
    })
  })

  test('users that are unknown or retired fail the event with 9609, the others go through', async () => {
    const body = { assets: [app, macApp], clientUserIds: ['u-0099', 'u-0003', 'u-0002'] }
    expect(await apple.ended('/assets/associate', body)).toEqual({
      eventStatus: 'FAILED',
      eventType: 'ASSOCIATE',
      numCompleted: 2,
      numRequested: 6,
      failures: [
        {
          errorNumber: 9609,
          errorMessage: 'No such registered user.',
          errorInfo: { clientUserIds: ['u-0099', 'u-0002'] },
        },
      ],
      tokenExpirationDate: '2027-03-01T08:00:00+0000',
      uId,
    })
  })

  test('too few licences: filled in the order of the request, 9709 once for each asset', async () => {
    const body = { assets: [macApp, app, { adamId: '9999999999' }], serialNumbers: serials(9) }
    const { eventStatus, numCompleted, numRequested, failures } = await apple.ended(
      '/assets/associate',
      body,
    )
    expect([eventStatus, numCompleted, numRequested]).toEqual(['FAILED', 13, 27])
    expect(failures).toEqual([
      {
        errorNumber: 9709,
        errorMessage: 'Too few licences.',
        errorInfo: { assets: [macApp], serialNumbers: ['S5', 'S6', 'S7', 'S8'] },
      },
      {
        errorNumber: 9709,
        errorMessage: 'Too few licences.',
        errorInfo: { assets: [app], serialNumbers: ['S8'] },
      },
      {
        errorNumber: 9709,
        errorMessage: 'Too few licences.',
        errorInfo: {
          assets: [{ adamId: '9999999999', pricingParam: 'STDQ' }],
          serialNumbers: serials(9),
        },
      },
    ])
    expect(await apple.counts('9000000002')).toEqual([5, 0, 5, 0])
  })

  test('an unlimited asset never runs short, and its available count goes down', async () => {
    const body = { assets: [{ adamId: '9000000004' }], serialNumbers: serials(1000) }
    expect((await apple.ended('/assets/associate', body)).eventStatus).toBe('COMPLETE')
    expect(await apple.counts('9000000004')).toEqual([2147483647, 2147482646, 1001, 0])
  })

  test('a pair that exists is a success that takes no licence', async () => {
    const body = { assets: [app], serialNumbers: ['POMSER000001'] }
    expect(await apple.ended('/assets/associate', body)).toMatchObject({
      eventStatus: 'COMPLETE',
      numCompleted: 1,
    })
    expect(await apple.counts('9000000001')).toEqual([10, 8, 2, 0])
    expect((await apple.truth()).versionIds.assignments).toBe(
      'a6000000-0000-4000-8000-000000000001',
    )
  })
})

describe('disassociate and revoke', () => {
  test('disassociate gives the licence back; a pair that does not exist is a success too', async () => {
    const body = { assets: [app], clientUserIds: ['u-0001', 'u-0003'] }
    expect(await apple.ended('/assets/disassociate', body)).toMatchObject({
      eventStatus: 'COMPLETE',
      eventType: 'DISASSOCIATE',
      numCompleted: 2,
      numRequested: 2,
    })
    expect(await apple.counts('9000000001')).toEqual([10, 9, 1, 0])
  })

  test('revoke takes back what is revocable, and counts only that', async () => {
    expect(
      await apple.ended('/assets/revoke', { clientUserIds: ['u-0001', 'u-0003'] }),
    ).toMatchObject({
      eventStatus: 'COMPLETE',
      eventType: 'REVOKE',
      numCompleted: 1,
      numRequested: 1,
    })
    expect(await apple.counts('9000000001')).toEqual([10, 9, 1, 0])
    expect(await apple.counts('9000000003', 'PLUS')).toEqual([4, 2, 1, 1])
    const all = { serialNumbers: ['POMSER000001', 'POMSER000002', 'NOTHING'] }
    expect((await apple.ended('/assets/revoke', all)).numRequested).toBe(2)
    const { assignments } = await apple.truth()
    expect(assignments).toEqual([
      { adamId: '9000000003', pricingParam: 'PLUS', clientUserId: 'u-0001' },
    ])
  })

  test('revoke of nothing is complete, of an unknown user it has failed', async () => {
    expect(await apple.ended('/assets/revoke', { serialNumbers: ['NOTHING'] })).toMatchObject({
      eventStatus: 'COMPLETE',
      numCompleted: 0,
      numRequested: 0,
    })
    expect(await apple.ended('/assets/revoke', { clientUserIds: ['u-0099'] })).toMatchObject({
      eventStatus: 'FAILED',
      numCompleted: 0,
      numRequested: 0,
      failures: [{ errorNumber: 9609, errorInfo: { clientUserIds: ['u-0099'] } }],
    })
  })
})
