import { describe, expect, test } from 'vitest'
import { app, subscribedWorld, uId } from '../test-subscribed.ts'

const world = subscribedWorld()
const { last, buy } = world

describe('three tries: at once, after 60 and after 240 seconds (Apple contract 11.3 S9)', () => {
  test('refused three times it is given up; every try carries the same id', async () => {
    world.receiver.answerWith(500)
    await buy(1)
    await world.apple.advance(59)
    expect(world.receiver.received).toHaveLength(1)
    expect((await last()).nextTryAt).toBe('2026-12-01T09:01:00.000Z')
    await world.apple.advance(1)
    expect(world.receiver.received).toHaveLength(2)
    await world.apple.advance(180)
    await world.apple.advance(100_000)
    const ids = world.receiver.received.map(({ body }) => body.notificationId)
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
    world.receiver.answerWith('hangUp')
    await buy(1)
    world.receiver.answerWith(302)
    await world.apple.advance(1000)
    expect((await last()).tries.map((attempt: { status: number }) => attempt.status)).toEqual([
      null,
      302,
      302,
    ])
    expect(world.receiver.received).toHaveLength(3)
  })

  test("in a leap the longest due comes first: a new message before an old one's next try", async () => {
    world.receiver.answerWith(500)
    await buy(1)
    await world.apple.post('/users/create', { users: [{ clientUserId: 'n-1' }] })
    world.receiver.answerWith(200)
    await world.apple.advance(1000)
    expect(world.receiver.received.map(({ body }) => body.notificationType)).toEqual([
      'ASSET_COUNT',
      'USER_MANAGEMENT',
      'ASSET_COUNT',
    ])
  })

  test('taken at the second try it is delivered, with any status of the 2xx', async () => {
    world.receiver.answerWith(401)
    await buy(1)
    world.receiver.answerWith(204)
    await world.apple.advance(60)
    await world.apple.advance(1000)
    expect(await last()).toMatchObject({ standing: 'delivered', tries: [{}, { status: 204 }] })
    expect(world.receiver.received).toHaveLength(2)
  })

  test('in a running world they come by themselves', async () => {
    await world.apple.control('POST', '/clock', { mode: 'running' })
    world.receiver.answerWith(500)
    await buy(1)
    expect(world.receiver.received).toHaveLength(1)
    world.drive.passMs(60_000)
    await world.receiver.arrived(2)
    // The next alarm is set once this answer is in.
    await world.apple.control('PATCH', '/settings', {})
    world.drive.passMs(180_000)
    await world.receiver.arrived(3)
  })

  test('a receiver that takes its time does not hold up the data plane', async () => {
    await world.apple.control('PATCH', '/settings', { eventDelaySeconds: 0 })
    world.receiver.answerWith('holdBack')
    await world.apple.post('/assets/associate', { assets: [app], serialNumbers: ['S1'] })
    const token = await world.drive.tokenFile(uId)
    expect((await world.drive.apple('/assignments', token)).json.size).toBe(5)
    await world.receiver.arrived(1)
    expect((await last()).standing).toBe('waiting')
    world.receiver.letGo()
    await world.apple.advance(0)
    expect((await last()).standing).toBe('delivered')
  })

  test('without a URL by the time of the try there is nowhere to bring it', async () => {
    world.receiver.answerWith(500)
    await buy(1)
    await world.apple.post('/client/config', { notificationUrl: '', notificationAuthToken: '' })
    await world.apple.advance(60)
    expect((await last()).standing).toBe('noTarget')
  })
})

test('a snapshot holds what waits: restored, it is brought again', async () => {
  world.receiver.answerWith(500)
  await buy(1)
  await world.apple.control('POST', '/snapshots', { name: 'waiting' })
  world.receiver.answerWith(200)
  await world.apple.advance(60)
  await world.apple.control('POST', '/snapshots/waiting/restore')
  await world.apple.advance(60)
  expect(world.receiver.received).toHaveLength(3)
  expect((await last()).standing).toBe('delivered')
})
