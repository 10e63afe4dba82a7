import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { testReceiver } from '../test-receiver.ts'
import { writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
let drive: TestDrive
let apple: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small', 'states'], {}, 0)
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
})
afterEach(() => drive.stop())

async function judge(assertion: object): Promise<{ ok: boolean; seqs: number[] }> {
  const [{ ok, seqs }] = await apple.control('POST', '/journal/assert', [assertion])
  return { ok, seqs }
}

const holds = { ok: true, seqs: [] }
const brokenBy = (...seqs: number[]) => ({ ok: false, seqs })
const begin = async () =>
  (await apple.post('/assets/associate', { assets: [app], serialNumbers: ['S1'] })).json.eventId
const addFault = (fault: object) => apple.control('POST', '/faults', fault)

describe('pollSpacing (Apple contract 5, C9)', () => {
  test('holds for questions half a minute apart, up to the tenth minute', async () => {
    const eventId = await begin()
    for (const seconds of [30, 30, 540]) {
      drive.passMs(seconds * 1000)
      await apple.status(eventId)
    }
    expect(await judge({ assert: 'pollSpacing' })).toEqual(holds)
  })

  test('breaks on a first question, and on a next one, that come too soon', async () => {
    const eventId = await begin()
    drive.passMs(29_999)
    await apple.status(eventId)
    drive.passMs(29_999)
    await apple.status(eventId)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(brokenBy(2, 3))
    expect(await judge({ assert: 'pollSpacing', seconds: 29 })).toEqual(holds)
  })

  test('breaks on a question after the time to give up', async () => {
    const eventId = await begin()
    drive.passMs(600_001)
    await apple.status(eventId)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(brokenBy(2))
    expect(await judge({ assert: 'pollSpacing', giveUp: 601 })).toEqual(holds)
  })

  test('each event has its own time, also one whose answer was lost', async () => {
    await addFault({ action: { cut: 'beforeHeaders', applyEffect: true } })
    await begin().catch(() => undefined)
    drive.passMs(20_000)
    const second = await begin()
    drive.passMs(30_000)
    await apple.status('e0000000-0000-4000-8000-000000000001')
    await apple.status(second)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(holds)
  })

  test('in a restored world the same id counts from its newer call', async () => {
    await apple.control('POST', '/snapshots', { name: 'before' })
    await begin()
    drive.passMs(900_000)
    await apple.control('POST', '/snapshots/before/restore')
    const eventId = await begin()
    drive.passMs(29_000)
    await apple.status(eventId)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(brokenBy(3))
    drive.passMs(30_000)
    await apple.status(eventId)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(brokenBy(3))
  })

  test('a question that failed may be repeated at once', async () => {
    const eventId = await begin()
    drive.passMs(30_000)
    await addFault({ match: { path: '/mdm/v2/status' }, action: { status: 503 } })
    await apple.status(eventId)
    drive.passMs(1000)
    await apple.status(eventId)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(holds)
  })

  test('a notification about the event lets the question come at once, one that was lost does not', async () => {
    const receiver = await testReceiver()
    await apple.control('PATCH', '/settings', { allowHttpNotificationUrl: true })
    await apple.post('/client/config', {
      notificationUrl: receiver.url,
      notificationAuthToken: 'made-up-secret-01',
      notificationTypes: ['ASSET_MANAGEMENT'],
    })
    const told = await begin()
    await apple.advance(2)
    drive.passMs(2000)
    await apple.status(told)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(holds)
    receiver.answerWith(500)
    const untold = await begin()
    await apple.advance(2)
    drive.passMs(2000)
    await apple.status(untold)
    expect(await judge({ assert: 'pollSpacing' })).toEqual(brokenBy(5))
    await receiver.stop()
  })

  test('is not ok while nobody asked; an event of nobody is passed over', async () => {
    expect((await judge({ assert: 'pollSpacing' })).ok).toBe(false)
    await apple.status('nothing')
    expect(await judge({ assert: 'pollSpacing' })).toEqual(holds)
  })
})

