import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { Agent } from 'undici'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import { handClock } from '../../test/hand-clock.ts'
import { Failure } from '../model/failure.ts'
import type { Observation } from '../model/observation.ts'
import { createAuthenticator } from './bearer.ts'
import { fetchJsonThrough } from './fetch-json.ts'
import { foreignIssuers, type IssuerSetting } from './foreign-issuer.ts'

const tenantId = '0a64ad77-0d4f-4d45-9a61-5f1f0d8d1c11'
const otherTenantId = '7b1f4a9e-6a52-4d8e-8f0e-0f1b2a3c4d5e'
const unregisteredId = 'eeeeeeee-0000-4000-8000-000000000000'
const startMs = Date.parse('2026-12-01T09:00:00Z')
const audience = 'api://pomona'

interface Pair {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}
async function pair(kid: string, alg = 'RS256'): Promise<Pair> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) }
}
let first: Pair
let second: Pair
let elliptic: Pair
beforeAll(async () => {
  first = await pair('first')
  second = await pair('second')
  elliptic = await pair('elliptic', 'ES256')
})

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** A provider of its own on this machine, which can be down, slow or wrong. */
async function provider(keys: readonly Pair[], path = '') {
  const state = {
    keys,
    asked: [] as string[],
    /** What is answered instead; undefined = as a good provider would. */
    odd: undefined as Handle | undefined,
    document: {} as Record<string, unknown>,
  }
  const server = createServer((request, response) => {
    state.asked.push(request.url ?? '')
    if (state.odd) state.odd(request, response)
    else void answer(request, response)
  })
  const url = `http://127.0.0.1:${await listening(server)}${path}`
  async function answer({ url: asked = '' }: IncomingMessage, response: ServerResponse) {
    const place = asked.replace('/.well-known/openid-configuration', '')
    const document = asked.endsWith('/keys')
      ? { keys: await Promise.all(state.keys.map(published)) }
      : {
          issuer: url.replace(path, place),
          jwks_uri: `${url.replace(path, place)}/keys`,
          ...state.document,
        }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
  }
  return { url, state }
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const published = async ({ kid, alg, publicKey }: Pair): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid,
  alg,
  use: 'sig',
})

function trusting(settings: readonly IssuerSetting[], agent = new Agent()) {
  const clock = handClock(new Date(startMs))
  const observed: Observation[] = []
  const stopped = new AbortController()
  closing.push(() => agent.destroy())
  closing.push(() => stopped.abort())
  const issuers = foreignIssuers(settings, {
    audiences: [audience],
    fetchJson: fetchJsonThrough(agent),
    isTenantKnown: async (id) => id !== unregisteredId,
    clock,
    observe: (observation) => observed.push(observation),
    onChange: () => authenticator.clear(),
    stopped: stopped.signal,
  })
  const authenticator = createAuthenticator({ issuers, clock, cacheSize: 100 })
  const ask = (token: string) => authenticator.authenticate(`Bearer ${token}`)
  return { ask, clock, observed, stopped, issuers }
}

let serial = 0
function sign(iss: string, key: Pair, claims: object = {}, header: object = {}): Promise<string> {
  return new SignJWT({
    iss,
    aud: audience,
    azp: 'robot',
    tid: tenantId,
    exp: startMs / 1_000 + 86_400,
    roles: ['DeviceManagementApps.ReadWrite.All'],
    jti: String(++serial),
    ...claims,
  } as JWTPayload)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey)
}

async function failureOf(answer: Promise<unknown>): Promise<Failure> {
  const error = await answer.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  )
  if (error instanceof Failure) return error
  throw error
}

const bound = (issuer: string): IssuerSetting => ({ issuer, tenants: [tenantId] })

