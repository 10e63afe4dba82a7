/** Every refusal that a reading call can meet, from Apple's side to what the administrator sees (Apple 4.1, 4.2, 5, 9.4). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { millisecondsAt } from '../../src/model/date-time-offset.ts'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000001'
const calls = ['client/config', 'assets', 'assignments', 'users'] as const
type Call = (typeof calls)[number]

const minute = 60_000
/** After trouble: 5 minutes and the jitter on top. After a verdict: the usual 6 hours, for asking soon changes nothing. */
const soon = 5.25 * minute
const usual = 360 * minute

/** `=`: the state stays as it was. */
type State = '=' | 'expired' | 'invalid' | 'assignedToExternalMDM'
type Row = readonly [
  errorNumber: number,
  httpStatus: number,
  state: State,
  reason: string,
  tries: 1 | 5,
  nextSyncMs: number,
]

const defect = (number: number, status = 400): Row => [
  ...([number, status, '=', 'clientDefect', 1, soon] as const),
]
const unexpected = (number: number, status = 400): Row => [
  ...([number, status, '=', 'unknownAppleError', 1, soon] as const),
]

const numbers: readonly Row[] = [
  [9601, 401, 'invalid', 'loginRequired', 1, usual],
  ...[9602, 9623, 9718, 9719, 9720, 9723].map((number) => defect(number)),
  [9603, 500, '=', 'appleUnavailable', 5, soon],
  [9621, 401, 'expired', 'expired', 1, usual],
  [9622, 200, 'invalid', 'rejectedByApple', 1, usual],
  [9622, 401, 'invalid', 'rejectedByApple', 1, usual],
  [9625, 401, 'invalid', 'revokedByApple', 1, usual],
  [9634, 410, '=', 'serviceGone', 1, usual],
  [9644, 503, '=', 'maintenance', 5, soon],
  [9646, 429, '=', 'throttled', 5, soon],
  [9647, 403, 'invalid', 'legacyToken', 1, usual],
  ...[9700, 9701, 9702, 9714].map((number) => defect(number)),
  ...[9703, 9704, 9705, 9715, 9713, 9724, 9725].map((number) => defect(number)),
  ...[9710, 9711, 9712, 9728].map((number): Row => [number, 400, '=', 'notificationsOff', 1, soon]),
  defect(9721),
  defect(9722, 401),
  defect(9722, 200),
  defect(9726, 405),
  defect(9727, 415),
  [9729, 503, '=', 'appleUnavailable', 5, soon],
  // About rows of a write: as the answer to a whole read nobody expects them.
  ...[9609, 9706, 9707, 9708, 9709, 9716, 9717, 9635, 9641].map((number) => unexpected(number)),
  ...[9811, 9812, 9813, 9814, 9815, 9816, 9817, 9818].map((number) => unexpected(number)),
  // The old service's.
  ...[9607, 9610, 9616, 9618, 9619, 9620, 9624, 9626, 9628, 9636, 9642, 9643].map((number) =>
    unexpected(number),
  ),
  ...[9630, 9631, 9632].map((number): Row => [number, 400, '=', 'throttled', 1, 15 * minute]),
  [9645, 403, 'assignedToExternalMDM', 'heldByOtherMdm', 1, usual],
  // Known to nobody: judged by their status.
  unexpected(9999),
  unexpected(9999, 200),
  unexpected(9999, 403),
  [9999, 401, 'invalid', 'unknownAppleError', 1, usual],
  [9999, 429, '=', 'unknownAppleError', 5, soon],
  [9999, 500, '=', 'unknownAppleError', 5, soon],
]

