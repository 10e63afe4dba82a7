import { describe, expect, test } from 'vitest'
import { all, secret, subscribedWorld, uId } from '../test-subscribed.ts'

const world = subscribedWorld()
const { subscribe, log, last, told, buy } = world

describe('hold, drop, duplicate, reorder (Apple contract 11.3 S9, 11.5)', () => {
  test('what is held comes when it is redelivered, in the order you like', async () => {
    await world.apple.control('POST', '/notifications/hold', { type: 'ASSET_COUNT', count: 2 })
    await buy(1)
    await buy(2)
    await buy(3)
    expect(told().map(({ countDelta }) => countDelta)).toEqual([3])
    const [, first, second] = await log()
    expect([first.standing, second.standing]).toEqual(['held', 'held'])
    for (const { notificationId } of [second, first]) {
      await world.apple.control('POST', '/notifications/redeliver', { id: notificationId })
    }
    expect(told().map(({ countDelta }) => countDelta)).toEqual([3, 2, 1])
  })

  test('what is delivered comes twice with the same id when it is redelivered', async () => {
    await buy(1)
    const { notificationId } = await last()
    await world.apple.control('POST', '/notifications/redeliver', { id: notificationId })
    expect(world.receiver.received.map(({ body }) => body.notificationId)).toEqual([
      notificationId,
      notificationId,
    ])
  })

  test('what is dropped never comes, waiting ones too', async () => {
    await world.apple.control('POST', '/notifications/drop', { nth: 2 })
    await buy(1)
    await buy(2)
    world.receiver.answerWith(500)
    await buy(3)
    const { notificationId } = await last()
    await world.apple.control('POST', '/notifications/drop', { id: notificationId })
    await world.apple.advance(1000)
    expect(told().map(({ countDelta }) => countDelta)).toEqual([1, 3])
    expect((await log()).map((sent: { standing: string }) => sent.standing)).toEqual([
      'delivered',
      'delivered',
      'dropped',
      'dropped',
    ])
  })

  test('rules are listed, and lifted all together', async () => {
    await world.apple.control('POST', '/notifications/hold', { uId, count: 0 })
    expect((await world.apple.control('GET', '/notifications')).rules).toEqual([
      { action: 'hold', type: null, uId, nth: 1, count: 0, seen: 0 },
    ])
    await world.apple.control('DELETE', '/notifications/rules')
    await buy(1)
    expect(told()).toHaveLength(1)
  })

  test('a message of your own goes to the one location that can be told', async () => {
    await world.apple.control('POST', '/notifications/send', {
      type: 'UNLIMITED_ASSET',
      body: { adamId: 9000000004 },
    })
    expect(world.receiver.received.map(({ body }) => body)).toEqual([
      {
        notificationType: 'UNLIMITED_ASSET',
        notificationId: 'b0000000-0000-4000-8000-000000000002',
        uId,
        notification: { adamId: 9000000004 },
      },
    ])
    const refused = await world.drive.control('POST', '/worlds/main/notifications/send', {
      uId: '7000000000000010',
      type: 'ASSET_COUNT',
    })
    expect(refused.status).toBe(409)
  })

  test('mistakes are told apart', async () => {
    const status = async (path: string, body: object) =>
      (await world.drive.control('POST', `/worlds/main/notifications${path}`, body)).status
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
    await world.apple.control('POST', '/notifications/drop', { type: 'TEST_NOTIFICATION' })
    const { status, json } = await subscribe(['ASSET_COUNT'])
    expect([status, json.errorNumber]).toEqual([400, 9728])
    const config = (await world.drive.apple('/client/config', await world.drive.tokenFile(uId)))
      .json
    expect(config.subscribedNotificationTypes).toEqual(all)
    await buy(1)
    expect(told()).toHaveLength(1)
  })

  test('it is tried once, and stands in the log without its secret', async () => {
    world.receiver.answerWith(503)
    expect((await subscribe(all)).json.errorNumber).toBe(9728)
    await world.apple.advance(1000)
    expect(world.receiver.received).toHaveLength(1)
    const sent = await last()
    expect([sent.type, sent.standing, sent.tries.length]).toEqual([
      'TEST_NOTIFICATION',
      'failed',
      1,
    ])
    expect(JSON.stringify(await world.apple.control('GET', '/notifications'))).not.toContain(secret)
  })
})
