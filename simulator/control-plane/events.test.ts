import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const body = { assets: [app, macApp], serialNumbers: ['S1', 'S2'] }
let drive: TestDrive
let apple: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small', 'shortage'])
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
})
afterEach(() => drive.stop())

const addScript = (script: object) => apple.control('POST', '/event-scripts', script)
const begin = async (sent: object = body) =>
  (await apple.post('/assets/associate', sent)).json.eventId as string
const progress = async (eventId: string) => {
  const { eventStatus, numCompleted, numRequested } = await apple.status(eventId)
  return [eventStatus, numCompleted, numRequested]
}

describe('event scripts (Apple contract 11.3 S4, 11.5)', () => {
  test('partial failure: so many items fail, with a number of your choice', async () => {
    await addScript({ failures: [{ errorNumber: 9644, take: 3 }] })
    const status = await apple.ended('/assets/associate', body)
    expect(status).toMatchObject({ eventStatus: 'FAILED', numCompleted: 1, numRequested: 4 })
    expect(status.failures).toEqual([
      {
        errorNumber: 9644,
        errorMessage: 'Maintenance, come back later.',
        errorInfo: { assets: [app], serialNumbers: ['S1', 'S2'] },
      },
      {
        errorNumber: 9644,
        errorMessage: 'Maintenance, come back later.',
        errorInfo: { assets: [macApp], serialNumbers: ['S1'] },
      },
    ])
    expect((await apple.truth()).assignments).toContainEqual({ ...macApp, serialNumber: 'S2' })
  })

  test('partial failure by target; the rest of a second number', async () => {
    await addScript({
      outcome: 'FAILED',
      failures: [{ errorNumber: 9709, take: ['S2'] }, { errorNumber: 9610 }],
    })
    const { numCompleted, failures } = await apple.ended('/assets/associate', body)
    expect(numCompleted).toBe(0)
    expect(
      failures.map((failure: { errorNumber: number; errorInfo: object }) => [
        failure.errorNumber,
        failure.errorInfo,
      ]),
    ).toEqual([
      [9610, { assets: [app], serialNumbers: ['S1'] }],
      [9709, { assets: [app], serialNumbers: ['S2'] }],
      [9610, { assets: [macApp], serialNumbers: ['S1'] }],
      [9709, { assets: [macApp], serialNumbers: ['S2'] }],
    ])
    expect(await apple.counts('9000000001')).toEqual([10, 8, 2, 0])
  })

  test('FAILED without failures: all of it, as an internal error', async () => {
    await addScript({ outcome: 'FAILED' })
    const users = { users: [{ clientUserId: 'u-0001' }, { clientUserId: 'n-1' }] }
    expect((await apple.ended('/users/create', users)).failures).toEqual([
      {
        errorNumber: 9603,
        errorMessage: 'Internal error.',
        errorInfo: { clientUserIds: ['u-0001', 'n-1'] },
      },
    ])
    expect((await apple.truth()).users).toHaveLength(3)
  })

  test('a late COMPLETE comes when the script says', async () => {
    await addScript({ outcome: 'COMPLETE', delaySeconds: 700 })
    const eventId = await begin()
    await apple.advance(699)
    expect(await progress(eventId)).toEqual(['PENDING', 3, 4])
    await apple.advance(1)
    expect(await progress(eventId)).toEqual(['COMPLETE', 4, 4])
  })

  test('stuck: PENDING with nothing done until somebody finishes it', async () => {
    await addScript({ outcome: 'PENDING' })
    const eventId = await begin()
    await apple.advance(30 * 24 * 60 * 60)
    expect(await progress(eventId)).toEqual(['PENDING', 0, 4])
    expect(await apple.counts('9000000001')).toEqual([10, 8, 2, 0])
    const finished = await apple.control('POST', `/events/${eventId}/finish`)
    expect([finished.eventStatus, finished.numCompleted]).toEqual(['COMPLETE', 4])
    expect(await progress(eventId)).toEqual(['COMPLETE', 4, 4])
    expect(await apple.counts('9000000001')).toEqual([10, 6, 4, 0])
  })

  test('stuck after some or all of the work: the licences are taken, the event does not tell', async () => {
    await addScript({ outcome: 'PENDING', stuckAfter: 1 })
    await addScript({ nth: 2, outcome: 'PENDING', stuckAfter: 1000 })
    const some = await begin()
    const all = await begin({ assets: [app, macApp], serialNumbers: ['S3', 'S4'] })
    await apple.advance(600)
    expect(await progress(some)).toEqual(['PENDING', 1, 4])
    expect(await progress(all)).toEqual(['PENDING', 4, 4])
    expect(await apple.counts('9000000001')).toEqual([10, 5, 5, 0])
    const failures = [{ errorNumber: 9709, take: ['S2'] }]
    await apple.control('POST', `/events/${some}/finish`, { failures })
    expect(await progress(some)).toEqual(['FAILED', 2, 4])
  })

  test('a script meets the calls that its match fits, once or as often as it says', async () => {
    await addScript({
      id: 's1',
      match: { path: '/mdm/v2/users/*', uId, bodyIncludes: 'n-2' },
      count: 0,
      outcome: 'FAILED',
    })
    const create = async (clientUserId: string) =>
      (await apple.ended('/users/create', { users: [{ clientUserId }] })).eventStatus
    expect(await create('n-1')).toBe('COMPLETE')
    expect([await create('n-2'), await create('n-2')]).toEqual(['FAILED', 'FAILED'])
    expect((await apple.control('GET', '/event-scripts')).eventScripts).toEqual([
      {
        id: 's1',
        match: { path: '/mdm/v2/users/*', uId, bodyIncludes: 'n-2' },
        nth: 1,
        count: 0,
        outcome: 'FAILED',
        delaySeconds: null,
        stuckAfter: 0,
        failures: [],
        seen: 2,
      },
    ])
    await apple.control('DELETE', '/event-scripts/s1')
    expect(await create('n-2')).toBe('COMPLETE')
  })

  test('what contradicts itself or is over already is refused', async () => {
    const refusal = async (path: string, sent?: object) =>
      (await drive.control('POST', `/worlds/main${path}`, sent)).status
    const failures = [{ errorNumber: 9709 }]
    expect(await refusal('/event-scripts', { outcome: 'COMPLETE', failures })).toBe(400)
    await addScript({ id: 's1', nth: 9 })
    expect(await refusal('/event-scripts', { id: 's1' })).toBe(409)
    expect(await refusal('/events/nothing/finish')).toBe(404)
    const eventId = await begin()
    await apple.advance(2)
    expect(await refusal(`/events/${eventId}/finish`)).toBe(409)
  })
})