/** Apple 4.2: no number at all. */
type Silence = readonly [name: string, action: object, reason: string, tries: 1 | 5]
const silences: readonly Silence[] = [
  ['an empty answer with 500', { status: 500 }, 'appleUnavailable', 5],
  ['an empty answer with 404', { status: 404 }, 'appleUnavailable', 5],
  ['an empty answer with 429', { status: 429 }, 'throttled', 5],
  ['an empty answer with 200', { status: 200, truncateAt: 0 }, 'appleUnavailable', 5],
  ['a page of HTML', { body: '<html><body>Bad gateway</body></html>' }, 'appleUnavailable', 5],
  ['a page of HTML with 502', { status: 502, body: '<html>' }, 'appleUnavailable', 5],
  ['half a JSON text', { truncateAt: 30 }, 'appleUnavailable', 5],
  ['JSON of another shape', { body: '{"assets":{},"uId":5}' }, 'appleUnavailable', 5],
  ['a JSON list', { body: '[]' }, 'appleUnavailable', 5],
  ['a connection cut before the answer', { cut: 'beforeHeaders' }, 'appleUnavailable', 5],
  ['a connection cut in the middle', { cut: 'midBody' }, 'appleUnavailable', 5],
  [
    'a redirect, which is never followed',
    { status: 302, headers: { location: 'https://elsewhere.example/mdm/v2' } },
    'appleUnavailable',
    1,
  ],
]

