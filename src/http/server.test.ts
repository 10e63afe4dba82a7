import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { handClock } from '../../test/hand-clock.ts'
import type { Observation } from '../model/observation.ts'
import type { HttpRequest, HttpResponse } from '../ports/route.ts'
import type { Door } from './answer-at-door.ts'
import { healthDoor } from './health.ts'
import { type RunningServer, type ServerOptions, startServer } from './server.ts'

const bodyLimit = 1_000
const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.close()
})

/** Answers what it was asked, as text that tests can compare. */
async function told(request: HttpRequest): Promise<HttpResponse> {
  const { method, target, origin, remoteAddress } = request
  try {
    const body =
      method === 'POST' && !target.startsWith('/unread')
        ? Buffer.from(await request.readBody(bodyLimit)).toString('latin1')
        : '-'
    const text = [method, target, origin.replace(/:\d+$/, ''), remoteAddress, body].join(' ')
    return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: text }
  } catch (error) {
    return { status: 413, headers: {}, body: String(error) }
  }
}

async function served(change: Partial<ServerOptions> = {}) {
  const observed: Observation[] = []
  const clock = handClock(new Date('2026-12-01T09:00:00Z'))
  const gate = Promise.withResolvers<void>()
  const arrived: string[] = []
  const doors: readonly Door[] = [
    healthDoor(async () => undefined),
    {
      takes: (target) => target.startsWith('/slow'),
      answer: async ({ target }) => {
        arrived.push(target)
        await gate.promise
        return { status: 200, headers: {}, body: `slow ${target}` }
      },
    },
    {
      takes: (target) => target === '/broken',
      answer: async () => {
        throw new Error('a fault')
      },
    },
    {
      takes: (target) => target === '/unsayable',
      answer: async () => ({ status: 200, headers: { Odd: 'two\nlines' }, body: 'odd' }),
    },
    { takes: () => true, answer: told },
  ]
  const server: RunningServer = await startServer({
    host: '127.0.0.1',
    port: 0,
    publicOrigins: [],
    trustedProxies: [],
    doors: () => doors,
    clock,
    observe: (observation) => observed.push(observation),
    ...change,
  })
  running.push({
    async close() {
      gate.resolve()
      await server.close()
    },
  })
  return { server, clock, gate, arrived, observed }
}

interface Raw {
  readonly socket: Socket
  /** All that came until the other side closed. */
  readonly whole: Promise<string>
  /** Resolves once what came holds the text. */
  until(text: string): Promise<string>
}

function raw(port: number, ...pieces: readonly string[]): Raw {
  const socket = connect(port, '127.0.0.1')
  let got = ''
  const waiting = new Set<() => void>()
  const ended = Promise.withResolvers<string>()
  socket.on('data', (bytes) => {
    got += bytes.toString('latin1')
    for (const look of waiting) look()
  })
  // A reset shows in what came, or did not.
  socket.on('error', () => undefined)
  socket.on('close', () => ended.resolve(got))
  for (const piece of pieces) socket.write(piece)
  running.push({ close: async () => void socket.destroy() })
  return {
    socket,
    whole: ended.promise,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!got.includes(text)) return
          waiting.delete(look)
          resolve(got)
        }
        waiting.add(look)
        ended.promise.then(() => reject(new Error(`closed without ${text}: ${got}`)))
        look()
      }),
  }
}

const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
const bodyOf = (text: string) => text.split('\r\n\r\n').at(-1)
const last = 'Connection: close\r\n\r\n'
const get = (target: string, headers = 'Host: localhost:PORT\r\n') =>
  `GET ${target} HTTP/1.1\r\n${headers}`

const tooManyBytes = 'x'.repeat(40_000)

