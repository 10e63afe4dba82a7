/** Work on licences against the simulator, on a turned clock: what was asked for is done, told, and true in both places. */
import { afterEach, describe, expect, test } from 'vitest'
import { hastenEvent } from '../../src/domain/licenses/hasten-event.ts'
import { instantOf, instantPlus } from '../../src/model/date-time-offset.ts'
import { newChannel } from '../../src/model/notification-channel.ts'
import { isEnded, type LicenseWorld, licenseWorld } from './license-world.ts'

const kiel = '7000000000000001'
const sassnitz = '7000000000000050'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const book = { adamId: '9000000003', pricingParam: 'PLUS' }
const scarce = { adamId: '9000050001', pricingParam: 'STDQ' }

let world: LicenseWorld
afterEach(() => world.close())

async function at(seed: string, uId: string): Promise<LicenseWorld> {
  world = await licenseWorld(seed, uId)
  await world.apple.control('DELETE', '/journal')
  return world
}

const onDevices = (targets: readonly string[], assets = [app]) =>
  ({ action: 'assign', assets, targetKind: 'serialNumber', targets }) as const

async function expectTruth(): Promise<void> {
  const [stored, truth] = await world.views()
  expect(stored).toEqual(truth)
}

const conduct = [
  { assert: 'tokenVerbatim' },
  { assert: 'pollSpacing', seconds: 30, giveUp: 600 },
  { assert: 'maxRate', perSecond: 12, clock: 'virtual' },
  { assert: 'maxParallel', n: 5 },
  { assert: 'maxTries', n: 5 },
]
const writes = (n: number, path = '/mdm/v2/assets/associate') => ({
  ...{ assert: 'requestCount', match: { method: 'POST', path }, n },
})

const reasons = async (intent: Parameters<LicenseWorld['receipts']>[0]) =>
  (await world.receipts(intent)).map(({ status, reason, errorNumber }) =>
    [status, reason, errorNumber].join(' '),
  )

