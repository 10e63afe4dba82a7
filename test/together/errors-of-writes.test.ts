/**
 * Apple 4.1 from a refused write to its receipt and the token's state: one number of each row of the table (that all numbers of a
 * row mean the same to every call is shown in src/apple/errors.test.ts), at every call that work on licences and claims makes.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LicenseWorld, licenseWorld } from './license-world.ts'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000001'
/** There is no end of it. */
const app = { adamId: '9000000004', pricingParam: 'STDQ' }

/** How often the call is made, the receipt in the end, and what the token says then. */
type Row = readonly [
  errorNumber: number,
  httpStatus: number,
  calls: number,
  receipt: string,
  stateReason?: string,
]
const failed = (reason: string, number = 0) => `failed ${reason} ${number}`
const done = 'done null 0'
/** A verdict that the syncs between do not share is asked for three times. */
const refused = (number: number) => failed('tokenRefused', number)

const rows: readonly Row[] = [
  ...([9601, 9621, 9625] as const).map((number): Row => [number, 401, 3, refused(number)]),
  [9622, 200, 3, refused(9622)],
  [9622, 401, 3, refused(9622)],
  [9647, 403, 3, refused(9647)],
  [9999, 401, 3, refused(9999)],
  [9634, 410, 3, refused(9634)],
  [9602, 400, 1, failed('clientDefect', 9602)],
  [9703, 400, 1, failed('clientDefect', 9703)],
  [9722, 401, 1, failed('clientDefect', 9722)],
  [9650, 400, 1, failed('clientDefect', 9650)],
  [9721, 400, 1, failed('clientDefect', 9721)],
  // Limits are looked at again, and what is within them sent once more.
  ...([9700, 9701, 9702, 9714] as const).map(
    (number): Row => [number, 400, 2, failed('clientDefect', number)],
  ),
  // These pass after five tries: the sixth comes five minutes later and is taken.
  [9603, 500, 6, done],
  [9644, 503, 6, done],
  [9646, 429, 6, done],
  [9729, 503, 6, done],
  [9999, 429, 6, done],
  [9999, 500, 6, done],
  [9609, 400, 1, failed('userNotFound', 9609)],
  [9635, 400, 1, failed('accountNotApplicable', 9635)],
  [9641, 400, 1, failed('accountAlreadyBound', 9641)],
  [9637, 403, 1, failed('insufficientRights', 9637), 'insufficientRights'],
  [9716, 400, 1, done],
  [9645, 403, 1, failed('heldByOtherMdm', 9645), 'heldByOtherMdm'],
  [9706, 400, 1, failed('notRevocable', 9706)],
  [9707, 400, 1, failed('notDeviceAssignable', 9707)],
  [9708, 400, 1, failed('eventLost', 9708)],
  [9709, 400, 1, failed('notEnoughLicences', 9709)],
  [9717, 400, 1, failed('badEmail', 9717)],
  [9710, 400, 1, failed('unknownAppleError', 9710)],
  [9811, 400, 1, failed('unknownAppleError', 9811)],
  [9999, 400, 1, failed('unknownAppleError', 9999)],
  [9607, 400, 1, failed('notRevocable', 9607)],
  [9610, 400, 1, failed('licenceGone', 9610)],
  [9616, 400, 1, done],
  [9618, 400, 1, failed('userNotFound', 9618)],
  [9628, 400, 1, failed('notDeviceAssignable', 9628)],
  [9642, 400, 1, failed('termsNotAccepted', 9642)],
  // Once more after their pause.
  [9626, 400, 2, failed('lockedElsewhere', 9626)],
  [9630, 400, 2, failed('tooManyIdenticalCalls', 9630)],
]

interface Entry {
  readonly method: string
  readonly path: string
}

