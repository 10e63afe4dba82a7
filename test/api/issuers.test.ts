import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openInstance } from '../../src/compose/instance.ts'
import { accessTokenClaims } from '../../src/issuer/access-token.ts'
import { loadSigningKeys } from '../../src/issuer/signing-keys.ts'
import { handClock } from '../hand-clock.ts'
import { everyRole, type RunningService, runningService, tenantId } from '../running-service.ts'

const v1 = '/v1.0/deviceAppManagement/vppTokens'
const otherTenantId = '7b1f4a9e-6a52-4d8e-8f0e-0f1b2a3c4d5e'
const audience = 'api://pomona'

let key: { publicKey: CryptoKey; privateKey: CryptoKey }
beforeAll(async () => {
  key = await generateKeyPair('RS256', { extractable: true })
})

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function provider() {
  const state = { isDown: false }
  const server = createServer(({ url = '' }, response: ServerResponse) => {
    if (state.isDown) response.writeHead(503).end()
    else void answer(url, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  async function answer(url: string, response: ServerResponse) {
    const keys = [{ ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'RS256' }]
    response.end(
      JSON.stringify(url === '/keys' ? { keys } : { issuer, jwks_uri: `${issuer}/keys` }),
    )
  }
  const sign = (claims: object) =>
    new SignJWT({ aud: audience, azp: 'robot', tid: tenantId, roles: everyRole, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(issuer)
      .setExpirationTime('10m')
      .sign(key.privateKey)
  return { issuer, state, sign }
}

async function started(change: Partial<Parameters<typeof runningService>[0]> = {}) {
  const service = await runningService({ appleMode: 'off', ...change })
  open.push(() => service.close())
  return service
}

async function code(service: RunningService, accessToken: string) {
  const { status, json } = await service.ask('GET', v1, { accessToken })
  return [status, json.error?.code, json.error?.message]
}

describe('a provider elsewhere', () => {
  test('lets its applications work for the tenants that it is bound to, and for no other', async () => {
    const { issuer, sign } = await provider()
    const service = await started({
      settings: { issuer: [{ issuer, tenants: [tenantId] }], 'issuer-audience': [audience] },
    })
    const accessToken = await sign({})
    const created = await service.ask('POST', v1, {
      accessToken,
      body: { appleId: 'robot@example.com' },
    })
    expect(created.status).toBe(201)
    // The embedded issuer's clients see the same tenant.
    expect((await service.ask('GET', v1)).json.value).toHaveLength(1)
    expect((await code(service, await sign({ roles: [] })))[0]).toBe(403)
    expect((await code(service, await sign({ tid: otherTenantId }))).slice(0, 2)).toEqual([
      401,
      'InvalidAuthenticationToken',
    ])
    expect(await code(service, await sign({ aud: 'https://graph.microsoft.com' }))).toEqual([
      401,
      'InvalidAuthenticationToken',
      'Access token validation failure. Invalid audience.',
    ])
  })

  test('may be bound to a tenant that is not registered: 403 says so (graph D9)', async () => {
    const { issuer, sign } = await provider()
    const service = await started({
      settings: { issuer: [{ issuer, tenants: [otherTenantId] }], 'issuer-audience': [audience] },
    })
    const [status, error, message] = await code(service, await sign({ tid: otherTenantId }))
    expect([status, error]).toEqual([403, 'Forbidden'])
    expect(message).toContain(`'${otherTenantId}' is not registered`)
  })

  test('that is down keeps neither the service nor the embedded issuer from working', async () => {
    const { issuer, sign, state } = await provider()
    state.isDown = true
    const clock = handClock(new Date())
    const service = await started({
      clock,
      settings: { issuer: [{ issuer, tenants: [tenantId] }], 'issuer-audience': [audience] },
    })
    expect((await service.ask('GET', v1)).status).toBe(200)
    const accessToken = await sign({})
    const put = await service.ask('GET', v1, { accessToken })
    expect([put.status, put.json.error.code]).toEqual([503, 'ServiceUnavailable'])
    expect(Number(put.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(put.json.error.message).toContain('it answers with an error')
    state.isDown = false
    clock.turn(60_000)
    expect((await service.ask('GET', v1, { accessToken })).status).toBe(200)
  })
})

describe('a suspended tenant', () => {
  test('signs in as ever and learns from Graph why nothing else works (graph D9, G12)', async () => {
    const service = await started()
    await service.storage.instance.transaction(async ({ tenants }) => {
      const tenant = await tenants.find(tenantId)
      if (tenant) await tenants.update({ ...tenant, status: 'suspended' })
    })
    const accessToken = await service.accessTokenOf(
      tenantId,
      service.clientId,
      service.clientSecret,
    )
    const [status, error, message] = await code(service, accessToken)
    expect([status, error]).toEqual([403, 'Forbidden'])
    expect(message).toContain('suspended')
  })
})

describe('a signing key that another process has made', () => {
  test('is known here as soon as a token names it', async () => {
    const clock = handClock(new Date())
    const service = await started({ clock })
    expect((await service.ask('GET', v1)).status).toBe(200)
    const elsewhere = await openInstance({
      dataDir: service.dataDir,
      keyFile: service.keyFile,
      storageUrl: service.storageUrl,
      clock,
    })
    open.push(() => elsewhere.storage.close())
    const keys = await loadSigningKeys(elsewhere)
    await keys.rotate('operator')
    const { tenants, clients } = elsewhere.storage.instance.reads
    const tenant = await tenants.find(tenantId)
    const client = await clients.find(tenantId, service.clientId)
    if (!tenant || !client) throw new Error('The test has no tenant or client.')
    const origin = service.origin
    const accessToken = await keys.sign(
      accessTokenClaims({ client, tenant, origin, now: clock.now() }),
    )
    clock.turn(1_000)
    expect((await service.ask('GET', v1, { accessToken })).status).toBe(200)
    // What the old key signed still counts.
    expect((await service.ask('GET', v1)).status).toBe(200)
  })
})
