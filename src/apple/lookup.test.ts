import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { troubleOf } from '../../test/apple-conversation.ts'
import {
  credential,
  germany,
  lookupAnswer,
  lookupPath,
  openLookup,
} from '../../test/store-lookup.ts'

const servicePath = '/mdm/v2/service/config'
const ids = (count: number) => Array.from({ length: count }, (_, n) => String(9_000_000_000 + n))

describe('a lookup', () => {
  test('asks in the words of the contract, without login', async () => {
    const { server, source } = await openLookup()
    server.script(lookupPath, lookupAnswer('1', '2'))
    const known = await source.lookUp(germany, ['2', '1'], credential)
    expect([...known].map(([id, { displayName }]) => `${id} ${displayName}`).sort()).toEqual([
      '1 App 1',
      '2 App 2',
    ])
    const [asked, ...others] = server.of(lookupPath)
    expect(others).toEqual([])
    expect(asked?.method).toBe('GET')
    expect(asked?.query).toEqual({
      version: '2',
      id: '2,1',
      p: 'mdm-lockup',
      caller: 'MDM',
      platform: 'enterprisestore',
      cc: 'de',
    })
    expect(asked?.headers.cookie).toBeUndefined()
    expect(asked?.headers.authorization).toBeUndefined()
  })

  test('asks in the language of the setting', async () => {
    const { server, source } = await openLookup(() => ({ language: 'en-gb' }))
    server.script(lookupPath, lookupAnswer('1'))
    await source.lookUp(germany, ['1'], credential)
    expect(server.of(lookupPath)[0]?.query.l).toBe('en-gb')
  })

  test('asks for what was missing once more, with the content token as it is', async () => {
    const { server, source, asked } = await openLookup()
    server.script(lookupPath, lookupAnswer('1'), lookupAnswer('2'))
    const known = await source.lookUp(germany, ['1', '2', '3'], credential)
    expect([...known.keys()]).toEqual(['1', '2'])
    expect(asked()).toEqual(['1,2,3 without cookie', `2,3 itvt=${credential}`])
  })

  test('never sends the content token to a host that is not allowed', async () => {
    const { server, source, asked } = await openLookup(({ origin }) => ({
      lookup: {
        url: `${origin}${lookupPath}`,
        fallbackUrl: 'https://store.example/',
        credentialHosts: ['127.0.0.1', 'store.example'],
        isSimulated: true,
      },
    }))
    server.script(lookupPath, lookupAnswer())
    expect((await source.lookUp(germany, ['1'], credential)).size).toBe(0)
    expect(asked()).toEqual(['1 without cookie'])
    expect(server.of(servicePath)).toEqual([])
  })

  test('never sends the content token in the clear in mode live', async () => {
    const { server, source, asked } = await openLookup(({ origin }) => ({
      lookup: {
        url: `${origin}${lookupPath}`,
        fallbackUrl: 'https://store.example/',
        credentialHosts: [new URL(origin).host],
        isSimulated: false,
      },
    }))
    server.script(lookupPath, lookupAnswer())
    await source.lookUp(germany, ['1'], credential)
    expect(asked()).toEqual(['1 without cookie'])
  })

  test('asks where service/config says, if that is allowed', async () => {
    const { server, source } = await openLookup()
    server.script(servicePath, {
      json: { urls: { contentMetadataLookup: `${server.origin}/elsewhere` } },
    })
    server.script('/elsewhere', lookupAnswer('1'))
    expect((await source.lookUp(germany, ['1'], credential)).size).toBe(1)
    expect(server.of(lookupPath)).toEqual([])
  })

  test('asks at the usual place when service/config names a host that is not allowed', async () => {
    const { server, source } = await openLookup()
    const stranger = server.origin.replace('127.0.0.1', 'localhost')
    server.script(servicePath, {
      json: { urls: { contentMetadataLookup: `${stranger}/elsewhere` } },
    })
    server.script(lookupPath, lookupAnswer())
    await source.lookUp(germany, ['1'], credential)
    expect(server.of(lookupPath)).toHaveLength(2)
    expect(server.of('/elsewhere')).toEqual([])
  })

  test('asks for at most 100 at once, and at most once in a second', async () => {
    const { server, source, clock } = await openLookup()
    const starts: number[] = []
    server.script(lookupPath, ({ query }) => {
      starts.push(clock.now().getTime())
      return lookupAnswer(...(query.id ?? '').split(','))
    })
    const known = await source.lookUp(germany, ids(250), credential)
    expect(known.size).toBe(250)
    expect(server.of(lookupPath).map(({ query }) => query.id?.split(',').length)).toEqual([
      100, 100, 50,
    ])
    expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 1_000, 2_000])
  })

  test('asks for each id once, and for nothing that is no id', async () => {
    const { server, source, asked } = await openLookup()
    server.script(lookupPath, lookupAnswer('1'))
    await source.lookUp(germany, ['1', '1', 'x&p=y', ''], credential)
    expect(asked()).toEqual(['1 without cookie'])
  })

  test('asks nobody when nothing is wanted', async () => {
    const { server, source } = await openLookup()
    expect((await source.lookUp(germany, [], credential)).size).toBe(0)
    expect(server.requests).toEqual([])
  })

  test('remembers for a day what everybody is shown, and what is missing there', async () => {
    const { server, source, clock, asked } = await openLookup()
    server.script(lookupPath, lookupAnswer('1'), lookupAnswer('2'), lookupAnswer('2'))
    await source.lookUp(germany, ['1', '2'], credential)
    // What the content token opened is asked for again: the next one may not open it.
    expect([...(await source.lookUp(germany, ['1', '2'], 'other')).keys()]).toEqual(['1', '2'])
    expect(asked().slice(2)).toEqual(['2 itvt=other'])
    clock.turn(24 * 3_600_000)
    await source.lookUp(germany, ['1'], credential)
    expect(asked()[3]).toBe('1 without cookie')
  })

  test('is tried three times at most, and says what it met', async () => {
    const { server, source } = await openLookup()
    server.script(lookupPath, { status: 503, body: 'busy' })
    const trouble = await troubleOf(source.lookUp(germany, ['1'], credential))
    expect(trouble.finding).toMatchObject({
      reason: 'appleUnavailable',
      isDefinite: false,
      httpStatus: 503,
      host: new URL(server.origin).host,
    })
    expect(server.of(lookupPath)).toHaveLength(3)
  })

  test('that fails once goes on with the answer of the next try', async () => {
    const { server, source } = await openLookup()
    server.script(lookupPath, { cut: 'midBody', json: { results: {} } }, lookupAnswer('1'))
    expect((await source.lookUp(germany, ['1'], credential)).size).toBe(1)
  })

  test('keeps all questions back for as long as Retry-After says', async () => {
    const { server, source, clock } = await openLookup()
    server.script(lookupPath, { status: 429, headers: { 'retry-after': '30' } }, lookupAnswer('1'))
    const begun = clock.now().getTime()
    await source.lookUp(germany, ['1'], credential)
    expect(clock.now().getTime() - begun).toBe(30_000)
  })

  test.each<[string, object, string]>([
    ['that is refused', { status: 400, json: { status: 7011 } }, 'HTTP 400'],
    ['that is sent elsewhere', { status: 302, headers: { location: '/elsewhere' } }, 'HTTP 302'],
  ])('%s is not tried again', async (_what, answer, detail) => {
    const { server, source } = await openLookup()
    server.script(lookupPath, answer)
    expect((await troubleOf(source.lookUp(germany, ['1'], credential))).message).toBe(detail)
    expect(server.of(lookupPath)).toHaveLength(1)
    expect(server.of('/elsewhere')).toEqual([])
  })

  test.each<[string, object, string]>([
    ['that is no JSON', { body: '<html>' }, 'the answer is not a JSON object'],
    ['without results', { json: {} }, 'other JSON shape: lookup.results'],
    [
      'without end',
      { body: ' '.repeat(8 * 1_024 * 1_024 + 1) },
      'the answer is longer than 8388608 bytes',
    ],
  ])('with an answer %s fails', async (_what, answer, detail) => {
    const { server, source } = await openLookup()
    server.script(lookupPath, answer)
    expect((await troubleOf(source.lookUp(germany, ['1'], credential))).message).toBe(detail)
  })

  test('does not tell the content token, even when the store sends it back', async () => {
    const { server, source } = await openLookup()
    server.script(lookupPath, lookupAnswer(), ({ headers }) => ({
      status: 400,
      json: { errorNumber: 9602, errorMessage: `bad ${headers.cookie}` },
    }))
    const trouble = await troubleOf(source.lookUp(germany, ['1'], credential))
    expect(server.of(lookupPath)[1]?.headers.cookie).toBe(`itvt=${credential}`)
    expect(inspect(trouble, { depth: 10, showHidden: true })).not.toContain(credential)
  })

  test('ends with the reason of whoever gives it up', async () => {
    const { server, source } = await openLookup()
    const stop = new AbortController()
    server.script(lookupPath, () => {
      stop.abort(new Error('enough'))
      return { hangs: true }
    })
    await expect(source.lookUp(germany, ['1'], credential, stop.signal)).rejects.toThrow('enough')
  })
})
