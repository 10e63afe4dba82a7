/** Apple 4.2 at every call: the real client, the simulator, and every way in which an answer can fail to be one. */
import { Agent } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AppleVppSettings, createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { type AppleCall, reads, writes } from '../apple-calls.ts'
import { troubleOf } from '../apple-conversation.ts'
import { createTurnedClock } from '../turned-clock.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { start } from './turned-world.ts'

const uId = '7000000000000001'
const outage = { reason: 'appleUnavailable', isDefinite: false }
const throttled = { reason: 'throttled', isDefinite: false }
/** What is unsettled is never asked twice by the client itself: whoever sent it looks first (Apple 5). */
const lost = { isAnswerLost: true } as const

interface Expected {
  readonly finding: object
  /** Beside the finding, where something was sent that may have been taken. */
  readonly ofWrite: object
  readonly readTries: 1 | 5
  readonly writeTries: 1 | 5
}

const passing: Expected = { finding: outage, ofWrite: lost, readTries: 5, writeTries: 1 }
const neverSent: Expected = { finding: outage, ofWrite: {}, readTries: 5, writeTries: 5 }
const final = (finding: object): Expected => ({
  ...{ finding, ofWrite: {}, readTries: 1, writeTries: 1 },
})

const elsewhere = { location: 'https://elsewhere.example/mdm/v2' }
const answers: readonly (readonly [string, fault: object, Expected])[] = [
  ['an empty 500', { status: 500 }, passing],
  ['an empty 404', { status: 404 }, passing],
  ['an empty 401', { status: 401 }, passing],
  ['an empty 429', { status: 429 }, { ...passing, finding: throttled }],
  ['an empty 200', { truncateAt: 0 }, passing],
  ['HTML', { body: '<html><body>Sign in</body></html>' }, passing],
  ['HTML with 502', { status: 502, body: '<html>' }, passing],
  ['HTML with 403', { status: 403, body: '<html>' }, passing],
  ['half of its JSON', { truncateAt: 20 }, passing],
  ['JSON of another shape', { body: '{"uId":7}' }, passing],
  ['a JSON list', { body: '[]' }, passing],
  ['a connection cut before the answer', { cut: 'beforeHeaders' }, passing],
  ['a connection cut within the answer', { cut: 'midBody' }, passing],
  ['a redirect', { status: 302, headers: elsewhere, body: '' }, final(outage)],
  ['a lasting redirect', { status: 308, headers: elsewhere, body: '' }, final(outage)],
  [
    'the answer of another location',
    { body: '{"uId":"7000000000000099"}' },
    final({ reason: 'locationMismatch', isDefinite: true }),
  ],
]

const error = (code: string, syscall?: string) =>
  Object.assign(new Error('made up'), { code, ...(syscall && { syscall }) })
const ways: readonly (readonly [string, Error, Expected])[] = [
  ['no such host', error('ENOTFOUND', 'getaddrinfo'), neverSent],
  ['nobody listening', error('ECONNREFUSED', 'connect'), neverSent],
  ['no connection in time', error('UND_ERR_CONNECT_TIMEOUT'), neverSent],
  [
    'a certificate that is not trusted',
    error('SELF_SIGNED_CERT_IN_CHAIN'),
    final({ reason: 'tlsRefused', isDefinite: false }),
  ],
]