describe('a write that Apple refuses with', () => {
  let world: LicenseWorld
  const writeCalls = [
    'assets/associate',
    'assets/disassociate',
    'users/create',
    'users/update',
    'users/retire',
  ]
  beforeAll(async () => {
    world = await licenseWorld('small', uId)
    const users = rows.map((_, index) => ({ clientUserId: `retiring-${index}` }))
    await world.finish(await world.ask({ action: 'createUsers', users }))
  })
  afterAll(() => world.close())

  const reason = async () => (await world.token(world.tokenId)).record.stateReason
  const callsOf = async (call: string): Promise<number> =>
    (await world.apple.control('GET', '/journal')).entries.filter(
      ({ method, path }: Entry) => method === 'POST' && path === `/mdm/v2/${call}`,
    ).length
  const fault = (call: string, action: object, count: number) =>
    world.apple.control('POST', '/faults', {
      ...{ id: call.replace('/', '-'), match: { path: `/mdm/v2/${call}` }, count, action },
    })
  const relent = (call: string) =>
    world.apple.control('DELETE', `/faults/${call.replace('/', '-')}`)
  const receiptOf = async (intent: Parameters<LicenseWorld['finish']>[0]) => {
    await world.finish(intent)
    const receipts = await world.receipts(intent)
    return receipts.map(({ status, reason, errorNumber }) => `${status} ${reason} ${errorNumber}`)
  }
  const assign = (target: string) =>
    world.ask({ action: 'assign', assets: [app], targetKind: 'serialNumber', targets: [target] })

  test.each(rows.map((row, index) => [row[0], row[1], index, row] as const))(
    '%i and HTTP %i',
    async (_number, _status, index, [errorNumber, status, calls, receipt, told = 'ok']) => {
      const held = `OLD${index}`
      await world.apple.control('POST', `/libraries/${uId}/assignments`, {
        ...{ assets: [app], serialNumbers: [held] },
      })
      await world.requestSync(world.tokenId)
      await world.runWhenDue(world.tokenId)
      await world.apple.control('DELETE', '/journal')
      for (const call of writeCalls)
        await fault(call, { errorNumber, status }, receipt === done && calls > 1 ? 5 : 0)

      const email = `mail-${index}@harbour.example`
      const from = { kind: 'target', targetKind: 'serialNumber', target: held } as const
      const intents = [
        await assign(`NEW${index}`),
        await world.ask({ action: 'reclaim', from }),
        await world.ask({ action: 'createUsers', users: [{ clientUserId: `new-${index}` }] }),
        await world.ask({ action: 'updateUsers', users: [{ clientUserId: 'u-0003', email }] }),
        await world.ask({ action: 'retireUsers', users: [{ clientUserId: `retiring-${index}` }] }),
      ]
      for (const [at, intent] of intents.entries()) {
        const call = writeCalls[at] ?? ''
        expect([call, await receiptOf(intent)]).toEqual([call, [receipt]])
        expect([call, await callsOf(call)]).toEqual([call, calls])
      }
      const { record } = await world.token(world.tokenId)
      const state = told === 'heldByOtherMdm' ? 'assignedToExternalMDM' : 'valid'
      if (calls < 3) expect([record.state, record.stateReason]).toEqual([state, told])
      expect(
        await world.brokenRules([{ assert: 'maxParallel' }, { assert: 'tokenVerbatim' }]),
      ).toEqual([])

      for (const call of writeCalls) await relent(call)
      if ((await reason()) !== 'ok')
        expect(await receiptOf(await assign(`GOOD${index}`))).toEqual([done])
      expect(await reason()).toBe('ok')
    },
  )

  test('9722 stops the parcels that were to follow: one call, and a receipt for every pair', async () => {
    await world.apple.control('DELETE', '/journal')
    await world.apple.control('PATCH', '/settings', { limits: { maxSerialNumbers: 1 } })
    world.clock.turn(5 * 60_000)
    await fault('assets/associate', { errorNumber: 9722, status: 401 }, 1)
    const targets = ['PARCEL1', 'PARCEL2', 'PARCEL3']
    const intent = await world.ask({
      ...{ action: 'assign', assets: [app], targetKind: 'serialNumber', targets },
    })
    expect(await receiptOf(intent)).toEqual(targets.map(() => failed('clientDefect', 9722)))
    expect(await callsOf('assets/associate')).toBe(1)
    const ended = await world.tenant.reads.intents.find(intent.record.id)
    expect(ended?.record.message).toMatch(/\(9722\)\. This is a fault in Pomona/)
    expect(await reason()).toBe('ok')
    await world.apple.control('PATCH', '/settings', { limits: { maxSerialNumbers: 1_000 } })
    world.clock.turn(5 * 60_000)
  })

  /** What the event itself says of the pair (Apple 2.8, "async"). */
  test.each([
    [9601, 1, failed('tokenRefused', 9601)],
    [9602, 1, failed('clientDefect', 9602)],
    [9609, 1, failed('userNotFound', 9609)],
    [9634, 1, failed('unknownAppleError', 9634)],
    [9635, 1, failed('accountNotApplicable', 9635)],
    [9637, 1, failed('insufficientRights', 9637)],
    [9641, 1, failed('accountAlreadyBound', 9641)],
    [9645, 1, failed('heldByOtherMdm', 9645)],
    [9706, 1, failed('notRevocable', 9706)],
    [9707, 1, failed('notDeviceAssignable', 9707)],
    [9709, 1, failed('notEnoughLicences', 9709)],
    [9717, 1, failed('badEmail', 9717)],
    [9607, 1, failed('notRevocable', 9607)],
    [9610, 1, failed('licenceGone', 9610)],
    [9618, 1, failed('userNotFound', 9618)],
    [9628, 1, failed('notDeviceAssignable', 9628)],
    [9642, 1, failed('termsNotAccepted', 9642)],
    [9999, 1, failed('unknownAppleError', 9999)],
    // As wanted, whatever Apple calls it.
    [9616, 1, done],
    [9619, 1, done],
    [9716, 1, done],
    // A new event after a pause.
    ...[9603, 9644, 9646, 9729, 9626, 9643, 9630].map((number) => [number, 2, done] as const),
  ] as const)('%i in its event: %i calls, %s', async (errorNumber, calls, receipt) => {
    await world.apple.control('DELETE', '/journal')
    await world.apple.control('POST', '/event-scripts', { failures: [{ errorNumber, take: 1 }] })
    expect(await receiptOf(await assign(`EVENT${errorNumber}`))).toEqual([receipt])
    expect(await callsOf('assets/associate')).toBe(calls)
    expect(await reason()).toBe('ok')
  })

  /** The licence is taken all the same: whoever cannot ask about the event looks at what stands there. */
  test.each([
    // A number that stays: asked at 30 s, then five minutes later, then given up at ten minutes.
    ...[9602, 9609, 9637, 9722, 9999].map((number) => [number, 0, 2, done] as const),
    ...[9603, 9646, 9729].map((number) => [number, 5, 6, done] as const),
    [9630, 0, 1, done],
    [9708, 0, 1, done],
    // Nobody may look any more.
    ...[9601, 9634, 9645, 9647].map(
      (number) => [number, 0, 3, `unknown tokenRefused ${number}`] as const,
    ),
  ] as const)(
    '%i at its status, %i times: %i calls, %s',
    async (errorNumber, times, calls, receipt) => {
      await world.apple.control('DELETE', '/journal')
      await fault('status', { errorNumber }, times)
      expect(await receiptOf(await assign(`STATUS${errorNumber}`))).toEqual([receipt])
      expect(await callsOf('assets/associate')).toBe(1)
      const asked = (await world.apple.control('GET', '/journal')).entries
      expect(asked.filter(({ path }: Entry) => path === '/mdm/v2/status')).toHaveLength(calls)
      await relent('status')
    },
  )
})