describe('an assignment', () => {
  test('of one app to one device is asked for, followed and closed with a receipt', async () => {
    const { ask, finish, receipts } = await at('small', kiel)
    const intent = await ask(onDevices(['POMSER000003']))
    const ended = await finish(intent)
    expect(ended.record).toMatchObject({
      ...{ status: 'done', totalCount: 1, doneCount: 1, failedCount: 0, message: null },
    })
    expect(await receipts(intent)).toEqual([
      {
        ...{ ...app, serialNumber: 'POMSER000003', clientUserId: null },
        ...{ status: 'done', reason: null, errorNumber: 0, message: null },
      },
    ])
    await expectTruth()
    expect(await world.brokenRules([...conduct, writes(1)])).toEqual([])
  })

  test('sends only what is wanted, as rectangles, and says why the rest is not sent', async () => {
    const { ask, finish } = await at('small', kiel)
    // The first device has the app already; a book goes to no device.
    const intent = await ask(onDevices(['POMSER000001', 'POMSER000003'], [app, macApp, book]))
    const ended = await finish(intent)
    expect(ended.record).toMatchObject({
      ...{ status: 'incomplete', totalCount: 6, doneCount: 3, skippedCount: 1, failedCount: 2 },
    })
    expect((await reasons(intent)).sort()).toEqual([
      ...Array(3).fill('done  0'),
      ...Array(2).fill('failed notDeviceAssignable 0'),
      'skipped alreadyDone 0',
    ])
    const wanted = [
      { ...app, serialNumber: 'POMSER000003' },
      { ...macApp, serialNumber: 'POMSER000001' },
      { ...macApp, serialNumber: 'POMSER000003' },
    ]
    expect(await world.brokenRules([{ assert: 'rectangles', wanted }, writes(2)])).toEqual([])
    await expectTruth()
  })

  test('of more licences than there are is done as far as they go', async () => {
    const { ask, finish, tokenId } = await at('shortage', sassnitz)
    const targets = Array.from({ length: 10 }, (_, index) => `POMSER50000${index}`)
    const intent = await ask(onDevices(targets, [scarce]))
    const { record } = await finish(intent)
    expect(record).toMatchObject({ status: 'incomplete', doneCount: 3, failedCount: 7 })
    expect((await reasons(intent)).filter((one) => one.includes('notEnough'))).toHaveLength(7)
    const usage = (await world.tenant.reads.assets.totals(tokenId)).used
    expect(usage).toBe(3)
    await expectTruth()
  })

  test('that another server has left too few licences for is settled pair by pair', async () => {
    const { ask, finish, apple } = await at('shortage', sassnitz)
    const intent = await ask(onDevices(['POMSER1', 'POMSER2', 'POMSER3'], [scarce]))
    await apple.control('POST', `/libraries/${sassnitz}/assignments`, {
      ...{ assets: [scarce], serialNumbers: ['ELSEWHERE1', 'ELSEWHERE2'] },
    })
    const { record } = await finish(intent)
    expect(record).toMatchObject({ status: 'incomplete', doneCount: 1, failedCount: 2 })
    expect((await reasons(intent)).sort()).toEqual([
      'done  0',
      'failed notEnoughLicences 9709',
      'failed notEnoughLicences 9709',
    ])
    await expectTruth()
    expect(await world.brokenRules([...conduct, writes(1)])).toEqual([])
  })

  test('to a user whom the location does not know fails with that reason, and nobody is asked', async () => {
    const { ask, finish } = await at('small', kiel)
    const targets = ['u-0001', 'u-0003', 'u-0099']
    const intent = await ask({
      ...{ action: 'assign', assets: [macApp], targetKind: 'clientUserId', targets },
    })
    expect((await finish(intent)).record).toMatchObject({ status: 'incomplete', doneCount: 2 })
    expect(await reasons(intent)).toEqual(['done  0', 'done  0', 'failed userNotFound 0'])
    await expectTruth()
    const wanted = ['u-0001', 'u-0003'].map((clientUserId) => ({ ...macApp, clientUserId }))
    expect(await world.brokenRules([{ assert: 'rectangles', wanted }, writes(1)])).toEqual([])
  })

  test('of what the location does not own, or owns in the other quality, is not asked for', async () => {
    const { ask, finish } = await at('small', kiel)
    const standardBook = { ...book, pricingParam: 'STDQ' }
    const assets = [standardBook, { adamId: '9999999999', pricingParam: 'STDQ' }]
    const intent = await ask({
      ...{ action: 'assign', assets, targetKind: 'clientUserId', targets: ['u-0003'] },
    })
    expect((await finish(intent)).record).toMatchObject({ status: 'failed', failedCount: 2 })
    expect(await reasons(intent)).toEqual(['failed otherQualityOwned 0', 'failed notOwned 0'])
    expect(await world.brokenRules([writes(0)])).toEqual([])
  })

  test('of licences that were bought since the last sync is done', async () => {
    const { ask, finish, apple } = await at('shortage', sassnitz)
    await finish(await ask(onDevices(['POMSER1', 'POMSER2', 'POMSER3'], [scarce])))
    await apple.control('POST', `/libraries/${sassnitz}/buy`, { ...scarce, quantity: 1 })
    const intent = await ask(onDevices(['POMSER4'], [scarce]))
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 1 })
    await expectTruth()
  })

  test('of licences that the intent before it frees is done', async () => {
    const { ask, finish } = await at('shortage', sassnitz)
    await finish(await ask(onDevices(['POMSER1', 'POMSER2', 'POMSER3'], [scarce])))
    const from = { kind: 'target', targetKind: 'serialNumber', target: 'POMSER1' } as const
    await ask({ action: 'reclaim', from })
    const intent = await ask(onDevices(['POMSER4'], [scarce]))
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 1 })
    await expectTruth()
  })

  test('of what is used up is not asked for again until there is more of it', async () => {
    const { ask, finish } = await at('shortage', sassnitz)
    await finish(await ask(onDevices(['POMSER1', 'POMSER2', 'POMSER3'], [scarce])))
    await world.apple.control('DELETE', '/journal')
    const intent = await ask(onDevices(['POMSER4'], [scarce]))
    expect((await finish(intent)).record).toMatchObject({ status: 'failed', failedCount: 1 })
    expect(await reasons(intent)).toEqual(['failed notEnoughLicences 0'])
    expect(await world.brokenRules([writes(0)])).toEqual([])
  })

  test('that cannot be planned on fresh facts goes on with those there are after three syncs', async () => {
    const { ask, finish, apple } = await at('shortage', sassnitz)
    const intent = await ask(onDevices(['POMSER1'], [{ ...scarce, pricingParam: 'PLUS' }]))
    await apple.control('POST', '/faults', {
      ...{ match: { path: '/mdm/v2/client/config' }, count: 0, action: { errorNumber: 9602 } },
    })
    expect((await finish(intent)).record).toMatchObject({ status: 'failed', failedCount: 1 })
    expect(await reasons(intent)).toEqual(['failed otherQualityOwned 0'])
  })
})

