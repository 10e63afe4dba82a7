import fc from 'fast-check'
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { Failure } from '../model/failure.ts'
import type { Observation } from '../model/observation.ts'
import type { Client, Tenant } from '../model/tenant.ts'
import type { InstanceReads } from '../ports/instance-store.ts'
import type { HttpRequest, HttpResponse } from '../ports/route.ts'
import { newClientSecret } from './client-secret.ts'
import { type IssuerRooms, issuerAnswer } from './issuer-answer.ts'

const origin = 'https://localhost:8443'
const tenantId = '0a64ad77-0d4f-4d45-9a61-5f1f0d8d1c11'
const suspendedId = '7b1f4a9e-6a52-4d8e-8f0e-0f1b2a3c4d5e'
const clientId = '4f0c5ad8-33ff-4bd4-a0ff-2f5b6f1f7e77'
const unknownId = 'eeeeeeee-0000-4000-8000-000000000000'
const requestId = '11111111-2222-4333-8444-555555555555'
const startMs = Date.parse('2026-11-22T09:00:00.250Z')
const createdAt = '2026-11-22T09:00:00.0000000Z'
const minuteMs = 60_000

const { secret, secretHash } = newClientSecret()
const scope = 'https://graph.microsoft.com/.default'
const good = {
  client_id: clientId,
  client_secret: secret,
  scope,
  grant_type: 'client_credentials',
}

let keys: IssuerRooms['keys']
beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  keys = {
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(pair.privateKey),
    publicKeys: async () => ({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1' }] }),
  }
})