describe('a claim that Apple refuses with', () => {
  const free = '7000000000000021'
  let world: TurnedWorld
  let file = ''
  beforeAll(async () => {
    world = await turnedWorld(['external-mdm'])
    const issued = { account: 'b1@harbour.example', expiresAt: '2040-01-01T00:00:00Z' }
    file = (await world.apple.control('POST', `/libraries/${free}/tokens`, issued)).file
  })
  afterAll(() => world.close())

  const still = 'valid unclaimed'
  test.each([
    [9601, 401, 'failed', 'invalid loginRequired', 1],
    [9621, 401, 'failed', 'expired expired', 1],
    [9622, 200, 'failed', 'invalid rejectedByApple', 1],
    [9625, 401, 'failed', 'invalid revokedByApple', 1],
    [9647, 403, 'failed', 'invalid legacyToken', 1],
    [9645, 403, 'failed', 'assignedToExternalMDM heldByOtherMdm', 1],
    [9999, 401, 'failed', 'invalid unknownAppleError', 1],
    [9634, 410, 'failed', still, 1],
    [9603, 500, 'failed', still, 5],
    [9644, 503, 'failed', still, 5],
    [9646, 429, 'failed', still, 5],
    [9729, 503, 'failed', still, 5],
    [9999, 429, 'failed', still, 5],
    [9999, 503, 'failed', still, 5],
    [9630, 400, 'failed', still, 1],
    // How the content token was sent is at fault: whatever else is asked meets the same.
    [9722, 401, 'failed', still, 1],
    // A refusal of the claim alone: reading goes on, and the reason is kept with the location.
    ...[9602, 9650, 9700, 9703, 9713, 9718, 9721, 9723, 9724, 9725, 9726, 9727].map(
      (number) => [number, 400, 'clientDefect', still, 1] as const,
    ),
    ...[9710, 9711, 9712, 9728].map(
      (number) => [number, 400, 'notificationsOff', still, 1] as const,
    ),
    [9637, 403, 'insufficientRights', still, 1],
    ...[9609, 9706, 9707, 9708, 9709, 9716, 9717, 9811, 9616, 9626, 9999].map(
      (number) => [number, 400, 'unknownAppleError', still, 1] as const,
    ),
  ] as const)('%i and HTTP %i: %s, %s, %i calls', async (...row) => {
    const [errorNumber, status, outcome, told, calls] = row
    const id = await world.addToken(file)
    expect(await world.run()).toBe('completed')
    await world.apple.control('POST', '/faults', {
      ...{ id: 'refusal', match: { method: 'POST' }, count: 0, action: { errorNumber, status } },
    })
    await world.apple.control('DELETE', '/journal')
    await world.updateToken(id, { claimTokenManagementFromExternalMdm: true })
    expect(await world.run()).toBe(outcome === 'failed' ? 'failed' : 'completed')
    const { record } = await world.token(id)
    expect(`${record.state} ${record.stateReason}`).toBe(told)
    // Nothing was changed at Apple, and the wish stays.
    expect(record.claimTokenManagementFromExternalMdm).toBe(true)
    const ownership = await world.tenant.reads.ownership.find(free)
    expect(ownership).toMatchObject({ state: 'observe', confirmAt: null })
    if (outcome !== 'failed')
      expect(ownership?.finding).toMatchObject({ reason: outcome, errorNumber })
    const posts = { assert: 'requestCount', match: { method: 'POST' }, n: calls }
    expect(await world.brokenRules([posts])).toEqual([])
    await world.apple.control('DELETE', '/faults/refusal')
    await world.removeToken(id)
    // Pauses are over.
    world.clock.turn(3_600_000)
  })
})
