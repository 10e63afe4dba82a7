import { describe, expect, test } from 'vitest'
import { all, app, secret, subscribedWorld, uId } from '../test-subscribed.ts'
import { writesOf } from '../test-writes.ts'

const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const serials = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`)
const world = subscribedWorld()
const { subscribe, log, told, buy } = world

describe('what a location is told (Apple contract 6)', () => {
  test('an event: success and failure apart, with the bearer, in the envelope', async () => {
    const serialNumbers = serials(6)
    await world.apple.post('/assets/associate', { assets: [macApp], serialNumbers })
    await world.apple.advance(1)
    expect(world.receiver.received).toEqual([])
    await world.apple.advance(1)
    const eventId = 'e0000000-0000-4000-8000-000000000001'
    const row = (serialNumber: string) => ({ ...macApp, serialNumber })
    expect(world.receiver.received).toEqual([
      {
        authorization: `Bearer ${secret}`,
        body: {
          notificationType: 'ASSET_MANAGEMENT',
          notificationId: 'b0000000-0000-4000-8000-000000000002',
          uId,
          notification: {
            eventId,
            type: 'ASSOCIATE',
            result: 'SUCCESS',
            assignments: serialNumbers.slice(0, 5).map(row),
          },
        },
      },
      {
        authorization: `Bearer ${secret}`,
        body: {
          notificationType: 'ASSET_MANAGEMENT',
          notificationId: 'b0000000-0000-4000-8000-000000000003',
          uId,
          notification: {
            eventId,
            type: 'ASSOCIATE',
            result: 'FAILURE',
            assignments: [row('S5')],
            error: { errorNumber: 9709, errorMessage: 'Too few licences.' },
          },
        },
      },
    ])
  })

  test('at most a hundred elements in one message: 150 assignments make two', async () => {
    const body = { assets: [{ adamId: '9000000004' }], serialNumbers: serials(150) }
    await world.apple.ended('/assets/associate', body)
    expect(told().map(({ result, assignments }) => [result, assignments.length])).toEqual([
      ['SUCCESS', 100],
      ['SUCCESS', 50],
    ])
    expect(told()[1].assignments[49]).toEqual({
      adamId: '9000000004',
      pricingParam: 'STDQ',
      serialNumber: 'S149',
    })
  })

  test('one error in a message: two numbers make two messages', async () => {
    const failures = [{ errorNumber: 9644, take: ['S0'] }]
    await world.apple.control('POST', '/event-scripts', { failures })
    const body = { assets: [app], clientUserIds: ['u-0099'], serialNumbers: ['S0'] }
    await world.apple.ended('/assets/associate', body)
    expect(
      told().map(({ result, error, assignments }) => [
        result,
        error.errorNumber,
        assignments[0].clientUserId ?? assignments[0].serialNumber,
      ]),
    ).toEqual([
      ['FAILURE', 9609, 'u-0099'],
      ['FAILURE', 9644, 'S0'],
    ])
  })

  test('users, with the invitation that a retired one had', async () => {
    await world.apple.ended('/users/retire', {
      users: [{ clientUserId: 'u-0003' }, { clientUserId: 'u-0099' }],
    })
    expect(told()).toEqual([
      {
        eventId: 'e0000000-0000-4000-8000-000000000001',
        type: 'RETIRE',
        result: 'SUCCESS',
        users: [
          {
            clientUserId: 'u-0003',
            email: 'u-0003@harbour.example',
            inviteCode: '00000000000000000000000000000003',
            status: 'Retired',
          },
        ],
      },
      {
        eventId: 'e0000000-0000-4000-8000-000000000001',
        type: 'RETIRE',
        result: 'FAILURE',
        users: [{ clientUserId: 'u-0099' }],
        error: { errorNumber: 9609, errorMessage: 'No such registered user.' },
      },
    ])
  })

  test('an accepted invitation, exactly as in the sample but for the made-up hash', async () => {
    await world.apple.control('POST', `/libraries/${uId}/users/u-0003/accept-invite`, {
      account: 'u3@private.example',
    })
    expect(world.receiver.received.map(({ body }) => body)).toEqual([
      {
        notificationType: 'USER_ASSOCIATED',
        notificationId: 'b0000000-0000-4000-8000-000000000002',
        uId,
        notification: {
          associatedUsers: [
            {
              clientUserId: 'u-0003',
              email: 'u-0003@harbour.example',
              idHash: 'bWFkZS11cC1oYXNoIG9mIHUzQHByaXZhdGUuZXhhbXBsZQ==',
              inviteCode: '00000000000000000000000000000003',
              status: 'Associated',
            },
          ],
        },
      },
    ])
  })

  test('counts: bought, refunded, made unlimited; a transfer at both ends', async () => {
    const count = (adamId: string, countDelta: number) => ({
      adamId,
      pricingParam: 'STDQ',
      countDelta,
    })
    await buy(3)
    await world.apple.control('POST', `/libraries/${uId}/refund`, { ...app, quantity: 2 })
    await world.apple.control('POST', `/libraries/${uId}/buy`, { ...macApp, quantity: 'unlimited' })
    expect(told()).toEqual([
      count('9000000001', 3),
      count('9000000001', -2),
      count('9000000002', 2147483642),
    ])
    const other = '7000000000000010'
    const there = writesOf(world.drive, await world.drive.tokenFile(other), other)
    await there.post('/client/config', {
      notificationUrl: world.receiver.url,
      notificationAuthToken: 'made-up-secret-10',
      notificationTypes: all,
    })
    world.receiver.received.length = 0
    await world.apple.control('POST', '/transfers', {
      fromUId: uId,
      toUId: other,
      ...app,
      quantity: 9,
    })
    const deltas = world.receiver.received.map(({ body }) => [
      body.uId,
      body.notification.countDelta,
    ])
    expect(deltas.sort()).toEqual([
      [uId, -9],
      [other, 9],
    ])
    expect(await world.apple.counts('9000000001')).toEqual([2, 0, 2, 0])
    expect(await there.counts('9000000001')).toEqual([9, 9, 0, 0])
  })

  test("another server's writes, those in the middle of a walk too", async () => {
    const pairs = { assets: [app], serialNumbers: ['S1', 'POMSER000001'] }
    await world.apple.control('POST', `/libraries/${uId}/assignments`, pairs)
    await world.apple.control('POST', '/walk-scripts', {
      endpoint: 'users',
      beforePage: 0,
      writes: [{ write: 'retireUsers', users: [{ clientUserId: 'u-0001' }] }],
    })
    await world.drive.apple('/users', await world.drive.tokenFile(uId))
    await world.apple.advance(0)
    expect(told().map(({ type, assignments, users }) => [type, assignments ?? users])).toEqual([
      ['ASSOCIATE', [{ ...app, serialNumber: 'S1' }]],
      ['RETIRE', [expect.objectContaining({ clientUserId: 'u-0001', status: 'Retired' })]],
    ])
  })

  test('only what was asked for, and nothing without a URL', async () => {
    await subscribe(['USER_MANAGEMENT'])
    await buy(1)
    await world.apple.post('/client/config', { notificationUrl: '', notificationAuthToken: '' })
    await world.apple.ended('/users/create', { users: [{ clientUserId: 'n-1' }] })
    expect((await log()).map((sent: { type: string }) => sent.type)).toEqual([
      'TEST_NOTIFICATION',
      'TEST_NOTIFICATION',
    ])
  })
})
