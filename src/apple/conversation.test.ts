import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  collect,
  common,
  credential,
  goodConfig,
  open,
  start,
  troubleOf,
} from '../../test/apple-conversation.ts'
import type { ReceivedRequest, ScriptedAnswer } from '../../test/scripted-server.ts'
import type { Assignment } from '../model/apple-rows.ts'
import type { Clock } from '../model/clock.ts'

const configPath = '/mdm/v2/client/config'
const assetsPath = '/mdm/v2/assets'
const assignmentsPath = '/mdm/v2/assignments'
const usersPath = '/mdm/v2/users'
const servicePath = '/mdm/v2/service/config'

const wanted: Assignment = {
  adamId: '9000000001',
  pricingParam: 'STDQ',
  targetKind: 'serialNumber',
  target: 'POMSER000001',
}
const wantedRow = { adamId: '9000000001', pricingParam: 'STDQ', serialNumber: 'POMSER000001' }

/** Pages of `rows`, `size` on each, as Apple would cut them. */
function paged(list: string, rows: readonly unknown[], size: number) {
  return ({ query }: ReceivedRequest): ScriptedAnswer => {
    const index = Number(query.pageIndex ?? '0')
    const totalPages = Math.max(1, Math.ceil(rows.length / size))
    const onPage = rows.slice(index * size, (index + 1) * size)
    const next = index + 1 < totalPages ? { nextPageIndex: index + 1 } : {}
    const paging = { currentPageIndex: index, ...next, size: onPage.length, totalPages }
    return { json: { [list]: onPage, ...paging, versionId: 'v1', ...common } }
  }
}

function serials(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    adamId: '9000000001',
    pricingParam: 'STDQ',
    serialNumber: `POMSER${String(n).padStart(6, '0')}`,
  }))
}