describe('rectangles (C15)', () => {
  const wanted = ['S1', 'S2'].flatMap((serialNumber) => [
    { adamId: '9000000001', serialNumber },
    { ...macApp, serialNumber },
  ])

  test('holds for assets times targets that are all wanted, in any split', async () => {
    await apple.post('/assets/associate', { assets: [app, macApp], serialNumbers: ['S1'] })
    await apple.post('/assets/associate', {
      assets: [{ adamId: '9000000001' }],
      serialNumbers: ['S2'],
    })
    expect(await judge({ assert: 'rectangles', wanted })).toEqual(holds)
  })

  test('breaks on a pair that nobody wanted, the one in the corner too', async () => {
    const some = wanted.slice(0, 3)
    await apple.post('/assets/associate', { assets: [app, macApp], serialNumbers: ['S1', 'S2'] })
    await apple.post('/assets/associate', { assets: [app], serialNumbers: ['S1', 'S2'] })
    await apple.post('/assets/associate', { assets: [app], clientUserIds: ['S1'] })
    await apple.post('/assets/associate', {
      assets: [{ ...app, pricingParam: 'PLUS' }],
      serialNumbers: ['S1'],
    })
    expect(await judge({ assert: 'rectangles', wanted: some })).toEqual(brokenBy(1, 3, 4))
  })

  test('judges both ways or the one that is named, also calls that were refused', async () => {
    await apple.post('/assets/associate', { assets: [app], serialNumbers: ['S1'] })
    await apple.post('/assets/disassociate', { assets: [app], serialNumbers: ['S3', 'S3'] })
    expect(await judge({ assert: 'rectangles', wanted })).toEqual(brokenBy(2))
    expect(await judge({ assert: 'rectangles', wanted, endpoint: 'associate' })).toEqual(holds)
  })

  test('is not ok while nobody assigned anything', async () => {
    await apple.post('/assets/revoke', { serialNumbers: ['S1'] })
    expect((await judge({ assert: 'rectangles', wanted })).ok).toBe(false)
  })
})

describe('claims and writes', () => {
  const mdmInfo = { id: 'i', name: 'n', metadata: 'm' }
  const look = async () => drive.apple('/client/config', await drive.tokenFile(uId))

  test('claimVerified: a claim whose answer was lost wants a look too, a refused one does not', async () => {
    await apple.post('/client/config', { mdmInfo: { ...mdmInfo, id: 'i'.repeat(101) } })
    expect((await judge({ assert: 'claimVerified', uId })).ok).toBe(false)
    await addFault({ action: { cut: 'midBody', applyEffect: true } })
    await apple.post('/client/config', { mdmInfo }).catch(() => undefined)
    expect(await judge({ assert: 'claimVerified', uId })).toEqual(brokenBy(2))
    await addFault({ action: { status: 503 } })
    await look()
    expect(await judge({ assert: 'claimVerified', uId })).toEqual(brokenBy(2))
    await look()
    expect(await judge({ assert: 'claimVerified', uId })).toEqual(holds)
  })

  test('noWrites: breaks on writes of every kind, refused ones too', async () => {
    await look()
    await apple.post('/users/create', {})
    await apple.post('/assets/revoke', { serialNumbers: ['S1'] })
    expect(await judge({ assert: 'noWrites', uId })).toEqual(brokenBy(2, 3))
    expect(await judge({ assert: 'noWrites', uId: '7000000000000010' })).toEqual(holds)
  })

  test('order and requestCount see bodies', async () => {
    await apple.post('/users/create', { users: [{ clientUserId: 'n-1' }] })
    await apple.post('/assets/associate', { assets: [app], clientUserIds: ['n-1'] })
    const create = { path: '/mdm/v2/users/create', bodyIncludes: 'n-1' }
    const associate = { path: '/mdm/v2/assets/associate', bodyIncludes: 'n-1' }
    expect(await judge({ assert: 'order', matches: [create, associate] })).toEqual(holds)
    expect((await judge({ assert: 'order', matches: [associate, create] })).ok).toBe(false)
    expect(await judge({ assert: 'requestCount', match: associate, n: 1 })).toEqual(holds)
    expect(await judge({ assert: 'requestCount', match: { bodyIncludes: 'n-1' }, n: 1 })).toEqual(
      brokenBy(1, 2),
    )
  })
})

describe('faults on writes (Apple contract 11.7)', () => {
  const body = { assets: [app], serialNumbers: ['S1'] }

  test.each([
    ['cut before the headers', { cut: 'beforeHeaders' }],
    ['cut in the middle', { cut: 'midBody' }],
    ['an error in its place', { status: 503, errorNumber: 9729 }],
    ['a body of another kind', { body: '<html></html>' }],
    ['a truncated body', { truncateAt: 10 }],
  ])('%s with applyEffect: the event is there, without it there is none', async (_, action) => {
    await addFault({ action })
    await apple.post('/assets/associate', body).catch(() => undefined)
    expect((await apple.control('GET', '/events')).events).toEqual([])
    await addFault({ action: { ...action, applyEffect: true } })
    await apple.post('/assets/associate', body).catch(() => undefined)
    await apple.advance(2)
    expect((await apple.control('GET', '/events')).events).toHaveLength(1)
    expect(await apple.counts('9000000001')).toEqual([10, 7, 3, 0])
    const [without, lost] = (await apple.control('GET', '/journal')).entries
    expect([without.effect, without.eventId]).toEqual([null, null])
    expect([lost.effect, lost.eventId]).toEqual([
      'event e0000000-0000-4000-8000-000000000001: ASSOCIATE of 1',
      'e0000000-0000-4000-8000-000000000001',
    ])
  })

  test('a delay alone lets the write through', async () => {
    await addFault({ action: { delayMs: 500 } })
    expect((await apple.post('/assets/associate', body)).status).toBe(200)
  })
})