describe('what comes over a bare connection', () => {
  const cases: readonly (readonly [string, string, readonly number[], string | RegExp])[] = [
    ['a plain request', get('/a') + last, [200], 'GET /a http://localhost 127.0.0.1 -'],
    ['HTTP/1.0', 'GET /a HTTP/1.0\r\nHost: localhost:PORT\r\n\r\n', [200], /^GET \/a /],
    ['no HTTP at all', 'hello\r\n\r\n', [400], /not HTTP/],
    [
      'the start of a TLS handshake',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      [400],
      /not HTTP/,
    ],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400], /not HTTP/],
    ['HTTP/3.0 in the line', `GET / HTTP/3.0\r\nHost: localhost\r\n\r\n`, [400], /not HTTP/],
    [
      'a method in lower case',
      `get / HTTP/1.1\r\nHost: localhost:PORT\r\n${last}`,
      [400],
      /not HTTP/,
    ],
    [
      'a method that nobody knows',
      `FOO / HTTP/1.1\r\nHost: localhost:PORT\r\n${last}`,
      [400],
      /not HTTP/,
    ],
    [
      'a rare method',
      `PROPFIND /a HTTP/1.1\r\nHost: localhost:PORT\r\n${last}`,
      [200],
      /^PROPFIND \/a /,
    ],
    [
      'a header without a colon',
      get('/', `Host: localhost:PORT\r\nodd\r\n`) + last,
      [400],
      /not HTTP/,
    ],
    [
      'a header with a space before the colon',
      get('/', `Host : localhost:PORT\r\n`) + last,
      [400],
      /not HTTP/,
    ],
    [
      'a folded header',
      get('/', `Host: localhost:PORT\r\nA: b\r\n c\r\n`) + last,
      [400],
      /not HTTP/,
    ],
    [
      'a NUL in a header',
      get('/', `Host: localhost:PORT\r\nA: b\0c\r\n`) + last,
      [400],
      /not HTTP/,
    ],
    ['no Host', get('/', '') + last, [400], ''],
    [
      'two Hosts',
      get('/', 'Host: localhost:PORT\r\nHost: localhost:PORT\r\n') + last,
      [400],
      /'host' came twice/,
    ],
    [
      'two Authorizations',
      get('/', 'Host: localhost:PORT\r\nAuthorization: a\r\nAuthorization: b\r\n') + last,
      [400],
      /'authorization' came twice/,
    ],
    [
      'a foreign Host',
      get('/a', 'Host: evil.example\r\n') + last,
      [400],
      /names a server that this one is not/,
    ],
    [
      'a foreign Host at the health address',
      get('/health/live', 'Host: 10.0.0.7\r\n') + last,
      [200],
      'live\n',
    ],
    ['the absolute form', get('http://localhost:PORT/a?b=%2F') + last, [200], /^GET \/a\?b=%2F /],
    [
      'the absolute form, whose host counts',
      get('http://evil.example/a') + last,
      [400],
      /names a server/,
    ],
    [
      'the absolute form against the Host header',
      get('http://localhost:PORT', 'Host: evil.example\r\n') + last,
      [200],
      /^GET \/ /,
    ],
    ['OPTIONS of the server', `OPTIONS * HTTP/1.1\r\nHost: localhost:PORT\r\n${last}`, [204], ''],
    ['GET of the server', get('*') + last, [400], /names no path/],
    ['a target that is neither', get('a/b') + last, [400], /not HTTP/],
    [
      'CONNECT',
      'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n',
      [405],
      /no proxy/,
    ],
    [
      'a target with a space',
      'GET /a b HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n',
      [400],
      /not HTTP/,
    ],
    ['a target with odd percent signs', get('/%zz%') + last, [200], /^GET \/%zz% /],
    ['a target with bytes beyond ASCII', get('/\xe9') + last, [400], /not HTTP/],
    [
      'an upgrade that is not offered',
      get('/a', 'Host: localhost:PORT\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n') +
        '\r\n',
      [200],
      /^GET \/a /,
    ],
    [
      'headers that are too large',
      get('/', `Host: localhost:PORT\r\nA: ${tooManyBytes}\r\n`) + last,
      [431],
      /too large/,
    ],
    ['a target that is too large', get(`/${tooManyBytes}`) + last, [431], /too large/],
    ['HEAD', `HEAD /a HTTP/1.1\r\nHost: localhost:PORT\r\n${last}`, [200], ''],
    ['a fault in a room', get('/broken') + last, [500], ''],
    ['an answer with a header that cannot be sent', get('/unsayable') + last, [500], ''],
    [
      'a body',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 3\r\n${last}abc`,
      [200],
      /abc$/,
    ],
    [
      'a body in chunks',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked\r\n${last}3\r\nabc\r\n0\r\n\r\n`,
      [200],
      /abc$/,
    ],
    [
      'a body with a length and in chunks',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n${last}0\r\n\r\n`,
      [400],
      /not HTTP/,
    ],
    [
      'two lengths',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 3\r\nContent-Length: 4\r\n${last}abcd`,
      [400],
      /not HTTP/,
    ],
    [
      'a negative length',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: -1\r\n${last}`,
      [400],
      /not HTTP/,
    ],
    [
      'a chunk whose size is none',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      [400],
      /not HTTP/,
    ],
    [
      'a huge length, refused before any of it came',
      'POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 999999999999\r\n\r\n',
      [413],
      /larger than 0 KiB/,
    ],
    [
      'a body beyond the limit in chunks',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked\r\n\r\n${'400\r\n'}${'y'.repeat(1_024)}\r\n`,
      [413],
      /larger than/,
    ],
    [
      'a body that nobody reads',
      'POST /unread HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 50\r\n\r\n',
      [200],
      /^POST \/unread /,
    ],
    [
      'a question whether to send, then a body',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nExpect: 100-continue\r\nContent-Length: 3\r\n${last}abc`,
      [100, 200],
      /abc$/,
    ],
    [
      'a question whether to send too much',
      'POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n',
      [413],
      /larger than/,
    ],
    [
      'a question whether to send what nobody reads',
      'POST /unread HTTP/1.1\r\nHost: localhost:PORT\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
      [200],
      /^POST \/unread /,
    ],
    [
      'an expectation that is not met',
      `POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nExpect: magic\r\nContent-Length: 0\r\n${last}`,
      [417],
      '',
    ],
    [
      'three requests at once',
      `${get('/1')}\r\n${get('/2')}\r\n${get('/3')}${last}`,
      [200, 200, 200],
      /^GET \/3 /,
    ],
  ]

  it.each(cases)('%s', async (_, sent, expected, body) => {
    const { server } = await served()
    const answer = await raw(server.port, sent.replaceAll('PORT', String(server.port))).whole
    expect(statuses(answer)).toEqual(expected)
    if (typeof body === 'string') expect(bodyOf(answer)).toBe(body)
    else expect(bodyOf(answer)).toMatch(body)
    // Nothing of it made the server stumble.
    const next = get('/next').replace('PORT', String(server.port)) + last
    expect(statuses(await raw(server.port, next).whole)).toEqual([200])
  })

  it('comes back in the order in which it was asked', async () => {
    const { server, gate, arrived } = await served()
    const ask = (target: string, end: string) =>
      get(target).replace('PORT', String(server.port)) + end
    const { whole } = raw(server.port, ask('/slow', '\r\n') + ask('/fast', last))
    const other = await raw(server.port, ask('/other', last)).whole
    expect(bodyOf(other)).toMatch(/^GET \/other /)
    expect(arrived).toEqual(['/slow'])
    gate.resolve()
    const answer = await whole
    expect(answer.indexOf('slow /slow')).toBeGreaterThan(0)
    expect(answer.indexOf('GET /fast')).toBeGreaterThan(answer.indexOf('slow /slow'))
  })

  it('is not answered with the refusal of the next one on the same connection', async () => {
    const { server } = await served()
    const slow = get('/slow').replace('PORT', String(server.port))
    expect(await raw(server.port, `${slow}\r\nrubbish\r\n\r\n`).whole).toBe('')
  })

  it('has its fault observed by where it came from, not by what it holds', async () => {
    const { server, observed } = await served()
    await raw(server.port, get('/broken').replace('PORT', String(server.port)) + last).whole
    expect(observed.map(({ kind }) => kind)).toEqual(['requestCrashed', 'requestAnswered'])
    expect(JSON.stringify(observed)).not.toContain('a fault')
  })
})

describe('who takes too long', () => {
  const limits = { headersTimeoutMs: 100, requestTimeoutMs: 200, checkEachMs: 20 }

  it.each([
    ['over the headers', 'GET / HTTP/1.1\r\nHost: loc'],
    ['over the body', 'POST /a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 9\r\n\r\nabc'],
  ])('%s is told so and left', async (_, sent) => {
    const { server } = await served({ limits })
    const answer = await raw(server.port, sent.replace('PORT', String(server.port))).whole
    expect(statuses(answer)).toEqual([408])
  })
})

describe('closing', () => {
  const slow = (port: number, target = '/slow') =>
    `${get(target).replace('PORT', String(port))}\r\n`

  async function arrival(arrived: readonly string[], count: number) {
    while (arrived.length < count) await delay(1)
  }

  it('waits for the request under way and answers it whole', async () => {
    const { server, gate, arrived } = await served()
    const { whole } = raw(server.port, slow(server.port))
    await arrival(arrived, 1)
    const closed = server.close()
    expect(await Promise.race([closed.then(() => 'closed'), delay(50, 'open')])).toBe('open')
    gate.resolve()
    const answer = await whole
    expect(answer).toContain('slow /slow')
    expect(answer.toLowerCase()).toContain('connection: close')
    await closed
  })

  it('answers what arrives on that connection meanwhile too', async () => {
    const { server, gate, arrived } = await served()
    const { socket, whole } = raw(server.port, slow(server.port, '/slow/1'))
    await arrival(arrived, 1)
    const closed = server.close()
    socket.write(slow(server.port, '/slow/2') + slow(server.port, '/slow/3'))
    await arrival(arrived, 3)
    gate.resolve()
    const answer = await whole
    expect(statuses(answer)).toEqual([200, 200, 200])
    expect(answer.match(/connection: close/gi)).toHaveLength(1)
    await closed
  })

  it('answers what had reached the machine already on a connection that was idle', async () => {
    const { server, gate } = await served()
    gate.resolve()
    const { socket, until, whole } = raw(server.port, slow(server.port, '/slow/1'))
    await until('slow /slow/1')
    socket.write(slow(server.port, '/slow/2'))
    await delay(0)
    const closed = server.close()
    expect(await whole).toContain('slow /slow/2')
    await closed
  })

  it('does not wait for silent connections, half a request or an idle one', async () => {
    const { server, gate } = await served()
    gate.resolve()
    const silent = raw(server.port)
    const half = raw(server.port, 'GET / HT')
    const idle = raw(server.port, slow(server.port))
    await idle.until('slow /slow')
    await server.close()
    expect(await Promise.all([silent.whole, half.whole])).toEqual(['', ''])
    expect(statuses(await idle.whole)).toEqual([200])
  })

  it('takes no new connection', async () => {
    const { server, gate, arrived } = await served()
    const first = raw(server.port, slow(server.port))
    await arrival(arrived, 1)
    const closed = server.close()
    await delay(5)
    expect(await raw(server.port, slow(server.port)).whole).toBe('')
    gate.resolve()
    expect(await first.whole).toContain('slow /slow')
    await closed
  })

  it('gives a request that never ends thirty seconds', async () => {
    const { server, clock, arrived } = await served()
    const { whole } = raw(server.port, slow(server.port))
    await arrival(arrived, 1)
    const closed = server.close()
    while (clock.asleep.length === 0) await delay(1)
    expect(clock.asleep).toEqual([30_000])
    clock.turn(29_999)
    expect(await Promise.race([closed.then(() => 'closed'), delay(20, 'open')])).toBe('open')
    clock.turn(1)
    await closed
    expect(await whole).toBe('')
  })
})