function world(change: Partial<InstanceReads> = {}) {
  const time = { nowMs: startMs }
  const seen: Observation[] = []
  const tenants: Tenant[] = [
    { id: tenantId, name: 'Contoso', status: 'active', createdAt },
    { id: suspendedId, name: 'Fabrikam', status: 'suspended', createdAt },
  ]
  const clients: Client[] = [tenantId, suspendedId].map((owner) => ({
    id: clientId,
    tenantId: owner,
    name: 'Sync robot',
    roles: ['DeviceManagementApps.ReadWrite.All', 'DeviceManagementServiceConfig.Read.All'],
    secretHash,
    createdAt,
  }))
  const reads: Pick<InstanceReads, 'tenants' | 'clients'> = {
    tenants: {
      find: async (id) => tenants.find((tenant) => tenant.id === id),
      list: async () => tenants,
    },
    clients: {
      find: async (owner, id) =>
        clients.find((client) => client.tenantId === owner && client.id === id),
      list: async () => clients,
    },
    ...change,
  }
  const answer = issuerAnswer({
    reads,
    keys,
    clock: { now: () => new Date(time.nowMs), sleep: async () => undefined },
    observe: (observation) => seen.push(observation),
  })
  const send = (request: Partial<HttpRequest> & { body?: string | Uint8Array }) => {
    const { body = '', ...rest } = request
    return answer({
      id: requestId,
      method: 'GET',
      target: '/',
      headers: {},
      origin,
      remoteAddress: '192.0.2.1',
      async readBody(limit) {
        const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
        if (bytes.length > limit) throw new Failure('payloadTooLarge', `More than ${limit} bytes.`)
        return bytes
      },
      ...rest,
    })
  }
  const post = (
    form: string | Uint8Array | Readonly<Record<string, string>>,
    request: Partial<HttpRequest> = {},
  ) =>
    send({
      method: 'POST',
      target: `/${tenantId}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...request,
      body:
        typeof form === 'string' || form instanceof Uint8Array
          ? form
          : new URLSearchParams(form).toString(),
    })
  return { send, post, time, seen }
}

function told(response: HttpResponse): { status: number; error: string; description: string } {
  const { error, error_description } = JSON.parse(response.body ?? '{}')
  return { status: response.status, error, description: error_description }
}

function basic(id: string, password: string): string {
  return `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`
}

describe('the discovery document', () => {
  it('holds the addresses of the tenant at the origin that was called', async () => {
    const response = await world().send({
      target: `/${tenantId.toUpperCase()}/v2.0/.well-known/openid-configuration`,
    })
    expect(response.status).toBe(200)
    expect(response.headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=300',
    })
    expect(JSON.parse(response.body ?? '')).toEqual({
      issuer: `${origin}/${tenantId}/v2.0`,
      token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token`,
      authorization_endpoint: `${origin}/${tenantId}/oauth2/v2.0/authorize`,
      jwks_uri: `${origin}/${tenantId}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      scopes_supported: [scope],
    })
  })

  it('answers HEAD without a body', async () => {
    const response = await world().send({
      method: 'HEAD',
      target: `/${tenantId}/v2.0/.well-known/openid-configuration`,
    })
    expect(response.status).toBe(200)
    expect(response.body).toBeUndefined()
  })
})

it('the key set shows the public keys', async () => {
  const response = await world().send({ target: `/${tenantId}/discovery/v2.0/keys` })
  expect(JSON.parse(response.body ?? '')).toEqual(await keys.publicKeys())
})

it.each([
  ['GET', `/${unknownId}/v2.0/.well-known/openid-configuration`],
  ['GET', `/${unknownId}/discovery/v2.0/keys`],
  ['GET', '/common/v2.0/.well-known/openid-configuration'],
  ['GET', '/contoso.example/discovery/v2.0/keys'],
  ['POST', `/${unknownId}/oauth2/v2.0/token`],
  ['POST', '/common/oauth2/v2.0/token'],
])('%s %s: the tenant is not known', async (method, target) => {
  const response = await world().post(good, { method, target })
  expect(told(response)).toEqual({
    status: 400,
    error: 'invalid_tenant',
    description:
      'AADSTS90002: No such tenant is registered here. Put the id of a registered tenant, a GUID, into the path.',
  })
})

it.each([
  ['POST', `/${tenantId}/discovery/v2.0/keys`, 'GET, HEAD'],
  ['DELETE', `/${tenantId}/v2.0/.well-known/openid-configuration`, 'GET, HEAD'],
  ['GET', `/${tenantId}/oauth2/v2.0/token`, 'POST'],
])('%s %s: takes %s only', async (method, target, allow) => {
  const response = await world().post(good, { method, target })
  expect(response.status).toBe(405)
  expect(response.headers.allow).toBe(allow)
  expect(told(response).description).toBe(`This address takes ${allow} only.`)
})

it('nobody can sign in with a browser', async () => {
  const response = await world().send({ target: `/${tenantId}/oauth2/v2.0/authorize?client_id=x` })
  expect(told(response)).toEqual({
    status: 400,
    error: 'unsupported_response_type',
    description:
      'Nobody signs in here with a browser. Sign in as an application, at the token endpoint.',
  })
})

describe('the right credentials', () => {
  it('give an access token with exactly these claims (graph 6.2)', async () => {
    const { post, seen } = world()
    const response = await post(good)
    expect(response.status).toBe(200)
    expect(response.headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    })
    expect(response.observed).toEqual({
      route: '/{tenant}/oauth2/v2.0/token',
      tenantId,
      clientId,
    })
    const { access_token, ...rest } = JSON.parse(response.body ?? '')
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 900, ext_expires_in: 900 })
    const startSeconds = Math.floor(startMs / 1_000)
    expect(decodeJwt(access_token)).toEqual({
      aud: 'https://graph.microsoft.com',
      iss: `${origin}/${tenantId}/v2.0`,
      iat: startSeconds,
      nbf: startSeconds,
      exp: startSeconds + 900,
      app_displayname: 'Sync robot',
      appid: clientId,
      azp: clientId,
      idtyp: 'app',
      oid: clientId,
      sub: clientId,
      roles: ['DeviceManagementApps.ReadWrite.All', 'DeviceManagementServiceConfig.Read.All'],
      tid: tenantId,
      uti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      ver: '2.0',
    })
    expect(seen).toEqual([{ kind: 'accessTokenIssued', tenantId, clientId }])
  })

  it('of a suspended tenant work as well: it is Graph that refuses them (graph D9, G12)', async () => {
    const { post, seen } = world()
    const target = `/${suspendedId}/oauth2/v2.0/token`
    const response = await post(good, { target })
    expect(response.status).toBe(200)
    expect(decodeJwt(JSON.parse(response.body ?? '').access_token)).toMatchObject({
      tid: suspendedId,
      iss: `${origin}/${suspendedId}/v2.0`,
      exp: Math.floor(startMs / 1_000) + 900,
    })
    expect((await post({ ...good, client_secret: 'wrong' }, { target })).status).toBe(401)
    expect(seen).toEqual([
      { kind: 'accessTokenIssued', tenantId: suspendedId, clientId },
      { kind: 'signInRefused', tenantId: suspendedId, reason: 'wrongSecret' },
    ])
  })
})

describe('a refusal', () => {
  it('gets the shape of an error of Entra, never to be stored', async () => {
    const { post } = world()
    const correlation = '99999999-2222-4333-8444-555555555555'
    const response = await post(
      { ...good, client_secret: 'wrong' },
      { target: `/${tenantId}/oauth2/v2.0/token?client-request-id=${correlation}` },
    )
    expect(response.headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    })
    expect(JSON.parse(response.body ?? '')).toEqual({
      error: 'invalid_client',
      error_description:
        'AADSTS7000215: The tenant has no application with this id and secret. Check both, or have a new secret made.',
      error_codes: [7000215],
      timestamp: '2026-11-22 09:00:00Z',
      trace_id: requestId,
      correlation_id: correlation,
    })
    expect(response.observed).toEqual({
      route: '/{tenant}/oauth2/v2.0/token',
      failureCode: 'wrongSecret',
    })
  })
})

describe('wrong credentials', () => {
  it.each([
    ['an unknown client', { client_id: unknownId }],
    ['a client id that is no GUID', { client_id: '\u0000'.repeat(4_000) }],
    ['a wrong secret', { client_secret: 'wrong' }],
    ['the hash instead of the secret', { client_secret: secretHash }],
  ])('%s: the same answer', async (_, change) => {
    expect(told(await world().post({ ...good, ...change }))).toEqual({
      status: 401,
      error: 'invalid_client',
      description:
        'AADSTS7000215: The tenant has no application with this id and secret. Check both, or have a new secret made.',
    })
  })

  it('never come back, in no answer and no observation', async () => {
    const { post, seen } = world()
    const planted = 'planted-secret-5b0d'
    const answers = [
      await post({ ...good, client_secret: planted }),
      await post({ ...good, client_secret: planted, scope: planted }),
      await post({ ...good, client_id: planted }),
      await post({ ...good, grant_type: planted }),
      await post(`${planted}&${planted}=1&client_secret=${planted}&client_secret=${planted}`),
      await post(good, { target: `/${planted}/oauth2/v2.0/token` }),
      await post(good, { target: `/${tenantId}/oauth2/v2.0/token?client-request-id=${planted}` }),
      await post(
        {},
        {
          headers: {
            'content-type': `text/${planted}`,
            authorization: basic(planted, planted),
          },
        },
      ),
    ]
    expect(JSON.stringify([answers, seen])).not.toContain(planted)
    expect(JSON.stringify([answers, seen])).not.toContain(secret)
  })
})

describe('too many failures', () => {
  const wrong = { ...good, client_secret: 'wrong' }

  it('of a client at an address: 429 with the time to wait, for the right secret too', async () => {
    const { post, time, seen } = world()
    for (let turn = 0; turn < 10; turn += 1) expect((await post(wrong)).status).toBe(401)
    time.nowMs = startMs + minuteMs
    const response = await post(good)
    expect(told(response)).toEqual({
      status: 429,
      error: 'invalid_client',
      description:
        'AADSTS50053: Too many failed sign-ins from this address. Wait as long as Retry-After says, then use the right secret.',
    })
    expect(response.headers['retry-after']).toBe('240')
    expect(seen.at(-1)).toEqual({ kind: 'signInRefused', tenantId, reason: 'tooManyFailures' })
    expect((await post(good, { remoteAddress: '192.0.2.2' })).status).toBe(200)
    time.nowMs = startMs + 5 * minuteMs - 1
    expect((await post(good)).headers['retry-after']).toBe('1')
    time.nowMs = startMs + 5 * minuteMs
    expect((await post(good)).status).toBe(200)
  })

  it('are counted from nothing again after the right secret, which never counts itself', async () => {
    const { post } = world()
    for (let turn = 0; turn < 9; turn += 1) await post(wrong)
    for (let turn = 0; turn < 60; turn += 1) expect((await post(good)).status).toBe(200)
    for (let turn = 0; turn < 10; turn += 1) expect((await post(wrong)).status).toBe(401)
    expect((await post(good)).status).toBe(429)
  })

  it('sent at the same time do not slip past', async () => {
    const { post } = world()
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(wrong)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20)
  })
})

it('whatever is sent to the token endpoint, the fault is found in it', async () => {
  const { post } = world()
  const forms = fc.oneof(
    fc.string(),
    fc.uint8Array({ maxLength: 200 }),
    fc.dictionary(fc.constantFrom(...Object.keys(good), '__proto__'), fc.string()),
  )
  const headers = fc.record(
    {
      'content-type': fc.oneof(fc.constant('application/x-www-form-urlencoded'), fc.string()),
      authorization: fc.oneof(
        fc.string(),
        fc.base64String().map((text) => `Basic ${text}`),
      ),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(forms, headers, async (form, sent) => {
      const { status } = await post(form, { headers: sent })
      expect([400, 401, 429]).toContain(status)
    }),
  )
})

describe('a fault behind the issuer', () => {
  it('of the database: try again later', async () => {
    const { post, seen } = world({
      tenants: {
        find: async () => {
          throw new Failure('unavailable', 'The disk is full.', { retryAfterSeconds: 7 })
        },
        list: async () => [],
      },
    })
    const response = await post(good)
    expect(told(response)).toEqual({
      status: 503,
      error: 'temporarily_unavailable',
      description: 'The service cannot reach its database at present. Try again shortly.',
    })
    expect(response.headers['retry-after']).toBe('7')
    expect(seen).toEqual([])
  })

  it('that nobody foresaw: only the trace id is told, and it is noted', async () => {
    const { post, seen } = world({
      clients: {
        find: async () => {
          throw new TypeError('planted detail')
        },
        list: async () => [],
      },
    })
    const response = await post(good)
    expect(told(response)).toEqual({
      status: 500,
      error: 'server_error',
      description:
        'The service failed. Look for this trace id in its log, or give it to the operator.',
    })
    expect(seen).toEqual([
      { kind: 'requestCrashed', requestId, error: expect.stringMatching(/^TypeError at /) },
    ])
    expect(JSON.stringify([response, seen])).not.toContain('planted')
  })
})