describe('a conversation', () => {
  it('learns the limits without login, then the location with it', async () => {
    const { server, conversation } = await open()
    server.script(configPath, goodConfig)
    expect(await conversation.readConfig()).toEqual({
      uId: '7000000000000001',
      locationName: 'Kiel Depot',
      country: null,
      accountType: null,
      tokenExpiration: '2027-03-01T08:00:00.0000000Z',
      mdm: null,
    })
    expect(
      server.requests.map(({ method, target, headers }) => [method, target, headers.authorization]),
    ).toEqual([
      ['GET', servicePath, undefined],
      ['GET', configPath, `Bearer ${credential}`],
    ])
    expect(conversation.log).toEqual({
      requests: 1,
      pages: 0,
      tries: 1,
      waitedMs: 0,
      unknownFields: [],
      refusals: [],
      mdmIds: [null],
    })
  })

  it('learns the location from the assets when the account may read nothing else', async () => {
    const { server, conversation } = await open()
    server.script(configPath, { status: 403, json: { errorNumber: 9637, errorMessage: 'No.' } })
    server.script(assetsPath, paged('assets', [], 1))
    expect(await conversation.readConfig()).toEqual({
      uId: '7000000000000001',
      locationName: null,
      country: null,
      accountType: null,
      tokenExpiration: '2027-03-01T08:00:00.0000000Z',
      mdm: null,
    })
    expect(server.requests.map(({ target }) => target)).toEqual([
      servicePath,
      configPath,
      `${assetsPath}?pageIndex=0`,
    ])
  })

  it('walks assets without any filter, page by page', async () => {
    const { server, conversation } = await open()
    const row = {
      adamId: '9000000001',
      pricingParam: 'STDQ',
      productType: 'App',
      totalCount: 10,
      availableCount: 8,
      assignedCount: 2,
      retiredCount: 0,
    }
    server.script(assetsPath, paged('assets', [row, { ...row, pricingParam: 'PLUS' }], 1))
    const pages = await collect(conversation.walkAssets())
    expect(pages.map(({ rows, versionId }) => [rows[0]?.pricingParam, versionId])).toEqual([
      ['STDQ', 'v1'],
      ['PLUS', 'v1'],
    ])
    expect(server.of(assetsPath).map(({ target }) => target)).toEqual([
      '/mdm/v2/assets?pageIndex=0',
      '/mdm/v2/assets?pageIndex=1',
    ])
    expect(conversation.log).toMatchObject({ requests: 2, pages: 2, tries: 2 })
  })

  it('walks many pages five at a time, at the rate that the limits allow', async () => {
    const { server, clock, conversation } = await open()
    server.script(assignmentsPath, paged('assignments', serials(100), 2))
    const pages = await collect(conversation.walkAssignments())
    const targets = pages.flatMap(({ rows }) => rows.map(({ target }) => target))
    expect(targets).toEqual(serials(100).map(({ serialNumber }) => serialNumber))
    expect(server.of(assignmentsPath)).toHaveLength(50)
    expect(clock.now().getTime() - start.getTime()).toBe(49 * 84)
  })

  it('asks more slowly where Apple allows less', async () => {
    const { server, clock, conversation } = await open()
    server.script(servicePath, { json: { limits: { maxRequestPerSecond: 1 } } })
    server.script(
      usersPath,
      paged(
        'users',
        [
          { clientUserId: 'u-1', status: 'Registered' },
          { clientUserId: 'u-2', status: 'Retired' },
        ],
        1,
      ),
    )
    expect(await collect(conversation.walkUsers())).toHaveLength(2)
    expect(clock.now().getTime() - start.getTime()).toBe(1_250)
  })

  it('shares the rate with other conversations about the same location only', async () => {
    const { server, clock, vpp } = await open()
    server.script(configPath, goodConfig)
    await Promise.all(['a', 'a', 'b'].map((key) => vpp.converse(credential, key).readConfig()))
    expect(clock.now().getTime() - start.getTime()).toBe(84)
    expect(server.of(servicePath)).toHaveLength(1)
  })

  it('refuses an answer of another location before its rows are read', async () => {
    const { server, conversation } = await open()
    conversation.expectLocation('7000000000000002')
    server.script(assetsPath, { json: { assets: 'unread', ...common } })
    const { finding } = await troubleOf(collect(conversation.walkAssets()))
    expect(finding).toEqual({
      reason: 'locationMismatch',
      isDefinite: true,
      httpStatus: 200,
      detail: '7000000000000001',
    })
    expect(conversation.log.tries).toBe(1)
  })

  it('takes answers of the expected location, and those that name none', async () => {
    const { server, conversation } = await open()
    conversation.expectLocation(common.uId)
    server.script(configPath, goodConfig)
    await expect(conversation.readConfig()).resolves.toMatchObject({ uId: common.uId })
    const page = { users: [], versionId: 'v1' }
    server.script(usersPath, { json: page }, { json: { ...page, uId: null } })
    expect(await collect(conversation.walkUsers())).toHaveLength(1)
    expect(await collect(conversation.walkUsers())).toHaveLength(1)
  })

  it('asks again for an answer of another shape, and names the field in the end', async () => {
    const { server, conversation } = await open()
    server.script(configPath, { json: { uId: 7 } }, goodConfig)
    expect((await conversation.readConfig()).uId).toBe(common.uId)

    server.script(assetsPath, { json: { assets: [{ adamId: 5 }], versionId: 'v1' } })
    const { finding } = await troubleOf(collect(conversation.walkAssets()))
    expect(finding).toMatchObject({
      reason: 'appleUnavailable',
      isDefinite: false,
      detail: 'other JSON shape: asset.totalCount',
    })
    expect(server.of(assetsPath)).toHaveLength(5)
  })

  it('counts requests, tries and waits', async () => {
    const { server, conversation } = await open()
    server.script(
      configPath,
      { status: 503, json: { errorNumber: 9729 }, headers: { 'retry-after': '7' } },
      goodConfig,
    )
    await conversation.readConfig()
    expect(conversation.log).toMatchObject({ requests: 1, tries: 2, waitedMs: 7_000 })
  })

  it('holds back all work of a location when Apple asks for a pause', async () => {
    const asleep: number[] = []
    const abort = new AbortController()
    const clock: Clock = {
      now: () => start,
      sleep: (ms, signal) =>
        new Promise((_, reject) => {
          asleep.push(ms)
          signal?.addEventListener('abort', () => reject(signal.reason))
        }),
    }
    const { server, vpp, conversation } = await open({ clock }, abort.signal)
    const headers = { 'retry-after': '30' }
    server.script(configPath, { status: 503, json: { errorNumber: 9729 }, headers })
    const first = conversation.readConfig()
    while (asleep.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const second = collect(vpp.converse(credential, 'key', abort.signal).walkUsers())
    while (asleep.length < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(asleep).toEqual([30_000, 30_000])
    abort.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await expect(second).rejects.toThrow('enough')
  })

  it('ends at once, and asks nothing more of that location, when the pause is longer than a minute', async () => {
    const { server, vpp, conversation } = await open()
    const date = new Date(start).toUTCString()
    const headers = { date, 'retry-after': 'Tue, 01 Dec 2026 09:10:00 GMT' }
    server.script(configPath, { status: 503, json: { errorNumber: 9729 }, headers })
    const notBefore = '2026-12-01T09:10:00.0000000Z'
    expect((await troubleOf(conversation.readConfig())).finding).toMatchObject({
      reason: 'appleUnavailable',
      errorNumber: 9729,
      notBefore,
    })
    const other = vpp.converse(credential, 'key')
    expect((await troubleOf(collect(other.walkUsers()))).finding).toEqual({
      reason: 'appleUnavailable',
      isDefinite: false,
      detail: 'Apple asked for a pause.',
      notBefore,
    })
    expect(server.of(configPath)).toHaveLength(1)
    expect(server.of(usersPath)).toHaveLength(0)
    const elsewhere = vpp.converse(credential, 'another key')
    server.script(configPath, goodConfig)
    await expect(elsewhere.readConfig()).resolves.toMatchObject({ uId: common.uId })
  })

  it("rejects with the signal's reason when the run is given up", async () => {
    const abort = new AbortController()
    const { server, conversation } = await open({}, abort.signal)
    server.script(usersPath, { hangs: true })
    const walking = collect(conversation.walkUsers())
    while (server.of(usersPath).length === 0) await new Promise((resolve) => setImmediate(resolve))
    abort.abort(new Error('superseded'))
    await expect(walking).rejects.toThrow('superseded')
    await expect(conversation.readConfig()).rejects.toThrow('superseded')
  })

  it('notes new fields of Apple by name', async () => {
    const { server, conversation } = await open()
    server.script(configPath, { json: { ...common, colour: 'blue' } })
    await conversation.readConfig()
    expect(conversation.log.unknownFields).toEqual(['clientConfig.colour'])
  })
})

describe('the question whether a licence is still assigned (Apple C7)', () => {
  it('is asked with all filters and answered from the rows', async () => {
    const { server, conversation } = await open()
    server.script(assignmentsPath, paged('assignments', [wantedRow], 10))
    expect(await conversation.hasAssignment(wanted)).toBe(true)
    expect(server.of(assignmentsPath)[0]?.query).toEqual({
      adamId: '9000000001',
      pricingParam: 'STDQ',
      serialNumber: 'POMSER000001',
      pageIndex: '0',
    })
  })

  it('names a user by clientUserId, percent-encoded', async () => {
    const { server, conversation } = await open()
    server.script(assignmentsPath, paged('assignments', [], 10))
    const user: Assignment = { ...wanted, targetKind: 'clientUserId', target: 'a b&c' }
    expect(await conversation.hasAssignment(user)).toBe(false)
    expect(server.of(assignmentsPath)[0]?.target).toBe(
      '/mdm/v2/assignments?adamId=9000000001&pricingParam=STDQ&clientUserId=a%20b%26c&pageIndex=0',
    )
  })

  it('is not fooled by a server that ignores filters', async () => {
    const { server, conversation } = await open()
    const others = [
      { ...wantedRow, adamId: '9000000002' },
      { ...wantedRow, pricingParam: 'PLUS' },
      { ...wantedRow, serialNumber: 'POMSER000002' },
      { adamId: '9000000001', pricingParam: 'STDQ', clientUserId: 'POMSER000001' },
    ]
    server.script(assignmentsPath, paged('assignments', others, 1))
    expect(await conversation.hasAssignment(wanted)).toBe(false)
    expect(server.of(assignmentsPath)).toHaveLength(4)
    server.script(assignmentsPath, paged('assignments', [...others, wantedRow], 1))
    expect(await conversation.hasAssignment(wanted)).toBe(true)
  })
})

describe("Apple's clock", () => {
  const at = (ms: number) => ({ date: new Date(start.getTime() + ms).toUTCString() })

  it.each([
    [301_000, 301_000],
    [-3_600_000, -3_600_000],
  ])('is reported once when it is off by %i ms', async (offMs, skewMs) => {
    const { server, observed, conversation } = await open()
    server.script(configPath, { ...goodConfig, headers: at(offMs) })
    await conversation.readConfig()
    await conversation.readConfig()
    // The second request starts 84 ms later; only the first one is reported.
    expect(observed).toEqual([
      { kind: 'appleClockSkewed', skewMs, host: new URL(server.origin).host },
    ])
  })

  it('may be off by five minutes', async () => {
    const { server, observed, conversation } = await open()
    server.script(configPath, { ...goodConfig, headers: at(300_000) })
    await conversation.readConfig()
    expect(observed).toEqual([])
  })
})

describe('the credential (Apple C12)', () => {
  it.each<[string, ScriptedAnswer]>([
    [
      'a revoked token',
      { status: 401, json: { errorNumber: 9625, errorMessage: `Revoked: ${credential}` } },
    ],
    [
      'a defect',
      { status: 401, json: { errorNumber: 9722, errorMessage: `Bearer ${credential}` } },
    ],
    ['an echo in HTML', { status: 500, body: `<html>${credential}</html>` }],
    ['an echo in a redirect', { status: 307, headers: { location: `/?${credential}` }, body: '' }],
    ['an echo in a strange shape', { json: { uId: [credential] } }],
    ['an echo as another location', { json: { uId: credential } }],
    ['an echo as a field', { json: { [credential]: 1, uId: [] } }],
    ['an echo with escaped slashes', { body: `{"uId":"${credential.replaceAll('/', '\\/')}"}` }],
    ['a cut connection', { cut: 'beforeHeaders' }],
    ['a cut body', { cut: 'midBody', json: { echo: credential } }],
  ])('is in no error, observation or log after %s', async (_, answer) => {
    const { server, observed, conversation } = await open({ requestTimeoutMs: 5_000 })
    conversation.expectLocation(common.uId)
    server.script(configPath, answer)
    const trouble = await troubleOf(conversation.readConfig())
    expect(everythingIn([trouble, trouble.stack, observed, conversation.log])).not.toContain(
      credential,
    )
    expect(everythingIn(trouble)).not.toMatch(/authorization|bearer eyJ/i)
  })

  it('is in no error after a time-out, a refused connection or an unsendable request', async () => {
    const slow = await open({ requestTimeoutMs: 30 })
    slow.server.script(configPath, { hangs: true })
    const closed = await open({ baseUrl: 'http://127.0.0.1:1/mdm/v2' })
    const unsendable = slow.vpp.converse(`${credential}\n`, 'key')
    const troubles = await Promise.all([
      troubleOf(slow.conversation.readConfig()),
      troubleOf(closed.conversation.readConfig()),
      troubleOf(unsendable.readConfig()),
    ])
    expect(everythingIn(troubles)).not.toContain(credential)
    expect(troubles.map(({ finding }) => finding.reason)).toEqual([
      'appleUnavailable',
      'appleUnavailable',
      'clientDefect',
    ])
  })
})

/** All that a careless logger could print: hidden properties and causes too. */
function everythingIn(value: unknown): string {
  return `${inspect(value, { depth: 20, showHidden: true, getters: true })} ${JSON.stringify(value)}`
}