describe('a refusal by Apple', () => {
  let world: TurnedWorld
  let file = ''
  let id = ''
  beforeAll(async () => {
    world = await turnedWorld(['small'])
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    await world.apple.control('POST', '/reset')
    // Pauses that the test before was told of are over.
    world.clock.turn(60 * minute)
    // A token that outlives all the days that these runs are apart.
    const issued = { account: 'b1@harbour.example', expiresAt: '2040-01-01T00:00:00Z' }
    file = (await world.apple.control('POST', `/libraries/${uId}/tokens`, issued)).file
    if (id !== '') await world.removeToken(id)
    id = await world.addToken(file)
  })

  const refuse = (call: string, action: object, times = 0) =>
    world.apple.control('POST', '/faults', {
      ...{ id: 'refusal', match: { path: `/mdm/v2/${call}` }, count: times, action },
    })
  const relent = () => world.apple.control('DELETE', '/faults/refusal')
  const askedFor = async (call: string): Promise<number> =>
    (await world.apple.control('GET', '/journal')).entries.filter(
      ({ path }: { path: string }) => path === `/mdm/v2/${call}`,
    ).length

  /** What the run that has just ended left behind. */
  async function remains(call: string) {
    const { record, dueAt } = await world.token(id)
    const { finding, status } = await world.lastRun(id)
    return {
      told: `${record.state} ${record.stateReason} ${record.lastSyncStatus}`,
      run: `${status} ${finding?.reason} ${finding?.errorNumber} ${finding?.httpStatus}`,
      tries: await askedFor(call),
      nextSyncMs: millisecondsAt(dueAt) - world.clock.now().getTime(),
    }
  }

  /** The first run of a token, refused at `call`. */
  async function refusedAtFirst(call: Call, action: object) {
    await refuse(call, action)
    await world.apple.control('DELETE', '/journal')
    expect(await world.run()).toBe('failed')
    const left = await remains(call)
    await relent()
    return left
  }

  /** A run that goes well, then one that is refused at `call`. */
  async function refusedLater(call: Call, action: object) {
    expect(await world.runWhenDue(id)).toBe('completed')
    await refuse(call, action)
    await world.apple.control('DELETE', '/journal')
    expect(await world.runWhenDue(id)).toBe('failed')
    const left = await remains(call)
    await relent()
    return left
  }

  const rulesKept = async () =>
    world.brokenRules([
      { assert: 'maxTries' },
      { assert: 'maxParallel' },
      { assert: 'maxRate', perSecond: 15 },
      { assert: 'tokenVerbatim' },
      { assert: 'noWrites' },
      { assert: 'limitsFresh' },
    ])

  test.each(numbers)('%i with HTTP %i: %s %s', async (...row) => {
    const [errorNumber, status, state, reason, tries, nextSyncMs] = row
    const action = { errorNumber, status }
    const run = `failed ${reason} ${errorNumber} ${status}`
    const told = (unchanged: string) => `${state === '=' ? unchanged : `${state} ${reason}`} failed`

    expect(await refusedAtFirst('client/config', action)).toEqual({
      ...{ told: told(`unknown ${reason}`), run, tries, nextSyncMs },
    })
    for (const call of calls) {
      // A delta that is refused for its version is followed by a full walk, which is refused here too (incremental.test.ts).
      const asked = errorNumber === 9721 ? expect.any(Number) : tries
      expect([call, await refusedLater(call, action)]).toEqual([
        call,
        { told: told('valid unclaimed'), run, tries: asked, nextSyncMs },
      ])
      expect(await rulesKept()).toEqual([])
    }
  })

  test.each(silences)('%s', async (_name, action, reason, tries) => {
    const seen = await refusedAtFirst('client/config', action)
    expect(seen.told).toBe(`unknown ${reason} failed`)
    for (const call of calls) {
      const { told, run, ...rest } = await refusedLater(call, action)
      expect([call, told, rest]).toEqual([
        call,
        'valid unclaimed failed',
        { tries, nextSyncMs: soon },
      ])
      expect(run).toMatch(`failed ${reason} undefined`)
      expect(await rulesKept()).toEqual([])
    }
  })

  test('with 9637 at client/config is a read-only account: the lists are read all the same', async () => {
    await refuse('client/config', { errorNumber: 9637 })
    expect(await world.run()).toBe('completed')
    const { record } = await world.token(id)
    expect(record).toMatchObject({ state: 'valid', stateReason: 'unclaimed', locationId: uId })
  })

  test.each(['assets', 'assignments', 'users'] as const)(
    'with 9637 at %s ends the run, and the token stays what it was',
    async (call) => {
      expect(await world.run()).toBe('completed')
      expect(await refusedLater(call, { errorNumber: 9637 })).toEqual({
        ...{ told: 'valid unclaimed failed', run: 'failed insufficientRights 9637 403' },
        ...{ tries: 1, nextSyncMs: soon },
      })
    },
  )

  test.each(['assets', 'assignments', 'users'] as const)(
    'with 9650 at page 0 of %s begins the walk again, once',
    async (call) => {
      await world.run()
      expect(await refusedLater(call, { errorNumber: 9650 })).toEqual({
        ...{ told: 'valid unclaimed failed', run: 'failed clientDefect 9650 400' },
        ...{ tries: 2, nextSyncMs: soon },
      })
      await refuse(call, { errorNumber: 9650 }, 1)
      expect(await world.runWhenDue(id)).toBe('completed')
    },
  )

  test.each([
    ['9602', { errorNumber: 9602 }],
    ['9634', { errorNumber: 9634 }],
    ['a page of HTML', { body: '<html>' }],
    ['a cut connection', { cut: 'beforeHeaders' }],
  ])(
    'of service/config with %s stops nothing: the known limits hold (Apple C3)',
    async (_, fault) => {
      await refuse('service/config', fault)
      expect(await world.run()).toBe('completed')
      expect(await world.runWhenDue(id)).toBe('completed')
      expect(await askedFor('service/config')).toBeGreaterThan(0)
      expect(await world.brokenRules([{ assert: 'maxRate', perSecond: 12 }])).toEqual([])
    },
  )

  test('by a server that is not there is told with its cause', async () => {
    const nobody = { baseUrl: 'http://127.0.0.1:1/mdm/v2' }
    expect(await world.run(nobody)).toBe('failed')
    expect((await world.token(id)).record).toMatchObject({
      state: 'unknown',
      stateReason: 'appleUnavailable',
      stateMessage: expect.stringMatching(
        /^Apple's service gave no usable answer \(the connection was refused \(ECONNREFUSED\)\)\. Next attempt 2/,
      ),
    })
    expect((await world.lastRun(id)).figures).toMatchObject({ requests: 1, tries: 5 })
  })

  test('that does not come in time is tried again like a cut connection', async () => {
    await world.run()
    await refuse('assets', { delayMs: 3_000 })
    expect(await world.runWhenDue(id, { requestTimeoutMs: 200 })).toBe('failed')
    expect((await world.lastRun(id)).finding).toMatchObject({
      reason: 'appleUnavailable',
      detail: 'the whole answer did not come within 0.2 s',
    })
    expect((await world.lastRun(id)).figures).toMatchObject({ requests: 2, tries: 6 })
  })

  test.each(calls)('by an answer of another location at %s stops the token', async (call) => {
    await world.runWhenDue(id)
    const before = await world.token(id)
    const list = call === 'client/config' ? {} : { [call]: [] }
    const paging = { currentPageIndex: 0, size: 0, totalPages: 1, versionId: 'v' }
    const body = JSON.stringify({ ...list, ...paging, uId: '7000000000000099' })
    const left = await refusedLater(call, { body })
    expect(left).toEqual({
      ...{ told: 'invalid locationMismatch failed', tries: 1, nextSyncMs: usual },
      run: expect.stringMatching(/^failed locationMismatch undefined/),
    })
    const { record } = await world.token(id)
    expect(record).toMatchObject({ locationId: uId, locationName: before.record.locationName })
    expect(record.stateMessage).toContain('(7000000000000099) than stored (7000000000000001)')
  })

  test('waits between the tries as the exponential back-off says, here half of its most', async () => {
    const sleptBefore = world.clock.sleeps.length
    await refuse('client/config', { errorNumber: 9603 })
    await world.run()
    const backoff = world.clock.sleeps.slice(sleptBefore).filter((ms) => ms % 500 === 0)
    expect(backoff).toEqual([500, 1_000, 2_000, 4_000])
    expect((await world.lastRun(id)).figures).toMatchObject({
      requests: 1,
      tries: 5,
      waitedMs: 7_500,
    })
  })

  test('that passes after some tries does not fail the run', async () => {
    for (const call of calls)
      await world.apple.control('POST', '/faults', {
        match: { path: `/mdm/v2/${call}` },
        ...{ count: 4, action: { errorNumber: 9729 } },
      })
    expect(await world.run()).toBe('completed')
    expect((await world.lastRun(id)).figures).toMatchObject({ requests: 4, tries: 20 })
    expect(await world.brokenRules([{ assert: 'maxTries' }])).toEqual([])
  })

  test('is tried at most 30 times again in one run, over all its requests', async () => {
    await world.apple.control('PATCH', '/settings', {
      pageSizes: { assets: 1, assignments: 2, users: 10 },
    })
    const pages = { 'client/config': [undefined], assets: ['0', '1', '2', '3'] }
    // Eight requests, each refused four times: 32.
    for (const [call, indexes] of Object.entries({
      ...pages,
      assignments: ['0', '1'],
      users: ['0'],
    }))
      for (const pageIndex of indexes)
        await world.apple.control('POST', '/faults', {
          match: { path: `/mdm/v2/${call}`, ...(pageIndex && { query: { pageIndex } }) },
          ...{ count: 4, action: { errorNumber: 9729 } },
        })
    expect(await world.run()).toBe('failed')
    const { figures, finding } = await world.lastRun(id)
    expect(finding).toMatchObject({ reason: 'appleUnavailable', errorNumber: 9729 })
    expect(figures).toMatchObject({ requests: 8, tries: 38 })
  })

  describe('with Retry-After', () => {
    test.each([
      ['7 s is waited out before each try', '7', 5, soon],
      ['60 s is waited out too', '60', 5, soon],
      ['more than 60 s ends the attempt, and the next comes no earlier', '1800', 1, 30 * minute],
      ['more than an hour counts as an hour', '7200', 1, 60 * minute],
      ['less than the usual pause does not shorten it', '61', 1, soon],
      ['a text that is neither seconds nor a date is no wish', 'soon', 5, soon],
    ])('%s', async (_, retryAfter, tries, nextSyncMs) => {
      const action = { errorNumber: 9729, retryAfter }
      expect(await refusedLater('assets', action)).toEqual({
        ...{ told: 'valid unclaimed failed', run: 'failed appleUnavailable 9729 503' },
        ...{ tries, nextSyncMs },
      })
      if (retryAfter === 'soon') return
      expect(await world.runWhenDue(id)).toBe('completed')
      expect(await world.brokenRules([{ assert: 'retryAfter' }, { assert: 'maxTries' }])).toEqual(
        [],
      )
    })

    test('a date is measured against the answer’s own Date', async () => {
      const answeredAt = new Date('2020-02-02T02:02:02.000Z')
      const until = new Date(answeredAt.getTime() + 20 * minute)
      const headers = { date: answeredAt.toUTCString() }
      const action = { errorNumber: 9729, retryAfter: until.toUTCString(), headers }
      expect(await refusedLater('users', action)).toMatchObject({
        tries: 1,
        nextSyncMs: 20 * minute,
      })
    })

    test.each([
      ['the first run of its token', false],
      ['a later one', true],
    ])(
      'heard in %s, the location is left alone although a sync is asked for',
      async (_, isKnown) => {
        if (isKnown) await world.run()
        await refuse('assets', { errorNumber: 9729, retryAfter: '1800' }, 1)
        expect(await world.runWhenDue(id)).toBe('failed')
        await world.requestSync(id)
        expect(await world.run()).toBe('failed')
        const { finding, figures } = await world.lastRun(id)
        expect([finding?.reason, finding?.detail]).toEqual([
          'appleUnavailable',
          'Apple asked for a pause.',
        ])
        expect(figures.tries).toBe(0)
        expect(await world.brokenRules([{ assert: 'retryAfter' }])).toEqual([])
        expect(await world.runWhenDue(id)).toBe('completed')
        expect(await world.brokenRules([{ assert: 'retryAfter' }])).toEqual([])
      },
    )

    test('on 429 and for one call, all calls of the location wait', async () => {
      expect(await world.run()).toBe('completed')
      await world.apple.control('PATCH', '/settings', { pageSizes: { assets: 1 } })
      await refuse('assets', { errorNumber: 9646, retryAfter: '30' }, 2)
      expect(await world.runWhenDue(id)).toBe('completed')
      expect(await world.brokenRules([{ assert: 'retryAfter' }])).toEqual([])
    })
  })
})

