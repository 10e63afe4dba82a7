import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
let drive: TestDrive
let token: string

beforeEach(async () => {
  drive = await testDrive(['small', 'states'])
  token = await drive.tokenFile(uId)
})
afterEach(() => drive.stop())

const addFault = (fault: object) => drive.control('POST', '/worlds/main/faults', fault)
const claim = (): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"mdmInfo":{"id":"i","name":"n","metadata":"m"}}',
})
const holder = async () =>
  (await drive.control('GET', `/worlds/main/libraries/${uId}`)).json.mdmInfo

describe('which calls a fault meets (Apple contract 11.7)', () => {
  test('the second and third of its own calls, and no other', async () => {
    const { status, json } = await addFault({
      id: 'f1',
      match: {
        method: 'GET',
        path: '/mdm/v2/assets',
        uId,
        query: { pageIndex: '0' },
        bodyIncludes: null,
      },
      nth: 2,
      count: 2,
      action: {
        status: 503,
        errorNumber: 9729,
        retryAfter: '7',
        delayMs: 0,
        cut: 'none',
        truncateAt: null,
        headers: {},
        body: null,
        applyEffect: false,
      },
    })
    expect([status, json.id, json.seen]).toEqual([201, 'f1', 0])
    const statuses: number[] = []
    for (let call = 0; call < 4; call += 1) {
      await drive.apple('/users', token)
      statuses.push((await drive.apple('/assets?pageIndex=0', token)).status)
    }
    expect(statuses).toEqual([200, 503, 503, 200])
    const { entries } = (await drive.control('GET', '/worlds/main/journal')).json
    expect(entries.map((entry: { ruleId: string | null }) => entry.ruleId)).toEqual([
      null,
      null,
      null,
      'f1',
      null,
      'f1',
      null,
      null,
    ])
  })

  test('the older of two that fire wins, and count 0 goes on for ever', async () => {
    await addFault({ match: { path: '/mdm/v2/*' }, count: 0, action: { errorNumber: 9603 } })
    await addFault({ match: { path: '/mdm/v2/users' }, count: 0, action: { errorNumber: 9634 } })
    expect((await drive.apple('/users', token)).json.errorNumber).toBe(9603)
    await drive.control('DELETE', '/worlds/main/faults/fault-1')
    expect((await drive.apple('/users', token)).json.errorNumber).toBe(9634)
  })

  test('the location and the text of the body count', async () => {
    await addFault({ match: { uId: '7000000000000010' }, action: { errorNumber: 9603 } })
    await addFault({ match: { bodyIncludes: 'Pomona' }, action: { errorNumber: 9603 } })
    expect((await drive.apple('/users', token)).status).toBe(200)
    expect((await drive.apple('/client/config', token, claim())).status).toBe(200)
    const other = await drive.tokenFile('7000000000000010')
    expect((await drive.apple('/users', other)).status).toBe(500)
  })

  test('faults come before all checks, also without a token and on unknown paths', async () => {
    await addFault({
      count: 0,
      action: { status: 302, headers: { Location: 'https://elsewhere.example/' } },
    })
    const answer = await drive.apple('/nowhere')
    expect([answer.status, answer.headers.get('location'), answer.text]).toEqual([
      302,
      'https://elsewhere.example/',
      '',
    ])
  })
})

describe('what a fault does', () => {
  test('a number inside a 200, one that nobody knows', async () => {
    await addFault({ action: { status: 200, errorNumber: 9999 } })
    const { status, json } = await drive.apple('/users', token)
    expect([status, json.errorNumber]).toEqual([200, 9999])
  })

  test('a number alone brings its own status', async () => {
    await addFault({ action: { errorNumber: 9634 } })
    expect((await drive.apple('/users', token)).status).toBe(410)
  })

  test('retryAfter is sent as it stands, seconds or date', async () => {
    await addFault({ action: { status: 503, retryAfter: 7 } })
    await addFault({ nth: 2, action: { status: 503, retryAfter: 'Fri, 01 Jan 2027 00:00:00 GMT' } })
    expect((await drive.apple('/users', token)).headers.get('retry-after')).toBe('7')
    expect((await drive.apple('/users', token)).headers.get('retry-after')).toBe(
      'Fri, 01 Jan 2027 00:00:00 GMT',
    )
  })

  test('body replaces the answer', async () => {
    await addFault({ action: { status: 502, body: '<html>Bad gateway</html>' } })
    const answer = await drive.apple('/users', token)
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
      502,
      'text/html',
      '<html>Bad gateway</html>',
    ])
  })

  test('truncateAt ends the real JSON after so many bytes', async () => {
    await addFault({ action: { truncateAt: 25 } })
    const answer = await drive.apple('/users', token)
    expect([answer.status, answer.text]).toEqual([200, '{"users":[{"clientUserId"'])
  })

  test.each(['beforeHeaders', 'midBody'])('cut %s breaks the connection', async (cut) => {
    await addFault({ action: { cut } })
    await expect(drive.apple('/users', token)).rejects.toThrow(/fetch failed|terminated/)
    expect((await drive.apple('/users', token)).status).toBe(200)
    const { entries } = (await drive.control('GET', '/worlds/main/journal')).json
    expect([entries[0].isBroken, entries[0].status]).toEqual([true, cut === 'midBody' ? 200 : null])
  })

  test('delayMs alone holds the real answer back, in real time', async () => {
    await addFault({ action: { delayMs: 5000 } })
    expect((await drive.apple('/users', token)).json.size).toBe(3)
    const [entry] = (await drive.control('GET', '/worlds/main/journal')).json.entries
    expect(Date.parse(entry.realEnd) - Date.parse(entry.realStart)).toBe(5000)
    expect(entry.virtualEnd).toBe(entry.virtualStart)
  })

  test('a write that a fault answers has no effect', async () => {
    await addFault({ action: { cut: 'beforeHeaders' } })
    await expect(drive.apple('/client/config', token, claim())).rejects.toThrow('fetch failed')
    expect(await holder()).toBeNull()
  })

  test('with applyEffect the write happens and its answer is lost', async () => {
    await addFault({ action: { cut: 'beforeHeaders', applyEffect: true } })
    await expect(drive.apple('/client/config', token, claim())).rejects.toThrow('fetch failed')
    expect(await holder()).toEqual({ id: 'i', name: 'n', metadata: 'm' })
    const [entry] = (await drive.control('GET', '/worlds/main/journal')).json.entries
    expect([entry.effect, entry.status]).toEqual(['mdmInfo i', null])
  })
})