describe('what goes wrong on the way', () => {
  const script = (outcome: object) => world.apple.control('POST', '/event-scripts', outcome)
  const fault = (path: string, action: object, count = 1) =>
    world.apple.control('POST', '/faults', { match: { path: `/mdm/v2/${path}` }, count, action })

  test('an event that never ends is given up after 10 minutes, and what is missing sent once', async () => {
    const { ask, finish } = await at('small', kiel)
    await script({ outcome: 'PENDING' })
    const intent = await ask(onDevices(['POMSER000003', 'POMSER000004']))
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 2 })
    expect(await world.brokenRules([...conduct, writes(2)])).toEqual([])
    await expectTruth()
  })

  test('an event that never ends twice leaves it unknown', async () => {
    const { ask, finish } = await at('small', kiel)
    await script({ outcome: 'PENDING', count: 0 })
    const intent = await ask(onDevices(['POMSER000003']))
    expect((await finish(intent)).record).toMatchObject({ status: 'failed', unknownCount: 1 })
    expect(await reasons(intent)).toEqual(['unknown eventLost 0'])
    expect(await world.brokenRules([...conduct, writes(2)])).toEqual([])
    await expectTruth()
  })

  test.each([
    ['though it was done', true],
    ['and nothing was done', false],
  ])('an answer that is lost %s is asked for once more', async (_, applyEffect) => {
    const { ask, finish } = await at('small', kiel)
    await fault('assets/associate', { cut: 'beforeHeaders', applyEffect })
    const intent = await ask(onDevices(['POMSER000003']))
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 1 })
    expect(await world.brokenRules([...conduct, writes(2)])).toEqual([])
    await expectTruth()
  })

  test('two lost answers are settled by what stands there, and nothing more is sent', async () => {
    const { ask, finish } = await at('small', kiel)
    await fault('assets/associate', { cut: 'beforeHeaders', applyEffect: false }, 2)
    const intent = await ask(onDevices(['POMSER000003']))
    expect((await finish(intent)).record).toMatchObject({ status: 'failed', unknownCount: 1 })
    expect(await reasons(intent)).toEqual(['unknown answerLost 0'])
    expect(await world.brokenRules([writes(2)])).toEqual([])
  })

  test('an account that may not write fails everything, and the token says so', async () => {
    const { ask, finish, tokenId } = await at('small', kiel)
    await fault('assets/associate', { status: 403, errorNumber: 9637 }, 0)
    const intent = await ask(onDevices(['POMSER000003', 'POMSER000004']))
    const ended = await finish(intent)
    expect(ended.record).toMatchObject({ status: 'failed', failedCount: 2 })
    expect(ended.record.message).toMatch(/9637/)
    expect(await reasons(intent)).toEqual(Array(2).fill('failed insufficientRights 9637'))
    expect((await world.token(tokenId)).record.stateReason).toBe('insufficientRights')
    expect(await world.brokenRules([writes(1)])).toEqual([])
  })

  test('another server that takes the location over stops what has not been sent', async () => {
    const { ask, finish, apple, tokenId } = await at('small', kiel)
    const first = await ask(onDevices(['POMSER000003']))
    const second = await ask(onDevices(['POMSER000004']))
    await world.runWhenDue(tokenId)
    const mdmInfo = { id: 'other', name: 'Other MDM', metadata: 'x' }
    await apple.control('PUT', `/libraries/${kiel}/mdm-info`, mdmInfo)
    expect((await finish(first)).record).toMatchObject({ doneCount: 1 })
    expect((await finish(second)).record).toMatchObject({ status: 'failed', failedCount: 1 })
    expect(await reasons(second)).toEqual(['failed heldByOtherMdm 0'])
    await expect(ask(onDevices(['POMSER000005']))).rejects.toMatchObject({ code: 'conflict' })
    expect(await world.brokenRules([writes(1)])).toEqual([])
  })

  test('a content token that Apple revokes closes the intent', async () => {
    const { ask, finish, apple } = await at('small', kiel)
    const intent = await ask(onDevices(['POMSER000003']))
    const [token] = await apple.tokensOf(kiel)
    await apple.control('POST', `/tokens/${token?.tokenId}/revoke`)
    expect((await finish(intent)).record).toMatchObject({ status: 'failed', failedCount: 1 })
    expect(await reasons(intent)).toEqual(['failed tokenRefused 9625'])
  })

  test('throttling only delays it', async () => {
    const { ask, finish } = await at('small', kiel)
    await fault('assets/associate', { errorNumber: 9646 }, 7)
    const intent = await ask(onDevices(['POMSER000003']))
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 1 })
    await expectTruth()
  })

  test('maintenance is tried again after five minutes', async () => {
    const { ask, finish } = await at('small', kiel)
    await script({ failures: [{ errorNumber: 9644, take: 1 }] })
    const intent = await ask(onDevices(['POMSER000003', 'POMSER000004']))
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 2 })
    expect(await world.brokenRules([...conduct, writes(2)])).toEqual([])
    await expectTruth()
  })
})