describe('a content token that died', () => {
  let world: TurnedWorld
  let id = ''
  beforeAll(async () => {
    world = await turnedWorld(['small'])
  })
  afterAll(() => world.close())

  test.each([
    ['revoked', '/tokens/small-01/revoke', {}, 'invalid revokedByApple'],
    ['unknown to Apple', '/tokens/small-01/forget', {}, 'invalid rejectedByApple'],
    [
      'unknown, with 401',
      '/tokens/small-01/forget',
      { invalidTokenStatus: 401 },
      'invalid rejectedByApple',
    ],
    ['expired before its date', '/tokens/small-01/expire', {}, 'expired expired'],
    ['legacy', '/tokens/small-01/legacy', {}, 'invalid legacyToken'],
    ['of an account that left', '/accounts/a1@harbour.example/left', {}, 'invalid revokedByApple'],
    [
      'of an account whose password changed, shown as 9601',
      '/accounts/a1@harbour.example/password-changed',
      { deadAccountError: 9601 },
      'invalid loginRequired',
    ],
  ])(
    '%s is told so, and is itself again with the next good answer',
    async (_, path, switches, told) => {
      await world.apple.control('POST', '/reset')
      await world.apple.control('PATCH', '/switches', switches)
      if (id !== '') await world.removeToken(id)
      id = await world.addToken((await world.apple.tokensOf(uId))[0]?.file ?? '')
      const shown = async () => {
        const { state, stateReason } = (await world.token(id)).record
        return `${state} ${stateReason}`
      }
      await world.run()
      expect(await shown()).toBe('valid unclaimed')
      await world.apple.control('POST', path)
      expect(await world.runWhenDue(id)).toBe('failed')
      expect(await shown()).toBe(told)
      await world.apple.control('POST', '/tokens/small-01/restore')
      expect(await world.runWhenDue(id)).toBe('completed')
      expect(await shown()).toBe('valid unclaimed')
    },
  )
})
