/** Client credentials in, access token out (graph 8.1). */
import type { Clock } from '../model/clock.ts'
import { isGuid } from '../model/ids.ts'
import type { Client, Tenant } from '../model/tenant.ts'
import type { ClientReads } from '../ports/instance-store.ts'
import type { Observe } from '../ports/observer.ts'
import type { HttpRequest } from '../ports/route.ts'
import { accessTokenClaims, accessTokenLifetimeMs } from './access-token.ts'
import { isSecretOf } from './client-secret.ts'
import { OAuthRefusal, type OAuthRefusalKind } from './oauth-refusal.ts'
import type { SignIn, SignInLimiter } from './sign-in-limiter.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { TokenRequest } from './token-request.ts'

export interface TokenEndpointRooms {
  readonly clients: ClientReads
  readonly keys: Pick<SigningKeys, 'sign'>
  readonly limiter: SignInLimiter
  readonly clock: Clock
  readonly observe: Observe
}

export interface IssuedToken {
  readonly client: Client
  /** The body of the answer (RFC 6749 section 5.1). */
  readonly body: object
}

/**
 * Applications of a suspended tenant sign in like any other: it is Graph's surface that refuses them and says why, but for
 * the one operation that shows them their suspension (graph D9, G12). OAuthRefusal when the credentials do not hold or too
 * many did not before.
 */
export async function issueToken(
  tenant: Tenant,
  wanted: TokenRequest,
  request: HttpRequest,
  { clients, keys, limiter, clock, observe }: TokenEndpointRooms,
): Promise<IssuedToken> {
  const refuse = (kind: OAuthRefusalKind, why: string, headers?: Record<string, string>) => {
    observe({ kind: 'signInRefused', tenantId: tenant.id, reason: kind })
    return new OAuthRefusal(kind, why, headers)
  }
  const signIn: SignIn = {
    tenantId: tenant.id,
    clientId: wanted.clientId,
    remoteAddress: request.remoteAddress,
  }
  const found = isGuid(wanted.clientId)
    ? await clients.find(tenant.id, wanted.clientId.toLowerCase())
    : undefined
  // Nothing is awaited from here to the count: guesses sent at once must not slip past the limit together.
  const waitMs = limiter.waitMs(signIn)
  if (waitMs > 0)
    throw refuse(
      'tooManyFailures',
      'Too many failed sign-ins from this address. Wait as long as Retry-After says, then use the right secret.',
      { 'retry-after': String(Math.ceil(waitMs / 1_000)) },
    )
  const isRight = isSecretOf(found, wanted.clientSecret)
  if (!found || !isRight) {
    limiter.addFailure(signIn)
    throw refuse(
      'wrongSecret',
      'The tenant has no application with this id and secret. Check both, or have a new secret made.',
    )
  }
  limiter.addSuccess(signIn)
  const claims = accessTokenClaims({
    client: found,
    tenant,
    origin: request.origin,
    now: clock.now(),
  })
  const accessToken = await keys.sign(claims)
  observe({ kind: 'accessTokenIssued', tenantId: tenant.id, clientId: found.id })
  return {
    client: found,
    body: {
      token_type: 'Bearer',
      expires_in: accessTokenLifetimeMs / 1_000,
      ext_expires_in: accessTokenLifetimeMs / 1_000,
      access_token: accessToken,
    },
  }
}
