/** Microsoft's sign-in library, unmodified, against the issuer; only its transport is ours. */
import { ClientSecretCredential } from '@azure/identity'
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import type { Client, Tenant } from '../model/tenant.ts'
import { newClientSecret } from './client-secret.ts'
import { issuerAnswer } from './issuer-answer.ts'

const origin = 'https://localhost:8443'
const createdAt = '2026-11-22T09:00:00.0000000Z'
const scope = 'https://graph.microsoft.com/.default'
const { secret, secretHash } = newClientSecret()
const tenant: Tenant = {
  id: '0a64ad77-0d4f-4d45-9a61-5f1f0d8d1c11',
  name: 'Contoso',
  status: 'active',
  createdAt,
}
const client: Client = {
  id: '4f0c5ad8-33ff-4bd4-a0ff-2f5b6f1f7e77',
  tenantId: tenant.id,
  name: 'Sync robot',
  roles: ['DeviceManagementApps.ReadWrite.All'],
  secretHash,
  createdAt,
}

async function credentialWith({ tenantId, password }: { tenantId: string; password: string }) {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const answer = issuerAnswer({
    reads: {
      tenants: {
        find: async (id) => (id === tenant.id ? tenant : undefined),
        list: async () => [tenant],
      },
      clients: {
        find: async (_, id) => (id === client.id ? client : undefined),
        list: async () => [client],
      },
    },
    keys: {
      sign: (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(pair.privateKey),
      publicKeys: async () => ({ keys: [await exportJWK(pair.publicKey)] }),
    },
    clock: { now: () => new Date(), sleep: async () => undefined },
    observe: () => undefined,
  })
  const calls: string[] = []
  const credential = new ClientSecretCredential(tenantId, client.id, password, {
    authorityHost: origin,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
    httpClient: {
      async sendRequest(request) {
        const target = request.url.slice(origin.length)
        calls.push(`${request.method} ${target.split('?', 1)[0]}`)
        const response = await answer({
          id: '11111111-2222-4333-8444-555555555555',
          method: request.method,
          target,
          headers: request.headers.toJSON(),
          origin,
          remoteAddress: '127.0.0.1',
          readBody: async () => new TextEncoder().encode(String(request.body ?? '')),
        })
        const headers = request.headers
        for (const [name] of [...headers]) headers.delete(name)
        for (const [name, value] of Object.entries(response.headers)) headers.set(name, value)
        return { request, status: response.status, headers, bodyAsText: response.body ?? null }
      },
    },
  })
  return { credential, calls }
}

it.each([
  ['as it is', tenant.id],
  ['in capitals', tenant.id.toUpperCase()],
])('signs in to a tenant whose id is given %s, once for two uses of the token', async (_, id) => {
  const { credential, calls } = await credentialWith({ tenantId: id, password: secret })
  const first = await credential.getToken(scope)
  expect(decodeJwt(first.token)).toMatchObject({ tid: tenant.id, roles: client.roles })
  expect((await credential.getToken(scope)).token).toBe(first.token)
  expect(calls.map((call) => call.toLowerCase())).toEqual([
    `get /${tenant.id}/v2.0/.well-known/openid-configuration`,
    `post /${tenant.id}/oauth2/v2.0/token`,
  ])
})

it('shows the words of the issuer when the secret is wrong', async () => {
  const { credential } = await credentialWith({ tenantId: tenant.id, password: 'wrong' })
  await expect(credential.getToken(scope)).rejects.toThrow(
    'AADSTS7000215: The tenant has no application with this id and secret. Check both, or have a new secret made.',
  )
})

it('does not come to the token endpoint of a tenant that is not registered', async () => {
  const { credential, calls } = await credentialWith({
    tenantId: '7b1f4a9e-6a52-4d8e-8f0e-0f1b2a3c4d5e',
    password: secret,
  })
  await expect(credential.getToken(scope)).rejects.toThrow()
  expect(calls).toEqual([
    'GET /7b1f4a9e-6a52-4d8e-8f0e-0f1b2a3c4d5e/v2.0/.well-known/openid-configuration',
  ])
})