describe('an access token of a provider elsewhere', () => {
  it('names its caller, once the provider was asked for its document and keys', async () => {
    const { url, state } = await provider([first, elliptic])
    const { ask } = trusting([bound(url)])
    expect(await ask(await sign(url, first))).toEqual({
      tenantId,
      clientId: `${new URL(url).host}/robot`,
      permissions: new Set(['DeviceManagementApps.ReadWrite.All']),
      isOurs: false,
    })
    expect((await ask(await sign(url, elliptic))).tenantId).toBe(tenantId)
    expect(state.asked).toEqual(['/.well-known/openid-configuration', '/keys'])
  })

  it('may leave its tenant out when the provider speaks for one only', async () => {
    const { url } = await provider([first])
    const { ask } = trusting([bound(url)])
    expect((await ask(await sign(url, first, { tid: undefined }))).tenantId).toBe(tenantId)
    for (const tid of [null, '', 'x', otherTenantId, 7])
      expect(await failureOf(ask(await sign(url, first, { tid })))).toMatchObject({
        code: 'accessTokenRefused',
      })
  })

  it('must name its tenant when the provider speaks for two', async () => {
    const { url } = await provider([first])
    const { ask } = trusting([{ issuer: url, tenants: [tenantId, otherTenantId] }])
    expect((await ask(await sign(url, first, { tid: otherTenantId }))).tenantId).toBe(otherTenantId)
    expect(await failureOf(ask(await sign(url, first, { tid: undefined })))).toMatchObject({
      code: 'accessTokenRefused',
      message: expect.stringContaining("the claim 'tid'"),
    })
  })

  it.each([
    ['https://graph.microsoft.com'],
    ['https://graph.microsoft.com/'],
    ['00000003-0000-0000-c000-000000000000'],
    ['HTTPS://GRAPH.MICROSOFT.COM//'],
    [[audience, 'https://graph.microsoft.com']],
  ])('is never taken for the audience %j', async (aud) => {
    const { url } = await provider([first])
    const { ask } = trusting([bound(url)])
    expect(await failureOf(ask(await sign(url, first, { aud })))).toMatchObject({
      code: 'accessTokenAudience',
    })
  })

  it.each<[string, (url: string) => Promise<string>]>([
    ['with a key of another name', (url) => sign(url, first, {}, { kid: 'nobody' })],
    ["with another's key under a known name", (url) => sign(url, second, {}, { kid: 'first' })],
    [
      'with an algorithm that was not configured',
      async (url) => sign(url, await pair('first', 'RS512')),
    ],
    [
      'with the public key as a shared secret',
      async (url) =>
        new SignJWT({ iss: url, aud: audience })
          .setProtectedHeader({ alg: 'HS256', kid: 'first' })
          .sign(new TextEncoder().encode(await exportSPKI(first.publicKey))),
    ],
    ['with the name of a key of another kind', (url) => sign(url, elliptic, {}, { kid: 'first' })],
  ])('signed %s is refused', async (_, signed) => {
    const { url } = await provider([first])
    const { ask, clock } = trusting([bound(url)])
    await ask(await sign(url, first))
    clock.turn(60_000)
    expect(await failureOf(ask(await signed(url)))).toMatchObject({ code: 'accessTokenRefused' })
  })

  it('without a key name passes where the provider shows one key, and not where it shows two', async () => {
    const { url, state } = await provider([first])
    const { ask, clock } = trusting([bound(url)])
    expect((await ask(await sign(url, first, {}, { kid: undefined }))).tenantId).toBe(tenantId)
    state.keys = [first, second]
    clock.turn(60 * 60_000)
    expect(await failureOf(ask(await sign(url, first, {}, { kid: undefined })))).toMatchObject({
      code: 'accessTokenRefused',
    })
  })
})

describe('a provider with a URL for each tenant', () => {
  it('is asked at the URL of the tenant, each with its own keys', async () => {
    const { url, state } = await provider([first], '/{tid}/v2.0'.replace('{tid}', 'x'))
    const pattern = url.replace('/x/', '/{tid}/')
    const { ask } = trusting([{ issuer: pattern, tenants: 'fromIssuer' }])
    const iss = pattern.replace('{tid}', tenantId)
    expect((await ask(await sign(iss, first))).tenantId).toBe(tenantId)
    expect(state.asked).toEqual([
      `/${tenantId}/v2.0/.well-known/openid-configuration`,
      `/${tenantId}/v2.0/keys`,
    ])
    expect(await failureOf(ask(await sign(iss, first, { tid: otherTenantId })))).toMatchObject({
      code: 'accessTokenRefused',
    })
  })

  it('is not asked for tenants that are not registered or not its own, however they are written', async () => {
    const { url, state } = await provider([first], '/x')
    const pattern = url.replace('/x', '/{tid}')
    const open = trusting([{ issuer: pattern, tenants: 'fromIssuer' }])
    const iss = pattern.replace('{tid}', unregisteredId)
    expect(await failureOf(open.ask(await sign(iss, first)))).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(`'${unregisteredId}' is not registered`),
    })
    const narrow = trusting([{ issuer: pattern, tenants: [tenantId] }])
    const other = pattern.replace('{tid}', otherTenantId)
    expect(await failureOf(narrow.ask(await sign(other, first)))).toMatchObject({
      code: 'accessTokenRefused',
    })
    expect(state.asked).toEqual([])
    for (const spelling of [tenantId, tenantId.toUpperCase()])
      await open.ask(await sign(pattern.replace('{tid}', spelling), first))
    expect(state.asked).toHaveLength(2)
  })
})

