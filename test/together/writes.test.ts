/** Every write of the client against the simulator: what it asks for is done, what goes wrong is told, and the journal's rules hold. */
import { Agent } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AppleVppSettings, createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { systemClock } from '../../src/compose/system-clock.ts'
import type { LicenseWrite } from '../../src/model/apple-write.ts'
import type { AppleConversation } from '../../src/ports/apple-vpp.ts'
import { collect, troubleOf } from '../apple-conversation.ts'
import { type AppleSide, appleSide } from './apple-side.ts'

const kiel = '7000000000000001'
const sassnitz = '7000000000000050'
const helgoland = '7000000000000040'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const book = { adamId: '9000040002', pricingParam: 'STDQ' }
const scarce = { adamId: '9000050001', pricingParam: 'STDQ' }

describe("a write at Apple's side", () => {
  let apple: AppleSide
  let settings: AppleVppSettings
  const dispatcher = new Agent()
  beforeAll(async () => {
    apple = await appleSide(['small', 'shortage', 'books-unlimited'])
    settings = {
      ...{ baseUrl: apple.dataUrl, dispatcher, clock: systemClock, random: () => 0.01 },
      ...{ requestTimeoutMs: 5_000, observe: () => undefined },
    }
  })
  beforeEach(async () => {
    await apple.control('POST', '/reset')
    // Events go on when the test says so.
    await apple.control('POST', '/clock', { mode: 'frozen' })
  })
  afterAll(async () => {
    await dispatcher.close()
    await apple.close()
  })

  /** Each with a client of its own: limits that it has learned are not those of another test. */
  async function conversationOf(uId: string): Promise<AppleConversation> {
    const [token] = await apple.tokensOf(uId)
    const conversation = createAppleVpp(settings).converse(token?.file ?? '', uId)
    conversation.expectLocation(uId)
    return conversation
  }
  const pass = (advanceSeconds: number) => apple.control('POST', '/clock', { advanceSeconds })
  const fault = (path: string, action: object, count = 1) =>
    apple.control('POST', '/faults', { match: { path: `/mdm/v2/${path}` }, count, action })
  const truth = (uId: string) => apple.control('GET', `/libraries/${uId}/truth`)
  async function ended(conversation: AppleConversation, write: LicenseWrite) {
    const { eventId } = await conversation.send(write)
    await pass(2)
    return conversation.readEvent(eventId)
  }
  async function targetsOf(conversation: AppleConversation, asset: typeof app) {
    const pages = await collect(conversation.walkAssignmentsOf(asset))
    return pages.flatMap(({ rows }) => rows.map(({ target }) => target)).sort()
  }
  async function brokenRules(rules: readonly object[]) {
    const usual = [
      ...[{ assert: 'tokenVerbatim' }, { assert: 'limitsFresh' }, { assert: 'noSecretInUrl' }],
      ...[
        { assert: 'maxRate', perSecond: 15 },
        { assert: 'maxParallel', n: 5 },
      ],
    ]
    const verdicts = await apple.control('POST', '/journal/assert', [...usual, ...rules])
    return verdicts.filter(({ ok }: { ok: boolean }) => !ok)
  }

  test('assigns a rectangle of assets and devices, and a delta brings just those', async () => {
    const conversation = await conversationOf(kiel)
    const [before] = await collect(conversation.walkAssignments())
    const targets = ['POMSER000003', 'POMSER000004']
    const write: LicenseWrite = {
      ...{ kind: 'associate', assets: [app, macApp], targetKind: 'serialNumber', targets },
    }
    const { eventId } = await conversation.send(write)
    expect(await conversation.readEvent(eventId)).toMatchObject({
      ...{ status: 'PENDING', requested: 4, failures: [] },
    })
    await pass(2)
    expect(await conversation.readEvent(eventId)).toEqual({
      ...{ status: 'COMPLETE', requested: 4, completed: 4, failures: [] },
    })
    const delta = await collect(conversation.walkAssignments(before?.versionId))
    const pairs = targets.flatMap((target) =>
      [app, macApp].map(({ adamId }) => `${adamId} ${target}`),
    )
    expect(
      delta.flatMap(({ rows }) => rows.map(({ adamId, target }) => `${adamId} ${target}`)).sort(),
    ).toEqual(pairs.sort())
    expect(await targetsOf(conversation, macApp)).toEqual(targets)

    const wanted = targets.flatMap((serialNumber) =>
      [app, macApp].map((asset) => ({ ...asset, serialNumber })),
    )
    expect(
      await brokenRules([
        { assert: 'rectangles', wanted },
        { assert: 'usedSince', endpoint: 'assignments' },
        { assert: 'requestCount', match: { method: 'POST' }, n: 1 },
      ]),
    ).toEqual([])
  })

  test('takes licences back from a device, and all that can be taken from a user', async () => {
    const conversation = await conversationOf(kiel)
    const disassociated = await ended(conversation, {
      ...{ kind: 'disassociate', assets: [app], targetKind: 'serialNumber' },
      targets: ['POMSER000001'],
    })
    expect(disassociated).toMatchObject({ status: 'COMPLETE', completed: 1 })
    expect(await targetsOf(conversation, app)).toEqual(['u-0001'])
    const user = { targetKind: 'clientUserId', targets: ['u-0001'] } as const
    expect(await ended(conversation, { kind: 'revoke', ...user })).toMatchObject({
      ...{ status: 'COMPLETE', requested: 1, completed: 1 },
    })
    expect(await targetsOf(conversation, app)).toEqual([])
    const [left] = await collect(
      conversation.walkAssignmentsOf({ targetKind: 'clientUserId', target: 'u-0001' }),
    )
    // The book cannot be taken back.
    expect(left?.rows.map(({ adamId }) => adamId)).toEqual(['9000000003'])
  })

  test('makes, changes and retires users; a user that is there already is told of', async () => {
    const conversation = await conversationOf(kiel)
    const [before] = await collect(conversation.walkUsers())
    const users = [
      { clientUserId: 'u-0004', email: 'u-0004@harbour.example' },
      { clientUserId: 'u-0005', managedAppleId: 'u5@harbour.example' },
    ]
    expect(await ended(conversation, { kind: 'createUsers', users })).toMatchObject({
      status: 'COMPLETE',
    })
    const email = 'new-0004@harbour.example'
    await ended(conversation, { kind: 'updateUsers', users: [{ clientUserId: 'u-0004', email }] })
    await ended(conversation, { kind: 'retireUsers', users: [{ clientUserId: 'u-0005' }] })
    const [delta] = await collect(conversation.walkUsers(before?.versionId))
    const seen = delta?.rows.map((row) => [row.clientUserId, row.status, row.email])
    expect(seen).toEqual([
      ['u-0004', 'Registered', email],
      ['u-0005', 'Retired', null],
    ])
    const again = await ended(conversation, { kind: 'createUsers', users: users.slice(0, 1) })
    expect(again).toMatchObject({
      status: 'FAILED',
      failures: [{ reason: 'userExists', errorNumber: 9716, clientUserIds: ['u-0004'] }],
    })
    expect(await brokenRules([{ assert: 'usedSince', endpoint: 'users' }])).toEqual([])
  })

  test('for more devices than there are licences is done in part, and says for whom not', async () => {
    const conversation = await conversationOf(sassnitz)
    const targets = Array.from({ length: 10 }, (_, index) => `POMSER50000${index}`)
    const event = await ended(conversation, {
      ...{ kind: 'associate', assets: [scarce], targetKind: 'serialNumber', targets },
    })
    expect(event).toMatchObject({
      ...{ status: 'FAILED', requested: 10, completed: 3 },
      failures: [{ reason: 'notEnoughLicences', errorNumber: 9709, assets: [scarce] }],
    })
    const [failure] = event.failures
    const done = await targetsOf(conversation, scarce)
    expect([...done, ...(failure?.serialNumbers ?? [])].sort()).toEqual(targets)
  })

  test('for a user that nobody knows says so', async () => {
    const conversation = await conversationOf(kiel)
    const event = await ended(conversation, {
      ...{ kind: 'associate', assets: [app], targetKind: 'clientUserId', targets: ['u-0099'] },
    })
    expect(event.failures).toMatchObject([{ reason: 'userNotFound', clientUserIds: ['u-0099'] }])
  })

  test('that Apple refuses at once names the row that is at fault', async () => {
    const conversation = await conversationOf(helgoland)
    const { finding } = await troubleOf(
      conversation.send({
        ...{ kind: 'disassociate', assets: [book], targetKind: 'clientUserId' },
        targets: ['u-4001'],
      }),
    )
    expect(finding).toMatchObject({ errorNumber: 9706, item: { reason: 'notRevocable' } })
    expect(finding.isAnswerLost).toBeUndefined()
    expect((await troubleOf(conversation.readEvent('e-unknown'))).finding).toMatchObject({
      item: { reason: 'eventLost', errorNumber: 9708 },
    })
  })

  test('larger than Apple allows by now is split after another look at the limits', async () => {
    const conversation = await conversationOf(kiel)
    const targets = ['POMSER000003', 'POMSER000004']
    const write = { kind: 'associate', assets: [app], targetKind: 'serialNumber' } as const
    expect(await conversation.readLimits()).toMatchObject({ maxSerialNumbers: 1_000 })
    await apple.control('PATCH', '/settings', { limits: { maxSerialNumbers: 1 } })
    const { finding } = await troubleOf(conversation.send({ ...write, targets }))
    expect(finding).toMatchObject({ errorNumber: 9702, isOverLimits: true })
    expect(await conversation.readLimits()).toMatchObject({ maxSerialNumbers: 1 })
    for (const target of targets)
      expect((await ended(conversation, { ...write, targets: [target] })).status).toBe('COMPLETE')
  })

  test('that is throttled is sent again until Apple takes it, and done once', async () => {
    const conversation = await conversationOf(kiel)
    await fault('assets/associate', { errorNumber: 9646 }, 3)
    const write = { kind: 'associate', assets: [app], targetKind: 'serialNumber' } as const
    const event = await ended(conversation, { ...write, targets: ['POMSER000003'] })
    expect(event).toMatchObject({ status: 'COMPLETE', completed: 1 })
    expect(conversation.log).toMatchObject({ tries: 5, requests: 2 })
    expect((await apple.control('GET', '/events')).events).toHaveLength(1)
    expect(await brokenRules([{ assert: 'maxTries' }])).toEqual([])
  })

  test.each([
    ['a cut connection', { cut: 'beforeHeaders' }],
    ['half an answer', { truncateAt: 10 }],
    ['a page of HTML', { status: 502, body: '<html>' }],
  ])('whose answer is lost in %s is not sent again, though it may be done', async (_, action) => {
    for (const applyEffect of [true, false]) {
      const conversation = await conversationOf(kiel)
      await apple.control('DELETE', '/journal')
      await fault('assets/associate', { ...action, applyEffect })
      const target = `POMSER-${applyEffect}`
      const { finding } = await troubleOf(
        conversation.send({
          ...{ kind: 'associate', assets: [app], targetKind: 'serialNumber', targets: [target] },
        }),
      )
      expect(finding).toMatchObject({ reason: 'appleUnavailable', isAnswerLost: true })
      await pass(2)
      const pair = { ...app, targetKind: 'serialNumber', target } as const
      expect(await conversation.hasAssignment(pair)).toBe(applyEffect)
      expect(
        await brokenRules([{ assert: 'requestCount', match: { method: 'POST' }, n: 1 }]),
      ).toEqual([])
    }
  })

  test('of the configuration claims the location, which is then read back', async () => {
    const conversation = await conversationOf(kiel)
    const mdm = { id: '5e1f0c4e-0000-4000-8000-00000000000a', name: 'Pomona', metadata: 'pomona' }
    expect(await conversation.readConfig()).toMatchObject({ mdm: null })
    expect(await conversation.isConfigured({ mdm })).toBe(false)
    expect(await conversation.configure({ mdm })).toMatchObject({ uId: kiel, mdm })
    expect(await conversation.isConfigured({ mdm })).toBe(true)
    expect((await truth(kiel)).mdmInfo).toEqual(mdm)
    expect(await brokenRules([{ assert: 'claimVerified', uId: kiel }])).toEqual([])

    // Another server takes it: the next answer of whatever kind shows it.
    const mdmInfo = { id: 'other', name: 'Other MDM', metadata: 'x' }
    await apple.control('PUT', `/libraries/${kiel}/mdm-info`, mdmInfo)
    await collect(conversation.walkUsers())
    expect(conversation.log.mdmIds).toEqual([null, mdm.id, 'other'])
  })

  test('of the configuration whose answer is lost can be read back', async () => {
    const conversation = await conversationOf(kiel)
    const mdm = { id: 'id-1', name: 'Pomona', metadata: 'pomona' }
    await fault('client/config', { cut: 'beforeHeaders', applyEffect: true })
    expect((await troubleOf(conversation.configure({ mdm }))).finding.isAnswerLost).toBe(true)
    expect(await conversation.isConfigured({ mdm })).toBe(true)
  })

  test('of the configuration with an address that Apple cannot reach changes nothing', async () => {
    const conversation = await conversationOf(kiel)
    const token = 'made-up-secret-01'
    const notifications = { url: 'https://127.0.0.1:1/notify', token, types: ['ASSET_COUNT'] }
    const { finding } = await troubleOf(conversation.configure({ notifications }))
    expect(finding).toMatchObject({ reason: 'notificationsOff', errorNumber: 9728 })
    expect(JSON.stringify(finding)).not.toContain(token)
    expect(await conversation.isConfigured({ notifications })).toBe(false)
  })
})