describe('a location that is not claimed', () => {
  test('is not written to', async () => {
    const { ask, apple } = await at('small', kiel)
    await world.tenant.transaction(async ({ ownership }) => {
      const known = await ownership.find(kiel)
      if (known) await ownership.put({ ...known, state: 'observe' })
    })
    await expect(ask(onDevices(['POMSER000003']))).rejects.toMatchObject({ code: 'conflict' })
    expect(await world.brokenRules([{ assert: 'noWrites', uId: kiel }])).toEqual([])
    expect((await apple.control('GET', '/events')).events).toEqual([])
  })
})

describe('a reclaim', () => {
  const total = async () => (await world.views())[1] as { assignments: readonly string[] }

  test('of a device takes all that it holds, in one call', async () => {
    const { ask, finish } = await at('small', kiel)
    await finish(await ask(onDevices(['POMSER000001'], [macApp])))
    const target = 'POMSER000001'
    const from = { kind: 'target', targetKind: 'serialNumber', target } as const
    const intent = await ask({ action: 'reclaim', from })
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 2 })
    expect((await total()).assignments.join()).not.toContain('POMSER000001')
    await expectTruth()
    const path = '/mdm/v2/assets/disassociate'
    expect(await world.brokenRules([...conduct, writes(1, path)])).toEqual([])
  })

  test('of orphans takes what is held by devices that nobody knows', async () => {
    const { ask, finish } = await at('small', kiel)
    const from = { kind: 'orphans', knownSerialNumbers: ['pomser000001'] } as const
    const intent = await ask({ action: 'reclaim', from })
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 1 })
    const { assignments } = await total()
    expect(assignments.filter((one) => one.includes('serialNumber'))).toEqual([
      '9000000001 STDQ serialNumber POMSER000001',
    ])
    await expectTruth()
  })

  test('of everything leaves what cannot be taken back', async () => {
    const { ask, finish, tokenId } = await at('small', kiel)
    const intent = await ask(
      { action: 'reclaim', from: { kind: 'everything' } },
      { cause: 'revokeLicenses' },
    )
    const { tokenActionResults: pending } = (await world.token(tokenId)).record
    expect(pending).toMatchObject([{ actionName: 'revokeLicenses', actionState: 'pending' }])
    const { record } = await finish(intent)
    expect(record).toMatchObject({ status: 'done', doneCount: 3, skippedCount: 1 })
    expect((await total()).assignments).toEqual(['9000000003 PLUS clientUserId u-0001'])
    const { tokenActionResults } = (await world.token(tokenId)).record
    expect(tokenActionResults).toMatchObject([
      {
        ...{ actionName: 'revokeLicenses', actionState: 'done', actionFailureReason: 'none' },
        ...{ totalLicensesCount: 3, failedLicensesCount: 0 },
      },
    ])
    await expectTruth()
  })

  test('of what Pomona itself has assigned leaves the rest alone', async () => {
    const { ask, finish } = await at('small', kiel)
    await finish(await ask(onDevices(['POMSER000003'])))
    const intent = await ask({ action: 'reclaim', from: { kind: 'everything' }, isOursOnly: true })
    expect((await finish(intent)).record).toMatchObject({ status: 'done', totalCount: 1 })
    expect((await total()).assignments).toHaveLength(4)
    await expectTruth()
  })
})

describe('users', () => {
  test('are created, changed and retired; who is there already is as good as made', async () => {
    const { ask, finish } = await at('small', kiel)
    const users = [
      { clientUserId: 'u-0003' },
      { clientUserId: 'u-0004', email: 'u-0004@harbour.example' },
    ]
    const created = await finish(await ask({ action: 'createUsers', users }))
    expect(created.record).toMatchObject({ status: 'done', doneCount: 1, skippedCount: 1 })
    const email = 'new@harbour.example'
    await finish(await ask({ action: 'updateUsers', users: [{ clientUserId: 'u-0004', email }] }))
    const retired = await ask({
      ...{ action: 'retireUsers', users: [{ clientUserId: 'u-0003' }, { clientUserId: 'nobody' }] },
    })
    expect((await finish(retired)).record).toMatchObject({ status: 'incomplete', doneCount: 1 })
    expect(await reasons(retired)).toEqual(['done  0', 'failed userNotFound 0'])
    const again = await ask({ action: 'retireUsers', users: [{ clientUserId: 'u-0003' }] })
    expect((await finish(again)).record).toMatchObject({ status: 'done', skippedCount: 1 })
    await expectTruth()
    expect(await world.brokenRules(conduct)).toEqual([])
  })
})

