import { createHmac } from 'node:crypto'
import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { Failure } from '../model/failure.ts'
import { createAuthenticator } from './bearer.ts'
import type { TrustedIssuer } from './trusted-issuer.ts'

const tenantId = '0a64ad77-0d4f-4d45-9a61-5f1f0d8d1c11'
const otherTenantId = '7b1f4a9e-6a52-4d8e-8f0e-0f1b2a3c4d5e'
const clientId = '4f0c5ad8-33ff-4bd4-a0ff-2f5b6f1f7e77'
const audience = 'https://graph.microsoft.com'
const iss = `https://localhost:8443/${tenantId}/v2.0`
const startMs = Date.parse('2026-11-22T09:00:00Z')
const startSeconds = startMs / 1_000

let ours: { publicKey: CryptoKey; privateKey: CryptoKey }
let stranger: { publicKey: CryptoKey; privateKey: CryptoKey }
let foreign: { publicKey: CryptoKey; privateKey: CryptoKey }
/** What an attacker knows: the text of the public key. */
let publicKeyText: string

beforeAll(async () => {
  ours = await generateKeyPair('ES256', { extractable: true })
  stranger = await generateKeyPair('ES256')
  foreign = await generateKeyPair('RS256', { extractable: true })
  publicKeyText = await exportSPKI(ours.publicKey)
})

const goodClaims = {
  aud: audience,
  iss,
  tid: tenantId,
  azp: clientId,
  appid: clientId,
  oid: clientId,
  sub: clientId,
  idtyp: 'app',
  roles: ['DeviceManagementServiceConfig.ReadWrite.All'],
  iat: startSeconds,
  nbf: startSeconds,
  exp: startSeconds + 900,
}

/** Any claims, also ones that no honest issuer would write. */
function sign(
  claims: Readonly<Record<string, unknown>>,
  key: CryptoKey = ours.privateKey,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'k1', ...header })
    .sign(key)
}

function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function fixture(change: Partial<TrustedIssuer> = {}, cacheSize = 100) {
  const time = { nowMs: startMs }
  const asked: (string | undefined)[] = []
  const embedded: TrustedIssuer = {
    issuer: 'https://localhost:8443/{tid}/v2.0',
    audiences: [audience, `${audience}/`, '00000003-0000-0000-c000-000000000000'],
    algorithms: ['ES256'],
    tenants: 'fromIssuer',
    isOurs: true,
    keyFor: async ({ kid }) => {
      asked.push(kid)
      return kid === 'k1' ? ours.publicKey : undefined
    },
    ...change,
  }
  const elsewhere: TrustedIssuer = {
    issuer: 'https://id.example.org/realm',
    audiences: ['api://pomona'],
    algorithms: ['RS256'],
    tenants: [tenantId.toUpperCase()],
    isOurs: false,
    keyFor: async () => foreign.publicKey,
  }
  const authenticator = createAuthenticator({
    issuers: [embedded, elsewhere],
    clock: { now: () => new Date(time.nowMs), sleep: async () => undefined },
    cacheSize,
  })
  return { authenticator, time, asked }
}

async function failureOf(answer: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await answer.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Failure)) throw error
  return { code: error.code, message: error.message }
}

const expired = {
  code: 'accessTokenExpired',
  message: 'Access token has expired or is not yet valid.',
}
const wrongAudience = {
  code: 'accessTokenAudience',
  message: 'Access token validation failure. Invalid audience.',
}
const refusedBecause = (why: string) => ({
  code: 'accessTokenRefused',
  message: `Access token validation failure. ${why}`,
})
const badSignature = refusedBecause('Its signature is not valid. Get a new token.')
const wrongAlgorithm = refusedBecause(
  'It is signed with an algorithm that is not allowed for its issuer.',
)
const notBound = refusedBecause(
  'Its issuer may not speak for this tenant. Use an issuer that is configured for the tenant.',
)
const noTenant = refusedBecause(
  "It names no tenant: the claim 'tid' must hold the tenant's id. Configure the issuer to send it.",
)
const unknownIssuer = refusedBecause(
  'Its issuer is not trusted here. Get the token from this service or from an issuer configured for it.',
)
const noLifetime = refusedBecause(
  "Its lifetime cannot be read: 'exp' and 'nbf' must be numbers of seconds.",
)

