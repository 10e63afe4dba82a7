/** Every number that an event, or a refusal at once, can give for a licence (Apple 4.1): what becomes of it, and what is sent again. */
import { afterEach, describe, expect, test } from 'vitest'
import { millisecondsAt } from '../../src/model/date-time-offset.ts'
import type { StoredIntent } from '../../src/model/license-intent.ts'
import type { LicenseRequest } from '../../src/model/license-request.ts'
import { type LicenseWorld, licenseWorld } from './license-world.ts'

const kiel = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const devices = ['POMSER000003', 'POMSER000004']

let world: LicenseWorld
afterEach(() => world.close())

async function opened(): Promise<LicenseWorld> {
  world = await licenseWorld('small', kiel)
  await world.apple.control('DELETE', '/journal')
  return world
}

const toDevices: LicenseRequest = {
  ...{ action: 'assign', assets: [app], targetKind: 'serialNumber', targets: devices },
}
const script = (outcome: object) => world.apple.control('POST', '/event-scripts', outcome)
const fault = (path: string, action: object, count = 1) =>
  world.apple.control('POST', '/faults', { match: { path: `/mdm/v2/${path}` }, count, action })

async function outcome(intent: StoredIntent): Promise<readonly string[]> {
  const receipts = await world.receipts(intent)
  return receipts.map(({ status, reason, errorNumber }) => [status, reason, errorNumber].join(' '))
}

/** What each write was about, and how many seconds after the first one it was sent. */
async function sent({ record }: StoredIntent): Promise<readonly string[]> {
  const steps = await world.tenant.reads.intents.listSteps(record.id)
  const [first] = steps
  return steps.map(({ write, sentAt }) => {
    const seconds = (millisecondsAt(sentAt) - millisecondsAt(first?.sentAt ?? sentAt)) / 1_000
    const about =
      'users' in write ? write.users.map(({ clientUserId }) => clientUserId) : write.targets
    return `${write.kind} ${about.join(' ')} +${Math.floor(seconds)}`
  })
}

const both = `associate ${devices.join(' ')} +0`
/** Found at the first look, 30 seconds after it was sent; then the pause. */
const again = (pauseSeconds: number) => `associate ${devices[0]} +${30 + pauseSeconds}`
/** Apple does it the second time. */
const late = (pauseSeconds: number) => [
  ['done  0', 'done  0'],
  [both, again(pauseSeconds)],
]
const failed = (reason: string, number: number) => [
  [`failed ${reason} ${number}`, 'done  0'],
  [both],
]
const asWanted = [['done  0', 'done  0'], [both]]

describe('an event that fails for one of two devices', () => {
  test.each([
    [9603, late(300)],
    [9644, late(300)],
    [9626, late(300)],
    [9630, late(900)],
    [9616, asWanted],
    [9709, failed('notEnoughLicences', 9709)],
    [9642, failed('termsNotAccepted', 9642)],
    [9610, failed('licenceGone', 9610)],
    [9706, failed('notRevocable', 9706)],
    [9707, failed('notDeviceAssignable', 9707)],
    [9999, failed('unknownAppleError', 9999)],
  ])('with %i is settled device by device', async (errorNumber, [receipts, writes]) => {
    const { ask, finish } = await opened()
    await script({ failures: [{ errorNumber, take: [devices[0]] }] })
    const intent = await ask(toDevices)
    await finish(intent)
    expect(await outcome(intent)).toEqual(receipts)
    expect(await sent(intent)).toEqual(writes)
  })

  test.each([
    [9644, 5, 'maintenance'],
    [9603, 5, 'appleUnavailable'],
    [9626, 2, 'lockedElsewhere'],
    [9630, 2, 'tooManyIdenticalCalls'],
  ])('with %i each time is asked for %i times', async (errorNumber, times, reason) => {
    const { ask, finish } = await opened()
    await script({ count: 0, failures: [{ errorNumber, take: [devices[0]] }] })
    const intent = await ask(toDevices)
    await finish(intent)
    expect(await outcome(intent)).toEqual([`failed ${reason} ${errorNumber}`, 'done  0'])
    expect(await sent(intent)).toHaveLength(times)
  })

  test('with 9619 has nothing to take back', async () => {
    const { ask, finish } = await opened()
    await script({ failures: [{ errorNumber: 9619, take: 1 }] })
    const from = { kind: 'target', targetKind: 'serialNumber', target: 'POMSER000001' } as const
    const intent = await ask({ action: 'reclaim', from })
    await finish(intent)
    expect(await outcome(intent)).toEqual(['done  0'])
    expect(await sent(intent)).toEqual(['disassociate POMSER000001 +0'])
  })

  test('is settled by what stands at Apple, not by what the event counts', async () => {
    const { ask, finish } = await opened()
    await script({ failures: [{ errorNumber: 9709, take: [devices[0]] }], delaySeconds: 20 })
    const intent = await ask(toDevices)
    await world.runWhenDue(intent.record.tokenId)
    // Given to the device in the meantime: it has its licence, whatever the event says.
    await world.apple.control('POST', `/libraries/${kiel}/assignments`, {
      ...{ assets: [app], serialNumbers: [devices[0]] },
    })
    await finish(intent)
    expect(await outcome(intent)).toEqual(['done  0', 'done  0'])
    expect(await sent(intent)).toEqual([both])
  })
})