describe('a restart', () => {
  test('goes on where it stood', async () => {
    const { ask, finish, tokenId, tenant } = await at('small', kiel)
    const intent = await ask(onDevices(['POMSER000003', 'POMSER000004']))
    await world.runWhenDue(tokenId)
    // As a service leaves it that is killed after the request and before its answer is stored.
    const [step] = await tenant.reads.intents.openSteps(intent.record.id)
    expect(step).toMatchObject({ status: 'sent', tries: 1 })
    await tenant.transaction(async ({ intents }) => {
      if (step) await intents.updateStep({ ...step, status: 'sending', eventId: null })
    })
    const ended = await finish(intent)
    expect(isEnded(ended)).toBe(true)
    expect(ended.record).toMatchObject({ status: 'done', doneCount: 2 })
    expect(await world.brokenRules([...conduct, writes(2)])).toEqual([])
    await expectTruth()
  })
})

describe('a notification', () => {
  test('is waited for, where Apple tells of events, five minutes before anybody asks', async () => {
    const { ask, finish, tokenId, tenant } = await at('small', kiel)
    await tenant.transaction(({ channels }) =>
      channels.put({ ...newChannel('n-1', tokenId), url: 'https://pomona.example/apple/n-1' }),
    )
    const intent = await ask(onDevices(['POMSER000003']))
    await world.runWhenDue(tokenId)
    const [step] = await tenant.reads.intents.openSteps(intent.record.id)
    expect(step?.pollAt).toBe(instantPlus(step?.sentAt ?? '', 300_000))
    expect((await finish(intent)).record).toMatchObject({ status: 'done', doneCount: 1 })
    expect(await world.brokenRules([...conduct, writes(1)])).toEqual([])
  })

  test('of an event shortens the wait for its outcome', async () => {
    const { ask, tokenId, tenant, clock, apple } = await at('small', kiel)
    const intent = await ask(onDevices(['POMSER000003']))
    await world.runWhenDue(tokenId)
    const [step] = await tenant.reads.intents.openSteps(intent.record.id)
    clock.turn(5_000)
    const now = instantOf(clock.now())
    const hear = (eventId: string) =>
      tenant.transaction((stores) => hastenEvent(stores, { eventId, now }))
    await hear('of-somebody-else')
    expect((await world.token(tokenId)).dueAt > now).toBe(true)
    await hear(step?.eventId ?? '')
    expect((await world.token(tokenId)).dueAt).toBe(now)
    await world.run()
    expect((await tenant.reads.intents.find(intent.record.id))?.record.status).toBe('done')
    expect((await apple.control('GET', '/events')).events).toHaveLength(1)
  })
})

describe('a duplicate', () => {
  test('assigns and takes back as its older twin does, whose licences it shares', async () => {
    const { tokenId, apple, finish, ask } = await at('duplicate-location', '7000000000000030')
    const [, other] = await apple.tokensOf('7000000000000030')
    const younger = await world.addToken(other?.file ?? '')
    await world.run()
    expect((await world.token(younger)).record.state).toBe('duplicateLocationId')
    const [asset] = await world.tenant.reads.assets.list(tokenId, 0, 1)
    const { adamId = '', pricingParam = '' } = asset?.row ?? {}
    const request = onDevices(['POMSER30'], [{ adamId, pricingParam }])
    const assigned = await finish(await ask(request, { cause: 'request' }, younger))
    expect(assigned.record).toMatchObject({ status: 'done', doneCount: 1, tokenId: younger })
    await expectTruth()
    const target = 'POMSER30'
    const from = { kind: 'target', targetKind: 'serialNumber', target } as const
    const taken = await finish(
      await ask({ action: 'reclaim', from }, { cause: 'request' }, younger),
    )
    expect(taken.record).toMatchObject({ status: 'done', doneCount: 1 })
    await expectTruth()
    // Nobody is refused before the older twin has been synced again.
    const users = { action: 'retireUsers', users: [{ clientUserId: 'nobody' }] } as const
    const refused = await ask(users, { cause: 'request' }, younger)
    expect((await finish(refused)).record).toMatchObject({ status: 'failed', failedCount: 1 })
    const { startedAt } = await world.lastRun(tokenId)
    expect((startedAt ?? '') >= refused.record.createdDateTime.instant).toBe(true)
  })
})