describe('an access token of the embedded issuer', () => {
  it('names tenant, application and permissions', async () => {
    const { authenticator } = fixture()
    expect(await authenticator.authenticate(`Bearer ${await sign(goodClaims)}`)).toEqual({
      tenantId,
      clientId,
      permissions: new Set(['DeviceManagementServiceConfig.ReadWrite.All']),
      isOurs: true,
    })
  })

  it.each(['bearer', 'BEARER', 'Bearer '])('is read behind the scheme "%s"', async (scheme) => {
    const { authenticator } = fixture()
    const caller = await authenticator.authenticate(`${scheme} ${await sign(goodClaims)}`)
    expect(caller.clientId).toBe(clientId)
  })

  it.each([
    ['roles and scopes together', { roles: ['A'], scp: 'B  C' }, ['A', 'B', 'C']],
    ['neither roles nor scopes', { roles: undefined }, []],
    ['roles that are no array, scopes that are no text', { roles: 'A', scp: ['B'] }, []],
    ['a role that is no text', { roles: ['A', 7, null] }, ['A']],
  ])('with %s gives their permissions', async (_, claims, permissions) => {
    const { authenticator } = fixture()
    const token = await sign({ ...goodClaims, ...claims })
    const caller = await authenticator.authenticate(`Bearer ${token}`)
    expect([...caller.permissions]).toEqual(permissions)
  })

  it.each([
    ['azp', { azp: 'from-azp', appid: 'from-appid' }, 'from-azp'],
    ['appid', { azp: undefined, appid: 'from-appid' }, 'from-appid'],
    ['client_id', { azp: '', appid: undefined, client_id: 'from-client-id' }, 'from-client-id'],
  ])('names its application by %s', async (_, claims, expected) => {
    const { authenticator } = fixture()
    const token = await sign({ ...goodClaims, ...claims })
    expect((await authenticator.authenticate(`Bearer ${token}`)).clientId).toBe(expected)
  })

  it.each([
    ['one of several audiences', { aud: ['elsewhere', audience] }],
    ["Graph's address with a slash", { aud: `${audience}/` }],
    ["Graph's application id", { aud: '00000003-0000-0000-c000-000000000000' }],
    ['a tenant id in capitals', { tid: tenantId.toUpperCase() }],
    ['a last second of life', { exp: startSeconds + 1 }],
    ['a start one minute ahead', { nbf: startSeconds + 60 }],
    ['no start', { nbf: undefined }],
  ])('passes with %s', async (_, claims) => {
    const { authenticator } = fixture()
    const token = await sign({ ...goodClaims, ...claims })
    expect((await authenticator.authenticate(`Bearer ${token}`)).tenantId).toBe(tenantId)
  })
})