describe('a call of Apple that ends in', () => {
  let apple: AppleSide
  let credential = ''
  const usual = new Agent()
  beforeAll(async () => {
    apple = await appleSide(['small'])
    credential = (await apple.tokensOf(uId))[0]?.file ?? ''
  })
  beforeEach(async () => {
    await apple.control('POST', '/reset')
    // The client's clock is turned, the simulator's is not.
    await apple.control('PATCH', '/settings', { limits: { maxRequestPerSecond: 100_000 } })
  })
  afterAll(async () => {
    await usual.close()
    await apple.close()
  })

  /** With nothing learned from what went before. */
  function freshClient(asked: Partial<AppleVppSettings> = {}) {
    const clock = createTurnedClock(start)
    const settings = { baseUrl: apple.dataUrl, dispatcher: usual, clock, random: () => 0.5 }
    const more = { requestTimeoutMs: 10_000, observe: () => undefined }
    const conversation = createAppleVpp({ ...settings, ...more, ...asked }).converse(
      credential,
      uId,
    )
    conversation.expectLocation(uId)
    return { conversation, clock }
  }

  async function expectAt(
    [request, ask]: AppleCall,
    { finding, ofWrite, readTries, writeTries }: Expected,
    asked?: Partial<AppleVppSettings>,
  ): Promise<void> {
    const { conversation, clock } = freshClient(asked)
    const isWrite = request.startsWith('POST')
    const met = (await troubleOf(ask(conversation))).finding
    const { reason, isDefinite, isAnswerLost, errorNumber, item, notBefore } = met
    expect([request, { reason, isDefinite, isAnswerLost, errorNumber, item }]).toEqual([
      request,
      { ...finding, ...(isWrite && ofWrite) },
    ])
    const tries = isWrite ? writeTries : readTries
    expect([request, conversation.log.requests, conversation.log.tries]).toEqual([
      request,
      1,
      tries,
    ])
    // After tries in vain nothing is asked for five minutes (Apple 5).
    const restMs = notBefore === undefined ? 0 : Date.parse(notBefore) - clock.now().getTime()
    expect([request, restMs]).toEqual([request, tries === 5 ? 300_000 : 0])
    expect(JSON.stringify(met)).not.toContain(credential)
  }

  const journal = async (): Promise<readonly { method: string; path: string }[]> =>
    (await apple.control('GET', '/journal')).entries

  test.each(answers)('%s', async (_, action, expected) => {
    await apple.control('POST', '/faults', { match: { path: '/mdm/v2/*' }, count: 0, action })
    for (const call of [...reads, ...writes]) {
      await apple.control('DELETE', '/journal')
      await expectAt(call, expected)
      const [method, endpoint] = call[0].split(' ')
      const isThis = (one: { method: string; path: string }) =>
        one.method === method && one.path === `/mdm/v2/${endpoint}`
      const seen = (await journal()).filter(isThis).length
      const tries = method === 'POST' ? expected.writeTries : expected.readTries
      expect([call[0], seen]).toEqual([call[0], tries])
    }
  })

  test.each(ways)('%s', async (_, failure, expected) => {
    const dispatcher = new Agent({ connect: (_options, done) => done(failure, null) })
    for (const call of [...reads, ...writes]) await expectAt(call, expected, { dispatcher })
    expect(await journal()).toEqual([])
    await dispatcher.close()
  })

  test('no answer in time', async () => {
    const action = { delayMs: 2_000 }
    await apple.control('POST', '/faults', { match: { path: '/mdm/v2/*' }, count: 0, action })
    for (const call of [...reads, ...writes])
      await expectAt(call, passing, { requestTimeoutMs: 15 })
  })

  const refusals = [9601, 9602, 9603, 9621, 9622, 9625, 9634, 9644, 9646, 9647, 9722, 9729, 9999]
  const atServiceConfig: readonly (readonly [string, object, isTold: boolean])[] = [
    ...answers.map(([name, action, { finding }]) => {
      // Nothing is asked of service/config but that it be an object; it belongs to no location.
      const isObject =
        name === 'JSON of another shape' || ('isDefinite' in finding && finding.isDefinite === true)
      return [name, action, !isObject] as const
    }),
    ...refusals.map((errorNumber) => [`${errorNumber}`, { errorNumber }, true] as const),
  ]

  test.each(atServiceConfig)(
    '%s at service/config is asked once, told, and stops nothing (Apple C3)',
    async (_, action, isTold) => {
      const match = { path: '/mdm/v2/service/config' }
      await apple.control('POST', '/faults', { match, count: 0, action })
      const { conversation } = freshClient()
      expect((await conversation.readConfig()).uId).toBe(uId)
      expect(await conversation.readLimits()).toMatchObject({ maxAssets: 25, maxUsers: 100 })
      expect((await journal()).map(({ path }) => path)).toEqual([
        '/mdm/v2/service/config',
        '/mdm/v2/client/config',
      ])
      const told = conversation.log.refusals.map(({ text }) => text?.split(':')[0])
      expect(told).toEqual(isTold ? ['service/config'] : [])
    },
  )
})
