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
const told = () => receiver.received.map(({ body }) => body.notification)
const log = async () => (await apple.control('GET', '/notifications')).notifications
const last = async () => (await log()).at(-1)
const buy = (quantity: number) =>
  apple.control('POST', `/libraries/${uId}/buy`, { ...app, quantity })

describe('hold, drop, duplicate, reorder (Apple contract 11.3 S9, 11.5)', () => {
  test('what is held comes when it is redelivered, in the order you like', async () => {
    await apple.control('POST', '/notifications/hold', { type: 'ASSET_COUNT', count: 2 })
    await buy(1)
    await buy(2)
    await buy(3)
    expect(told().map(({ countDelta }) => countDelta)).toEqual([3])
    const [, first, second] = await log()
    expect([first.standing, second.standing]).toEqual(['held', 'held'])
    for (const { notificationId } of [second, first]) {
      await apple.control('POST', '/notifications/redeliver', { id: notificationId })
    }
    expect(told().map(({ countDelta }) => countDelta)).toEqual([3, 2, 1])
  })

  test('what is delivered comes twice with the same id when it is redelivered', async () => {
    await buy(1)
    const { notificationId } = await last()
    await apple.control('POST', '/notifications/redeliver', { id: notificationId })
    expect(receiver.received.map(({ body }) => body.notificationId)).toEqual([
      notificationId,
      notificationId,
    ])
  })

  test('what is dropped never comes, waiting ones too', async () => {
    await apple.control('POST', '/notifications/drop', { nth: 2 })
    await buy(1)
    await buy(2)
    receiver.answerWith(500)
    await buy(3)
    const { notificationId } = await last()
    await apple.control('POST', '/notifications/drop', { id: notificationId })
    await apple.advance(1000)
    expect(told().map(({ countDelta }) => countDelta)).toEqual([1, 3])
    expect((await log()).map((sent: { standing: string }) => sent.standing)).toEqual([
      'delivered',
      'delivered',
      'dropped',
      'dropped',
    ])
  })

  test('rules are listed, and lifted all together', async () => {
    await apple.control('POST', '/notifications/hold', { uId, count: 0 })
    expect((await apple.control('GET', '/notifications')).rules).toEqual([
      { action: 'hold', type: null, uId, nth: 1, count: 0, seen: 0 },
    ])
    await apple.control('DELETE', '/notifications/rules')
    await buy(1)
    expect(told()).toHaveLength(1)
  })

  test('a message of your own goes to the one location that can be told', async () => {
    await apple.control('POST', '/notifications/send', {
      type: 'UNLIMITED_ASSET',
      body: { adamId: 9000000004 },
    })
    expect(receiver.received.map(({ body }) => body)).toEqual([
      {
        notificationType: 'UNLIMITED_ASSET',
        notificationId: 'b0000000-0000-4000-8000-000000000002',
        uId,
        notification: { adamId: 9000000004 },
      },
    ])
    const refused = await drive.control('POST', '/worlds/main/notifications/send', {
      uId: '7000000000000010',
      type: 'ASSET_COUNT',
    })
    expect(refused.status).toBe(409)
  })

  test('mistakes are told apart', async () => {
    const status = async (path: string, body: object) =>
      (await drive.control('POST', `/worlds/main/notifications${path}`, body)).status
    await buy(1)
    const { notificationId } = await last()
    expect(await status('/hold', { id: notificationId })).toBe(409)
    expect(await status('/hold', { id: notificationId, type: 'ASSET_COUNT' })).toBe(400)
    expect(await status('/redeliver', { id: 'nothing' })).toBe(404)
    expect(await status('/drop', { type: 'ASSET_COUNTS' })).toBe(400)
  })
})

describe('the gate of TEST_NOTIFICATION (Apple contract 2.3)', () => {
  test('held or dropped it is not taken: 9728, and the old target stays', async () => {
    await apple.control('POST', '/notifications/drop', { type: 'TEST_NOTIFICATION' })
    const { status, json } = await subscribe(['ASSET_COUNT'])
    expect([status, json.errorNumber]).toEqual([400, 9728])
    const config = (await drive.apple('/client/config', await drive.tokenFile(uId))).json
    expect(config.subscribedNotificationTypes).toEqual(all)
    await buy(1)
    expect(told()).toHaveLength(1)
  })

  test('it is tried once, and stands in the log without its secret', async () => {
    receiver.answerWith(503)
    expect((await subscribe(all)).json.errorNumber).toBe(9728)
    await apple.advance(1000)
    expect(receiver.received).toHaveLength(1)
    const sent = await last()
    expect([sent.type, sent.standing, sent.tries.length]).toEqual([
      'TEST_NOTIFICATION',
      'failed',
      1,
    ])
    expect(JSON.stringify(await apple.control('GET', '/notifications'))).not.toContain(secret)
  })
})