describe('keys that change', () => {
  it('are read again for a token that names a new one', async () => {
    const { url, state } = await provider([first])
    const { ask, clock } = trusting([bound(url)])
    await ask(await sign(url, first))
    state.keys = [first, second]
    clock.turn(10_000)
    expect((await ask(await sign(url, second))).tenantId).toBe(tenantId)
  })

  it('are not read more often than each ten seconds, whatever is sent', async () => {
    const { url, state } = await provider([first])
    const { ask, clock } = trusting([bound(url)])
    await ask(await sign(url, first))
    for (let second = 0; second < 20; second += 1) {
      expect((await failureOf(ask(await sign(url, first, {}, { kid: 'junk' })))).code).toBe(
        'accessTokenRefused',
      )
      clock.turn(1_000)
    }
    expect(state.asked.filter((path) => path === '/keys')).toHaveLength(2)
  })

  it('are out within minutes when they were withdrawn, for tokens that were verified too', async () => {
    const { url, state } = await provider([first])
    const { ask, clock } = trusting([bound(url)])
    const token = await sign(url, first)
    await ask(token)
    state.keys = [second]
    clock.turn(10 * 60_000)
    // Judged by the old keys for the last time, while the new ones are being read.
    await ask(token)
    let last: unknown
    while (!(last instanceof Failure)) {
      await new Promise(setImmediate)
      last = await ask(token).catch((error: unknown) => error)
    }
    expect(last).toMatchObject({ code: 'accessTokenRefused' })
  })
})

describe('a provider that cannot be asked', () => {
  const fails = (code: number) => (_: unknown, response: ServerResponse) => {
    response.writeHead(code, { location: 'http://127.0.0.1:1/' }).end('{}')
  }
  const says =
    (text: string): Handle =>
    (_, response) =>
      response.end(text)

  it.each<[string, Handle, string]>([
    ['answers an error', fails(500), 'it answers with an error'],
    ['answers with a redirect', fails(302), 'it answers with a redirect, which is not followed'],
    ['answers no JSON', says('<html>'), 'is not the JSON document'],
    ['answers no object', says('7'), 'is not the JSON document'],
    ['answers without end', says(`"${'x'.repeat(300_000)}"`), 'is not the JSON document'],
    ['breaks off', (request) => void request.socket.destroy(), 'it does not answer'],
  ])('because it %s makes the token wait, and says why', async (_, odd, why) => {
    const { url, state } = await provider([first])
    state.odd = odd
    const { ask, observed } = trusting([bound(url)])
    const failure = await failureOf(ask(await sign(url, first)))
    expect(failure).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 })
    expect(failure.message).toContain(why)
    expect(failure.message).toContain(url)
    expect(observed).toEqual([
      { kind: 'issuerKeysUnread', issuer: url, reason: expect.stringContaining(why), failures: 1 },
    ])
  })

  it.each<[string, { issuer?: string | undefined; jwks_uri?: string | undefined }, string]>([
    ['names another issuer', { issuer: 'https://elsewhere.example' }, 'names another issuer'],
    ['differs by a slash', { issuer: 'SELF/' }, 'names another issuer'],
    ['names no issuer', { issuer: undefined }, 'names another issuer'],
    ['names no keys', { jwks_uri: undefined }, 'is not the JSON document'],
    ['sends to an open address', { jwks_uri: 'http://keys.example/' }, 'without HTTPS'],
    ['sends to a file', { jwks_uri: 'file:///etc/passwd' }, 'without HTTPS'],
  ])('because its document %s is not believed', async (_, document, why) => {
    const { url, state } = await provider([first])
    state.document = { ...document, ...(document.issuer === 'SELF/' ? { issuer: `${url}/` } : {}) }
    const { ask } = trusting([bound(url)])
    const failure = await failureOf(ask(await sign(url, first)))
    expect(failure.code).toBe('unavailable')
    expect(failure.message).toContain(why)
  })

  it('because it is slow is given five seconds', async () => {
    const { url, state } = await provider([first])
    state.odd = () => undefined
    const { ask, clock } = trusting([bound(url)])
    const failure = failureOf(ask(await sign(url, first)))
    while (state.asked.length === 0) await new Promise(setImmediate)
    expect(clock.asleep).toEqual([5_000])
    clock.turn(5_000)
    expect((await failure).message).toContain('it does not answer')
  })

  it('is asked again with growing pauses, by all who wait together', async () => {
    const { url, state } = await provider([first])
    state.odd = fails(503)
    const { ask, clock } = trusting([bound(url)])
    const token = await sign(url, first)
    const waits: (number | undefined)[] = []
    for (let turn = 0; turn < 8; turn += 1) {
      const answers = await Promise.all([failureOf(ask(token)), failureOf(ask(token))])
      const [{ retryAfterSeconds = 0 }] = answers
      waits.push(retryAfterSeconds)
      expect((await failureOf(ask(token))).retryAfterSeconds).toBe(retryAfterSeconds)
      expect(state.asked).toHaveLength(turn + 1)
      clock.turn(retryAfterSeconds * 1_000)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    state.odd = undefined
    expect((await ask(token)).tenantId).toBe(tenantId)
  })

  it('at the start is asked until it answers, ahead of the first token', async () => {
    const { url, state } = await provider([first])
    state.odd = fails(503)
    const { issuers, clock, observed } = trusting([bound(url)])
    const warm = Promise.all(issuers.map((issuer) => issuer.warmUp()))
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      while (clock.asleep[0] !== pauseMs) await new Promise(setImmediate)
      if (pauseMs === 4_000) state.odd = undefined
      clock.turn(pauseMs)
    }
    await warm
    expect(observed).toHaveLength(3)
    expect(state.asked.at(-1)).toBe('/keys')
  })

  it('at the start is left alone when the service stops', async () => {
    const { url, state } = await provider([first])
    state.odd = () => undefined
    const { issuers, stopped, observed } = trusting([bound(url)])
    const warm = Promise.all(issuers.map((issuer) => issuer.warmUp()))
    while (state.asked.length === 0) await new Promise(setImmediate)
    stopped.abort()
    await warm
    expect(observed).toEqual([])
  })

  it('for a while stops no token whose key is at hand, for an hour all of them', async () => {
    const { url, state } = await provider([first])
    const { ask, clock } = trusting([bound(url)])
    const token = await sign(url, first)
    await ask(token)
    state.odd = fails(503)
    clock.turn(60 * 60_000 - 1)
    expect((await ask(token)).tenantId).toBe(tenantId)
    clock.turn(5 * 60_000)
    expect((await failureOf(ask(token))).code).toBe('unavailable')
  })

  it('cannot say whether it has a key that is not at hand', async () => {
    const { url, state } = await provider([first])
    const { ask, clock } = trusting([bound(url)])
    await ask(await sign(url, first))
    state.odd = fails(503)
    clock.turn(10_000)
    const token = await sign(url, second)
    expect((await failureOf(ask(token))).code).toBe('unavailable')
    expect((await failureOf(ask(token))).code).toBe('unavailable')
    expect(state.asked).toHaveLength(3)
  })
})