describe('what a fault leaves alone', () => {
  test('the verb of a match may be written in small letters', async () => {
    await addFault({ match: { method: 'get', path: '/mdm/v2/users' }, action: { status: 503 } })
    expect((await drive.apple('/users', token)).status).toBe(503)
  })

  test('a page that a fault answers is not the page that a walk script waits for', async () => {
    await drive.control('POST', '/worlds/main/walk-scripts', {
      endpoint: 'assignments',
      beforePage: 0,
      writes: [
        { write: 'associate', assets: [{ adamId: '9000000002' }], serialNumbers: ['POMSER000009'] },
      ],
    })
    await addFault({ match: { path: '/mdm/v2/assignments' }, action: { status: 503 } })
    const size = async () => (await drive.apple('/assignments', token)).json?.size
    const scripts = async () =>
      (await drive.control('GET', '/worlds/main/walk-scripts')).json.walkScripts
    expect([await size(), (await scripts())[0].hasRun]).toEqual([undefined, false])
    expect([await size(), (await scripts())[0].hasRun]).toEqual([5, true])
    const { entries } = (await drive.control('GET', '/worlds/main/journal')).json
    expect(entries.map(({ effect }: { effect: string }) => effect)).toEqual([
      null,
      'walk script walk-script-1',
    ])
  })

  test('a number has the status that the switches give it', async () => {
    await drive.control('PATCH', '/worlds/main/switches', {
      invalidTokenStatus: 401,
      badHeaderStatus: 200,
    })
    await addFault({ match: { path: '/mdm/v2/users' }, action: { errorNumber: 9622 } })
    await addFault({ match: { path: '/mdm/v2/assets' }, action: { errorNumber: 9722 } })
    const statuses = [await drive.apple('/users', token), await drive.apple('/assets', token)]
    expect(statuses.map(({ status, json }) => [status, json.errorNumber])).toEqual([
      [401, 9622],
      [200, 9722],
    ])
  })

  test.each([204, 304])('a status of %i has no body, and promises none', async (status) => {
    await addFault({ match: { path: '/mdm/v2/users' }, action: { status } })
    const answer = await drive.apple('/users', token)
    expect([answer.status, answer.headers.get('content-length'), answer.text]).toEqual([
      status,
      null,
      '',
    ])
  })
})

describe('what is wrong with a fault is said', () => {
  test.each([
    [
      { action: { stats: 503 } },
      400,
      '"action" has no member "stats". Perhaps you meant "status".',
    ],
    [{ nth: 0, action: {} }, 400, '"nth" has to be a whole number from 1.'],
    [{}, 400, '"action" has to be a JSON object.'],
    [
      { match: { path: 'mdm/v2/assets' }, action: {} },
      400,
      '"path" in "match" has to begin with "/": "/mdm/v2/assets".',
    ],
    [
      { match: { path: '/worlds/main/mdm/v2/assets' }, action: {} },
      400,
      '"path" in "match" begins behind the world: "/mdm/v2/assets". This world sees its own calls only.',
    ],
    [
      { match: { path: '/mdm/v2/assets?pageIndex=1' }, action: {} },
      400,
      '"path" in "match" holds a query. Use "query": {"pageIndex": "1"}.',
    ],
    [
      { action: { headers: { 'x-a': 'line\nbreak' } } },
      400,
      '"x-a" in "headers" in "action" cannot be sent as a header. Use ASCII without line ends.',
    ],
    [
      { action: { retryAfter: '7\n' } },
      400,
      '"retryAfter" in "action" cannot be sent as a header. Use ASCII without line ends.',
    ],
    [
      { action: { headers: { 'Content-Length': '5' } } },
      400,
      '"Content-Length" in "headers" in "action" is set by the simulator. Use "cut" or "truncateAt" instead.',
    ],
  ])('%j', async (fault, status, error) => {
    expect(await addFault(fault)).toEqual({ status, json: { error } })
  })

  test('an id is given once', async () => {
    await addFault({ id: 'f1', action: {} })
    expect((await addFault({ id: 'f1', action: {} })).status).toBe(409)
    expect((await drive.control('DELETE', '/worlds/main/faults/f2')).status).toBe(404)
  })
})
