import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { type TestReceiver, testReceiver } from '../test-receiver.ts'
import { writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const secret = 'made-up-secret-01'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const all = ['ASSET_MANAGEMENT', 'USER_MANAGEMENT', 'USER_ASSOCIATED', 'ASSET_COUNT']
let drive: TestDrive
let apple: ReturnType<typeof writesOf>
let receiver: TestReceiver

beforeEach(async () => {
  receiver = await testReceiver()
  drive = await testDrive(['small', 'states'])
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
  await apple.control('PATCH', '/settings', { allowHttpNotificationUrl: true })
  await subscribe(all)
  receiver.received.length = 0
})
afterEach(async () => {
  await drive.stop()
  await receiver.stop()
})

const subscribe = (notificationTypes: string[]) =>
  apple.post('/client/config', {
    notificationUrl: receiver.url,
    notificationAuthToken: secret,
    notificationTypes,
  })
const log = async () => (await apple.control('GET', '/notifications')).notifications
const last = async () => (await log()).at(-1)
const buy = (quantity: number) =>
  apple.control('POST', `/libraries/${uId}/buy`, { ...app, quantity })

describe('three tries: at once, after 60 and after 240 seconds (Apple contract 11.3 S9)', () => {
  test('refused three times it is given up; every try carries the same id', async () => {
    receiver.answerWith(500)
    await buy(1)
    await apple.advance(59)
    expect(receiver.received).toHaveLength(1)
    expect((await last()).nextTryAt).toBe('2026-12-01T09:01:00.000Z')
    await apple.advance(1)
    expect(receiver.received).toHaveLength(2)
    await apple.advance(180)
    await apple.advance(100_000)
    const ids = receiver.received.map(({ body }) => body.notificationId)
    expect(ids).toEqual(Array(3).fill('b0000000-0000-4000-8000-000000000002'))
    expect(await last()).toMatchObject({
      standing: 'failed',
      nextTryAt: null,
      tries: [
        { at: '2026-12-01T09:00:00.000Z', status: 500 },
        { at: '2026-12-01T09:01:00.000Z', status: 500 },
        { at: '2026-12-01T09:04:00.000Z', status: 500 },
      ],
    })
  })

  test('a leap of the clock makes up for all of them; no answer and a redirect are no delivery', async () => {
    receiver.answerWith('hangUp')
    await buy(1)
    receiver.answerWith(302)
    await apple.advance(1000)
    expect((await last()).tries.map((attempt: { status: number }) => attempt.status)).toEqual([
      null,
      302,
      302,
    ])
    expect(receiver.received).toHaveLength(3)
  })

  test("in a leap the longest due comes first: a new message before an old one's next try", async () => {
    receiver.answerWith(500)
    await buy(1)
    await apple.post('/users/create', { users: [{ clientUserId: 'n-1' }] })
    receiver.answerWith(200)
    await apple.advance(1000)
    expect(receiver.received.map(({ body }) => body.notificationType)).toEqual([
      'ASSET_COUNT',
      'USER_MANAGEMENT',
      'ASSET_COUNT',
    ])
  })

  test('taken at the second try it is delivered, with any status of the 2xx', async () => {
    receiver.answerWith(401)
    await buy(1)
    receiver.answerWith(204)
    await apple.advance(60)
    await apple.advance(1000)
    expect(await last()).toMatchObject({ standing: 'delivered', tries: [{}, { status: 204 }] })
    expect(receiver.received).toHaveLength(2)
  })

  test('in a running world they come by themselves', async () => {
    await apple.control('POST', '/clock', { mode: 'running' })
    receiver.answerWith(500)
    await buy(1)
    expect(receiver.received).toHaveLength(1)
    drive.passMs(60_000)
    await receiver.arrived(2)
    // The next alarm is set once this answer is in.
    await apple.control('PATCH', '/settings', {})
    drive.passMs(180_000)
    await receiver.arrived(3)
  })

  test('a receiver that takes its time does not hold up the data plane', async () => {
    await apple.control('PATCH', '/settings', { eventDelaySeconds: 0 })
    receiver.answerWith('holdBack')
    await apple.post('/assets/associate', { assets: [app], serialNumbers: ['S1'] })
    const token = await drive.tokenFile(uId)
    expect((await drive.apple('/assignments', token)).json.size).toBe(5)
    await receiver.arrived(1)
    expect((await last()).standing).toBe('waiting')
    receiver.letGo()
    await apple.advance(0)
    expect((await last()).standing).toBe('delivered')
  })

  test('without a URL by the time of the try there is nowhere to bring it', async () => {
    receiver.answerWith(500)
    await buy(1)
    await apple.post('/client/config', { notificationUrl: '', notificationAuthToken: '' })
    await apple.advance(60)
    expect((await last()).standing).toBe('noTarget')
  })
})

test('a snapshot holds what waits: restored, it is brought again', async () => {
  receiver.answerWith(500)
  await buy(1)
  await apple.control('POST', '/snapshots', { name: 'waiting' })
  receiver.answerWith(200)
  await apple.advance(60)
  await apple.control('POST', '/snapshots/waiting/restore')
  await apple.advance(60)
  expect(receiver.received).toHaveLength(3)
  expect((await last()).standing).toBe('delivered')
})