describe('a provider over HTTPS', () => {
  it('counts when its certificate does', async () => {
    const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }
    const dates = {
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
    }
    const ca = await createLocalCa({ commonName: 'Test', ...names, ...dates })
    const leaf = await issueLeaf({ ca, ...names, ...dates })
    const keys = { keys: [await published(first)] }
    const server = createTlsServer(
      { cert: leaf.certificatePem, key: leaf.privateKeyPem },
      ({ url = '' }, response) => {
        const issuer = `https://localhost:${port}/realm`
        const document = { issuer, jwks_uri: `${issuer}/keys` }
        response.end(JSON.stringify(url.endsWith('/keys') ? keys : document))
      },
    )
    const port: number = await listening(server)
    const url = `https://localhost:${port}/realm`
    const good = trusting([bound(url)], new Agent({ connect: { ca: ca.certificatePem } }))
    expect((await good.ask(await sign(url, first))).tenantId).toBe(tenantId)
    const wary = trusting([bound(url)])
    expect((await failureOf(wary.ask(await sign(url, first)))).code).toBe('unavailable')
  })
})

describe('a setting of an issuer', () => {
  it.each<[string, readonly IssuerSetting[], string]>([
    ['without HTTPS', [bound('http://id.example')], 'must be an https URL'],
    ['that is no URL', [bound('id.example')], 'must be an https URL'],
    ['with a query', [bound('https://id.example/?a=b')], 'neither query'],
    ['without tenants', [{ issuer: 'https://id.example', tenants: [] }], 'speaks for no tenant'],
    ['with an odd tenant', [{ issuer: 'https://id.example', tenants: ['x'] }], "'x'"],
    [
      'that stands there twice',
      [bound('https://id.example'), bound('https://id.example')],
      'twice',
    ],
  ])('%s stops the start', (_, settings, why) => {
    expect(() => trusting(settings)).toThrow(
      expect.objectContaining({
        code: 'misconfigured',
        property: 'issuer',
        message: expect.stringContaining(why),
      }),
    )
  })
})
