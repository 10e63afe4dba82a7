/** Apple's way in (Apple 6), request by request: who may tell, about what, how often, and what becomes due by it. */
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { HastenEvent } from '../../src/domain/notifications/receive-notification.ts'
import { Failure } from '../../src/model/failure.ts'
import { newChannel } from '../../src/model/notification-channel.ts'
import { notifyAnswer } from '../../src/notify/notify-answer.ts'
import type { HttpRequest } from '../../src/ports/route.ts'
import { smallScript } from './scripted-apple.ts'
import { type SyncWorld, worldWithToken } from './sync-world.ts'

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
const location = '7000000000000001'

describe('a notification', () => {
  let world: SyncWorld
  let id: string
  let wakes = 0
  const hastened: string[] = []
  const hastenEvent: HastenEvent = async (_, { locationId, eventId }) => {
    hastened.push(`${locationId} ${eventId}`)
  }
  beforeEach(async () => {
    ;({ world, id } = await worldWithToken(smallScript()))
    expect(await world.run()).toBe('completed')
    wakes = 0
    hastened.length = 0
    await world.tenant.transaction(({ channels }) =>
      channels.put({
        ...newChannel('n-01', id),
        ...{ url: 'https://x.example', secretHash: hashOf('old'), pendingHash: hashOf('new') },
      }),
    )
    world.clock.turn(60_000)
  })

  const message = (part: object = {}) => ({
    ...{ notificationType: 'ASSET_COUNT', notificationId: 'b-1', uId: location },
    ...{ notification: { adamId: '9000000001' }, ...part },
  })
  async function tell(
    body: unknown,
    { authorization = 'Bearer new', target = '/apple/notify/n-01', method = 'POST' } = {},
  ): Promise<number> {
    const answer = notifyAnswer({ ...world.deps, hastenEvent, onDue: () => (wakes += 1) })
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const request: HttpRequest = {
      ...{ id: 'r', method, target, headers: { authorization } },
      ...{ origin: 'https://x.example', remoteAddress: '17.0.0.1' },
      readBody: async (limit) => {
        const bytes = Buffer.from(text)
        if (bytes.length > limit) throw new Failure('payloadTooLarge', 'too large')
        return bytes
      },
    }
    return (await answer(request)).status
  }
  const isDue = async () => (await world.takeDue()).length > 0

  test('makes the token due after a moment, with a run that says why', async () => {
    expect(await tell(message())).toBe(200)
    expect(wakes).toBe(1)
    expect(await isDue()).toBe(false)
    world.clock.turn(5_000)
    expect(await world.run()).toBe('completed')
    expect((await world.runsOf(id))[0]).toBe('notification completed')
  })

  test('counts under the old and the new secret while a call is open, and under no other', async () => {
    expect(await tell(message(), { authorization: 'Bearer old' })).toBe(200)
    expect(await tell(message({ notificationId: 'b-2' }))).toBe(200)
    for (const authorization of ['Bearer other', 'Bearer ', 'Basic new', 'new', ''])
      expect([authorization, await tell(message(), { authorization })]).toEqual([
        authorization,
        401,
      ])
    const other = { target: '/apple/notify/n-02' }
    expect(await tell(message(), other)).toBe(401)
    await world.tenant.transaction(async ({ channels }) =>
      channels.put({ ...newChannel('n-01', id), secretHash: hashOf('new') }),
    )
    expect(await tell(message(), { authorization: 'Bearer old' })).toBe(401)
  })

  test.each([
    ['of another location', message({ uId: '7000000000000002' }), 403],
    ['that is no JSON', '{', 400],
    ['without its members', {}, 400],
    ['of more than 1 MiB', `"${'x'.repeat(1_024 * 1_024)}"`, 413],
  ])('%s is refused', async (_, body, status) => {
    expect(await tell(body)).toBe(status)
    expect([wakes, await isDue()]).toEqual([0, false])
  })

  test('by another verb than POST is refused', async () => {
    expect(await tell(message(), { method: 'PUT' })).toBe(405)
  })

  test('that came before is taken and does nothing, until it is forgotten', async () => {
    expect([await tell(message()), await tell(message())]).toEqual([200, 200])
    expect(wakes).toBe(1)
    world.clock.turn(24 * 3_600_000 + 1)
    expect(await tell(message())).toBe(200)
    expect(wakes).toBe(2)
  })

  test('of a type that nobody knows is taken and told of; a test says nothing', async () => {
    expect(await tell(message({ notificationType: 'UNLIMITED_ASSET' }))).toBe(200)
    expect(world.observed.at(-1)).toMatchObject({
      ...{ kind: 'notificationUnknown', tokenId: id, type: 'UNLIMITED_ASSET' },
    })
    const test = message({ notificationType: 'TEST_NOTIFICATION', notificationId: 'b-2' })
    expect(await tell(test)).toBe(200)
    expect([wakes, await isDue()]).toEqual([0, false])
  })

  test('of types that nobody knows stands in the record of the next run, and in that one alone', async () => {
    const types = ['UNLIMITED_ASSET', 'SUBSCRIPTION_COUNT', 'UNLIMITED_ASSET', `X${'x'.repeat(99)}`]
    for (const [at, notificationType] of types.entries())
      expect(await tell(message({ notificationType, notificationId: `b-${at}` }))).toBe(200)
    expect((await world.lastRun(id)).unknownFields).toEqual(['novelty'])
    const recorded = [
      'novelty',
      'notification.notificationType=UNLIMITED_ASSET',
      'notification.notificationType=SUBSCRIPTION_COUNT',
      `notification.notificationType=X${'x'.repeat(79)}`,
    ]
    for (const unknownFields of [recorded, ['novelty']]) {
      await world.turnToDue(id)
      expect(await world.run()).toBe('completed')
      expect((await world.lastRun(id)).unknownFields).toEqual(unknownFields)
    }
  })

  test('of a type that nobody knows, come in the middle of a run that is overtaken, waits for the next record', async () => {
    await world.turnToDue(id)
    const [script] = world.apple.scripts.values()
    if (!script) throw new Error('no script')
    script.beforeConfig = async () => {
      delete script.beforeConfig
      await tell(message({ notificationType: 'UNLIMITED_ASSET' }))
      await world.tenant.transaction(({ tokens }) => tokens.raiseFence(id))
    }
    expect(await world.run()).toBe('superseded')
    await world.run()
    expect((await world.lastRun(id)).unknownFields).toContain(
      'notification.notificationType=UNLIMITED_ASSET',
    )
  })

  test('of an event reaches whoever waits for that', async () => {
    const notification = { eventId: 'e-1', type: 'ASSOCIATE', result: 'SUCCESS' }
    expect(await tell(message({ notificationType: 'ASSET_MANAGEMENT', notification }))).toBe(200)
    expect(hastened).toEqual([`${location} e-1`])
  })

  test('right after a sync waits half a minute, however many come', async () => {
    await tell(message())
    world.clock.turn(5_000)
    await world.run()
    for (let number = 0; number < 20; number += 1)
      await tell(message({ notificationId: `c-${number}` }))
    world.clock.turn(29_000)
    expect(await isDue()).toBe(false)
    world.clock.turn(1_000)
    expect(await world.run()).toBe('completed')
    expect((await world.runsOf(id)).slice(0, 2)).toEqual([
      ...['notification completed', 'notification completed'],
    ])
  })

  test('in the middle of a run makes another one follow', async () => {
    await tell(message())
    world.clock.turn(5_000)
    const [taken] = await world.takeDue()
    if (!taken) throw new Error('not due')
    const script = [...world.apple.scripts.values()][0]
    if (!script) throw new Error('no script')
    script.beforeConfig = async () => {
      delete script.beforeConfig
      await tell(message({ notificationId: 'b-2' }))
    }
    expect(await world.runTaken(taken)).toBe('completed')
    await world.turnToDue(id)
    expect(world.clock.now().toISOString()).toBe('2026-12-01T09:01:10.001Z')
    expect(await world.run()).toBe('completed')
  })
})