describe('GET W/events', () => {
  test('lists what is under way and what is over, by location and time', async () => {
    await begin()
    await apple.advance(1)
    await apple.control('DELETE', `/libraries/${uId}/assignments`, {
      assets: [app],
      serialNumbers: ['POMSER000001'],
    })
    expect((await apple.control('GET', '/events')).events).toEqual([
      {
        eventId: 'e0000000-0000-4000-8000-000000000001',
        uId,
        eventType: 'ASSOCIATE',
        eventStatus: 'PENDING',
        numRequested: 4,
        numCompleted: 2,
        failures: [],
        acceptedAt: '2026-12-01T09:00:00.000Z',
        endsAt: '2026-12-01T09:00:02.000Z',
        scriptId: null,
      },
      {
        eventId: 'e0000000-0000-4000-8000-000000000002',
        uId,
        eventType: 'DISASSOCIATE',
        eventStatus: 'COMPLETE',
        numRequested: 1,
        numCompleted: 1,
        failures: [],
        acceptedAt: '2026-12-01T09:00:01.000Z',
        endsAt: '2026-12-01T09:00:01.000Z',
        scriptId: null,
      },
    ])
  })

  test('a snapshot holds events in the middle of their work', async () => {
    const eventId = await begin()
    await apple.advance(1)
    await apple.control('POST', '/snapshots', { name: 'half' })
    await apple.advance(1)
    expect(await progress(eventId)).toEqual(['COMPLETE', 4, 4])
    await apple.control('POST', '/snapshots/half/restore')
    expect(await progress(eventId)).toEqual(['PENDING', 2, 4])
    await apple.advance(1)
    expect(await progress(eventId)).toEqual(['COMPLETE', 4, 4])
  })

  test('events that run at the same time take licences in the order in which they are due', async () => {
    const place = '7000000000000050'
    const scarce = writesOf(drive, await drive.tokenFile(place), place)
    const wish = (first: string) => ({
      assets: [{ adamId: '9000050001' }],
      serialNumbers: [`${first}1`, `${first}2`, `${first}3`, `${first}4`],
    })
    const one = (await scarce.post('/assets/associate', wish('A'))).json.eventId
    await scarce.advance(1)
    const two = (await scarce.post('/assets/associate', wish('B'))).json.eventId
    await scarce.advance(10)
    const taken = (await scarce.truth()).assignments.map(
      (row: { serialNumber: string }) => row.serialNumber,
    )
    expect(taken).toEqual(['A1', 'A2', 'A3'])
    expect((await scarce.status(one)).numCompleted).toBe(3)
    expect((await scarce.status(two)).numCompleted).toBe(0)
    expect(await scarce.counts('9000050001')).toEqual([3, 0, 3, 0])
  })
})
