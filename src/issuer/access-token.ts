/** What stands in an access token of the embedded issuer (graph 6.2). */
import { randomBytes } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { Client, Tenant } from '../model/tenant.ts'

/** Graph's own address: the only audience that the embedded issuer writes for. */
const audience = 'https://graph.microsoft.com'

export const accessTokenLifetimeMs = 15 * 60_000

/** The claim `iss` of a tenant at an origin (scheme, host and port, no trailing slash). */
export function issuerOf(origin: string, tenantId: string): string {
  return `${origin}/${tenantId}/v2.0`
}

export function accessTokenClaims({
  client,
  tenant,
  origin,
  now,
}: {
  readonly client: Client
  readonly tenant: Tenant
  readonly origin: string
  readonly now: Date
}): JWTPayload {
  const issuedAt = Math.floor(now.getTime() / 1_000)
  return {
    aud: audience,
    iss: issuerOf(origin, tenant.id),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + accessTokenLifetimeMs / 1_000,
    // Clients of Graph show who is signed in by this name (graph 6.2).
    app_displayname: client.name,
    // The application goes by the names of both token versions: `appid` in v1, `azp` in v2.
    appid: client.id,
    azp: client.id,
    idtyp: 'app',
    // Entra knows an application and its service principal by two ids; here they are one.
    oid: client.id,
    sub: client.id,
    roles: [...client.roles],
    tid: tenant.id,
    uti: randomBytes(16).toString('base64url'),
    ver: '2.0',
  }
}