describe('what is refused (graph 7.6)', () => {
  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['a scheme alone', 'Bearer'],
    ['a scheme and blanks', 'Bearer   '],
    ['another scheme', 'Basic YTpi'],
  ])('%s: the token is missing', async (_, header) => {
    expect(await failureOf(fixture().authenticator.authenticate(header))).toEqual({
      code: 'accessTokenMissing',
      message: 'Access token is empty.',
    })
  })

  it.each([
    ['a word', 'secret'],
    ['two parts', 'a.b'],
    ['four parts', 'a.b.c.d'],
    ['five parts, as an encrypted token has', `${segment({ alg: 'RSA-OAEP' })}.a.b.c.d`],
    ['a header that is no JSON', `bm90.${segment({ iss })}.c2ln`],
    ['claims that are no object', `${segment({ alg: 'ES256' })}.${segment(['x'])}.c2ln`],
    ['empty parts', '..'],
    ['two headers joined', 'a.b.c, Bearer a.b.c'],
  ])('%s: not a JWT', async (_, token) => {
    expect(await failureOf(fixture().authenticator.authenticate(`Bearer ${token}`))).toEqual({
      code: 'accessTokenMalformed',
      message: 'CompactToken parsing failed with error code: 80049217',
    })
  })

  it.each([
    ['expired at this second', { exp: startSeconds }, expired],
    ['valid in more than a minute', { nbf: startSeconds + 61 }, expired],
    ['without an end', { exp: undefined }, noLifetime],
    ['with an end in text', { exp: '2030-01-01' }, noLifetime],
    ['for another audience', { aud: 'https://management.azure.com' }, wrongAudience],
    ['without audience', { aud: undefined }, wrongAudience],
    ['expired and for another audience', { exp: startSeconds - 1, aud: 'x' }, expired],
    ['of an unknown issuer', { iss: 'https://sts.windows.net/x/' }, unknownIssuer],
    ['without issuer', { iss: undefined }, unknownIssuer],
    ['with issuers in a list', { iss: [iss] }, unknownIssuer],
    ['whose issuer names no GUID', { iss: 'https://localhost:8443/all/v2.0' }, unknownIssuer],
    ['of a tenant that its issuer does not name', { tid: otherTenantId }, notBound],
    ['expired, of a tenant not bound', { tid: otherTenantId, exp: 1 }, notBound],
    ['without tenant', { tid: undefined }, noTenant],
    ['with a tenant that is no GUID', { tid: 'contoso' }, noTenant],
    [
      'without application',
      { azp: undefined, appid: undefined },
      refusedBecause(
        "It names no application: one of the claims 'azp' and 'appid' must hold its id.",
      ),
    ],
    [
      'of a personal account',
      {
        iss: 'https://localhost:8443/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
        tid: '9188040D-6c67-4c5b-b112-36a304b66dad',
      },
      refusedBecause('Personal accounts cannot be used here. Sign in with a work account.'),
    ],
  ])('a token %s', async (_, claims, failure) => {
    const token = await sign({ ...goodClaims, ...claims })
    expect(await failureOf(fixture().authenticator.authenticate(`Bearer ${token}`))).toEqual(
      failure,
    )
  })

  it('a foreign signature, and says nothing else of it: not that it has expired or names no tenant', async () => {
    const { authenticator } = fixture()
    for (const claims of [{}, { exp: 1 }, { aud: 'x' }, { tid: undefined }]) {
      const token = await sign({ ...goodClaims, ...claims }, stranger.privateKey)
      expect(await failureOf(authenticator.authenticate(`Bearer ${token}`))).toEqual(badSignature)
    }
  })

  it('claims changed after signing', async () => {
    const [header, , signature] = (await sign(goodClaims)).split('.')
    const forged = `${header}.${segment({ ...goodClaims, roles: ['Everything'] })}.${signature}`
    expect(await failureOf(fixture().authenticator.authenticate(`Bearer ${forged}`))).toEqual(
      badSignature,
    )
  })

  it.each(['none', 'None', 'NONE', ''])('the algorithm "%s"', async (alg) => {
    const { authenticator } = fixture()
    const unsigned = `${segment({ alg, kid: 'k1' })}.${segment(goodClaims)}`
    for (const token of [`${unsigned}.`, `${unsigned}.c2ln`])
      expect(await failureOf(authenticator.authenticate(`Bearer ${token}`))).toEqual(wrongAlgorithm)
  })

  it('HS256 with the public key as the shared secret', async () => {
    const jwk = JSON.stringify(await exportJWK(ours.publicKey))
    const { authenticator } = fixture()
    const body = `${segment({ alg: 'HS256', kid: 'k1' })}.${segment(goodClaims)}`
    for (const secret of [publicKeyText, jwk]) {
      const mac = createHmac('sha256', secret).update(body).digest('base64url')
      expect(await failureOf(authenticator.authenticate(`Bearer ${body}.${mac}`))).toEqual(
        wrongAlgorithm,
      )
    }
  })

  it("one issuer's token in another issuer's algorithm, or signed with the other's key", async () => {
    const { authenticator } = fixture()
    const rsa = await sign(goodClaims, foreign.privateKey, { alg: 'RS256' })
    expect(await failureOf(authenticator.authenticate(`Bearer ${rsa}`))).toEqual(wrongAlgorithm)
    const pretended = `${segment({ alg: 'ES256', kid: 'k1' })}.${rsa.split('.').slice(1).join('.')}`
    expect(await failureOf(authenticator.authenticate(`Bearer ${pretended}`))).toEqual(badSignature)
  })

  it('a key that does not fit its algorithm', async () => {
    const { authenticator } = fixture({ keyFor: async () => foreign.publicKey })
    expect(await failureOf(authenticator.authenticate(`Bearer ${await sign(goodClaims)}`))).toEqual(
      badSignature,
    )
  })

  it('a key that its issuer does not have', async () => {
    const token = await sign(goodClaims, ours.privateKey, { kid: 'k2' })
    expect(await failureOf(fixture().authenticator.authenticate(`Bearer ${token}`))).toEqual(
      refusedBecause('It is signed with a key that its issuer does not show.'),
    )
  })

  it('an extension it does not know, the one for unencoded payloads too', async () => {
    const token = await sign(goodClaims)
    const [, claims, signature] = token.split('.')
    const header = segment({ alg: 'ES256', kid: 'k1', crit: ['b64'], b64: false })
    expect(
      await failureOf(
        fixture().authenticator.authenticate(`Bearer ${header}.${claims}.${signature}`),
      ),
    ).toEqual(refusedBecause('It demands an extension that this service does not know.'))
  })

  it('without ever repeating the token or its claims', async () => {
    const token = await sign({ ...goodClaims, tid: otherTenantId, iss: 'https://planted.example' })
    const error = await fixture()
      .authenticator.authenticate(`Bearer ${token}`)
      .catch((reason: unknown) => reason as Error)
    const told = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`
    for (const secret of [token, token.split('.')[2], otherTenantId, 'planted'])
      expect(told).not.toContain(secret)
  })
})

describe('tokens of another trusted issuer', () => {
  const foreignClaims = {
    ...goodClaims,
    iss: 'https://id.example.org/realm',
    aud: 'api://pomona',
    roles: undefined,
    scp: 'DeviceManagementApps.ReadWrite.All',
  }
  const signForeign = (claims: Readonly<Record<string, unknown>>) =>
    sign(claims, foreign.privateKey, { alg: 'RS256' })

  it('pass for the tenants it may speak for and are not ours', async () => {
    const { authenticator } = fixture()
    expect(await authenticator.authenticate(`Bearer ${await signForeign(foreignClaims)}`)).toEqual({
      tenantId,
      clientId: `id.example.org/${clientId}`,
      permissions: new Set(['DeviceManagementApps.ReadWrite.All']),
      isOurs: false,
    })
  })

  it.each([
    ['with blanks', 'a b'],
    ['of any length', 'x'.repeat(129)],
    ['beyond ASCII', 'ö'],
  ])('name no application %s, which would stand in the audit', async (_, azp) => {
    const { authenticator } = fixture()
    const token = await signForeign({ ...foreignClaims, azp, appid: azp })
    await expect(authenticator.authenticate(`Bearer ${token}`)).rejects.toMatchObject({
      code: 'accessTokenRefused',
    })
  })

  it.each([
    ['another tenant', { tid: otherTenantId }, notBound],
    ["Graph's audience, which is never theirs", { aud: audience }, wrongAudience],
  ])('are refused for %s', async (_, claims, failure) => {
    const token = await signForeign({ ...foreignClaims, ...claims })
    expect(await failureOf(fixture().authenticator.authenticate(`Bearer ${token}`))).toEqual(
      failure,
    )
  })

  it('with its tenant in the URL and in the list must be in both', async () => {
    const { authenticator } = fixture({ tenants: [otherTenantId] })
    expect(await failureOf(authenticator.authenticate(`Bearer ${await sign(goodClaims)}`))).toEqual(
      notBound,
    )
  })

  it("take their key from one of jose's key sets", async () => {
    const keySet = createLocalJWKSet({
      keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'ES256' }],
    })
    const { authenticator } = fixture({ keyFor: (header) => keySet(header) })
    const caller = await authenticator.authenticate(`Bearer ${await sign(goodClaims)}`)
    expect(caller.tenantId).toBe(tenantId)
    const unknownKey = await sign(goodClaims, ours.privateKey, { kid: 'k2' })
    expect(await failureOf(authenticator.authenticate(`Bearer ${unknownKey}`))).toEqual(
      refusedBecause('It is signed with a key that its issuer does not show.'),
    )
  })

  it('are put off, not refused, while the keys cannot be read', async () => {
    const { authenticator } = fixture({
      keyFor: async () => {
        throw new errors.JWKSTimeout()
      },
    })
    expect(await failureOf(authenticator.authenticate(`Bearer ${await sign(goodClaims)}`))).toEqual(
      {
        code: 'unavailable',
        message:
          "The keys of the access token's issuer cannot be read at present. Try again shortly.",
      },
    )
  })

  it('let a Failure of the keys through as it is', async () => {
    const { authenticator } = fixture({
      keyFor: async () => {
        throw new Failure('unavailable', 'The database does not answer.')
      },
    })
    expect(await failureOf(authenticator.authenticate(`Bearer ${await sign(goodClaims)}`))).toEqual(
      { code: 'unavailable', message: 'The database does not answer.' },
    )
  })
})

describe('verified tokens', () => {
  it('are verified once', async () => {
    const { authenticator, asked } = fixture()
    const header = `Bearer ${await sign(goodClaims)}`
    const first = await authenticator.authenticate(header)
    expect(await authenticator.authenticate(header)).toBe(first)
    expect(asked).toEqual(['k1'])
  })

  it('expire all the same', async () => {
    const { authenticator, time } = fixture()
    const header = `Bearer ${await sign(goodClaims)}`
    time.nowMs = startMs + 899_999
    await authenticator.authenticate(header)
    time.nowMs = startMs + 900_000
    expect(await failureOf(authenticator.authenticate(header))).toEqual(expired)
  })

  it('are as many as the cache holds; the one not asked for the longest goes', async () => {
    const { authenticator, asked } = fixture({}, 2)
    const headers = await Promise.all(
      ['a', 'b', 'c'].map(async (uti) => `Bearer ${await sign({ ...goodClaims, uti })}`),
    )
    const [a = '', b = '', c = ''] = headers
    for (const header of [a, b, a, c]) await authenticator.authenticate(header)
    expect(asked).toHaveLength(3)
    for (const header of [a, c]) await authenticator.authenticate(header)
    expect(asked).toHaveLength(3)
    await authenticator.authenticate(b)
    expect(asked).toHaveLength(4)
  })

  it('are forgotten on request, even one whose check was under way', async () => {
    const gate = Promise.withResolvers<void>()
    const asked: string[] = []
    const { authenticator } = fixture({
      keyFor: async () => {
        asked.push('asked')
        await gate.promise
        return ours.publicKey
      },
    })
    const header = `Bearer ${await sign(goodClaims)}`
    const underWay = authenticator.authenticate(header)
    authenticator.clear()
    gate.resolve()
    await underWay
    await authenticator.authenticate(header)
    expect(asked).toHaveLength(2)
  })

  it('never include a refused one', async () => {
    const { authenticator, asked } = fixture()
    const header = `Bearer ${await sign({ ...goodClaims, aud: 'x' })}`
    for (let turn = 0; turn < 2; turn += 1)
      expect(await failureOf(authenticator.authenticate(header))).toEqual(wrongAudience)
    expect(asked).toHaveLength(2)
  })
})

describe('a declaration of a trusted issuer', () => {
  it.each([
    ['a shared-secret algorithm', { algorithms: ['ES256', 'HS256'] }, 'HS256'],
    ['no signature', { algorithms: ['none'] }, 'none'],
    ['no algorithm', { algorithms: [] }, 'at least one algorithm'],
    ['no audience', { audiences: [] }, 'at least one audience'],
    ['its tenant from a URL without {tid}', { issuer: 'https://id.example.org' }, '{tid}'],
    ['an empty URL', { issuer: '' }, 'needs a URL'],
    ['{tid} twice', { issuer: 'https://x/{tid}/{tid}' }, 'at most one {tid}'],
  ])('with %s is refused at once', (_, change, told) => {
    let error: unknown
    try {
      fixture(change)
    } catch (reason) {
      error = reason
    }
    expect(error).toBeInstanceOf(Failure)
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(told) })
  })
})