describe('a call that Apple refuses at once', () => {
  test.each([
    [9626, 300],
    [9630, 900],
  ])('with %i is made again once, %i seconds later', async (errorNumber, seconds) => {
    const { ask, finish } = await opened()
    await fault('assets/associate', { status: 400, errorNumber })
    const intent = await ask(toDevices)
    await finish(intent)
    expect(await outcome(intent)).toEqual(['done  0', 'done  0'])
    expect(await sent(intent)).toEqual([both, both.replace('+0', `+${seconds}`)])
    expect((await world.apple.control('GET', '/events')).events).toHaveLength(1)
  })
})

describe('a call whose answer was lost, and that is refused when it is made again', () => {
  const lost = { cut: 'beforeHeaders', applyEffect: true }

  test.each([9602, 9645, 9700, 9707])(
    'with %i is settled by what stands there',
    async (errorNumber) => {
      const { ask, finish } = await opened()
      await fault('assets/associate', lost)
      const match = { path: '/mdm/v2/assets/associate' }
      const refusal = { status: 400, errorNumber }
      await world.apple.control('POST', '/faults', { match, nth: 2, count: 1, action: refusal })
      const intent = await ask(toDevices)
      await finish(intent)
      expect(await outcome(intent)).toEqual(['done  0', 'done  0'])
      expect((await world.apple.control('GET', '/events')).events).toHaveLength(1)
    },
  )
})

describe('an event that Apple does not know', () => {
  test.each([
    ['and that was done', true, ['done  0', 'done  0']],
    ['and that was not done', false, ['unknown eventLost 9708', 'unknown eventLost 9708']],
  ])('%s is settled by what stands there, and not sent again', async (_, isDone, receipts) => {
    const { ask, finish } = await opened()
    if (!isDone) await script({ outcome: 'PENDING', count: 0 })
    await fault('status', { status: 400, errorNumber: 9708 })
    const intent = await ask(toDevices)
    await finish(intent)
    expect(await outcome(intent)).toEqual(receipts)
    expect(await sent(intent)).toEqual([both])
  })
})

describe('a user whom Apple knows no longer', () => {
  const targets = ['u-0001', 'u-0003']
  const toUsers: LicenseRequest = {
    ...{ action: 'assign', assets: [macApp], targetKind: 'clientUserId', targets },
  }
  const toBoth = 'associate u-0001 u-0003 +0'

  /** Retired by somebody else since the last sync. */
  async function withoutOne(): Promise<LicenseWorld> {
    const there = await opened()
    const [token] = await there.apple.tokensOf(kiel)
    const response = await fetch(`${there.apple.dataUrl}/users/retire`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token?.file}`, 'content-type': 'application/json' },
      body: JSON.stringify({ users: [{ clientUserId: 'u-0003' }] }),
    })
    expect(response.status).toBe(200)
    there.clock.turn(5_000)
    return there
  }

  test.each([
    ['async', 30],
    ['sync', 0],
  ])('is registered again and gets the licence: %s', async (userNotFound, seconds) => {
    const { ask, finish } = await withoutOne()
    await world.apple.control('PATCH', '/switches', { userNotFound })
    const intent = await ask(toUsers)
    await finish(intent)
    expect(await outcome(intent)).toEqual(['done  0', 'done  0'])
    const steps = await sent(intent)
    expect(steps[0]).toBe(toBoth)
    expect(steps).toContain(`createUsers u-0003 +${seconds}`)
    expect(steps.filter((one) => one.startsWith('associate u-0003 '))).toHaveLength(1)
    const [stored, truth] = await world.views()
    expect(stored).toEqual(truth)
  })

  test('who is there all the same is not registered, and the licence is asked for once more', async () => {
    const { ask, finish } = await opened()
    const match = { path: '/mdm/v2/assets/associate' }
    await script({ match, count: 0, failures: [{ errorNumber: 9609, take: ['u-0003'] }] })
    const intent = await ask(toUsers)
    await finish(intent)
    expect(await outcome(intent)).toEqual(['done  0', 'failed userNotFound 9609'])
    expect(await sent(intent)).toEqual([toBoth, 'associate u-0003 +30'])
  })

  test('is still registered once where the service was cut off in the middle', async () => {
    const { ask, finish, tokenId, tenant } = await withoutOne()
    const intent = await ask(toUsers)
    await world.runWhenDue(tokenId)
    await world.runWhenDue(tokenId)
    const [step] = await tenant.reads.intents.openSteps(intent.record.id)
    expect(step).toMatchObject({ status: 'sent', write: { kind: 'createUsers' } })
    await tenant.transaction(async ({ intents }) => {
      if (step) await intents.updateStep({ ...step, status: 'sending', eventId: null })
    })
    await finish(intent)
    expect(await outcome(intent)).toEqual(['done  0', 'done  0'])
    const path = '/mdm/v2/users/create'
    // The answer that was lost is asked for once more, and no more than that.
    expect(
      await world.brokenRules([{ assert: 'requestCount', match: { method: 'POST', path }, n: 2 }]),
    ).toEqual([])
  })
})
