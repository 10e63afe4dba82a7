/** From the claims of a token whose signature is good to the caller (graph 6.2, 7.6). Pure. */
import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'
import type { Caller } from '../ports/authenticator.ts'
import { isGraphAudience } from './graph-audiences.ts'
import { maySpeakFor, onlyTenantOf, type TrustedIssuer } from './trusted-issuer.ts'

export type Claims = Readonly<Record<string, unknown>>

export interface VerifiedToken {
  readonly caller: Caller
  /** Milliseconds since 1970; the token counts before it, not at it. */
  readonly expiresAtMs: number
}

/** Every personal Microsoft account lives in this one tenant; none of them may call (graph 6.1). */
const personalAccountsTenant = '9188040d-6c67-4c5b-b112-36a304b66dad'

/**
 * How far ahead an issuer's clock may run: a token may be that much "not yet valid". Expiry gets no such grace, so that no
 * token, ours of 15 minutes included, lives longer than it says.
 */
const notBeforeToleranceMs = 60_000

/**
 * Checks in the order tenant, lifetime, audience, application. Failure `accessTokenRefused`, `accessTokenExpired` or
 * `accessTokenAudience`. A token without roles and scopes is a caller without permissions.
 */
export function readClaims(claims: Claims, trusted: TrustedIssuer, nowMs: number): VerifiedToken {
  const tenantId = boundTenant(claims, trusted)
  const expiresAtMs = checkedExpiry(claims, nowMs)
  checkAudience(claims, trusted)
  return {
    caller: {
      tenantId,
      clientId: applicationOf(claims, trusted.isOurs),
      permissions: permissionsOf(claims),
      isOurs: trusted.isOurs,
    },
    expiresAtMs,
  }
}

/** Empty when the claim is absent or no text; no trusted issuer has that name. */
export function issuerOf({ iss }: Claims): string {
  return typeof iss === 'string' ? iss : ''
}

export function refused(why: string, cause?: unknown): Failure {
  return new Failure('accessTokenRefused', `Access token validation failure. ${why}`, { cause })
}

export function notBound(): Failure {
  return refused(
    'Its issuer may not speak for this tenant. Use an issuer that is configured for the tenant.',
  )
}

function boundTenant(claims: Claims, trusted: TrustedIssuer): string {
  // Only providers that know tenants send `tid`; one that speaks for a single tenant cannot mean another.
  const named = claims.tid === undefined ? onlyTenantOf(trusted) : claims.tid
  if (typeof named !== 'string' || !isGuid(named))
    throw refused(
      "It names no tenant: the claim 'tid' must hold the tenant's id. Configure the issuer to send it.",
    )
  const tenantId = named.toLowerCase()
  if (tenantId === personalAccountsTenant)
    throw refused('Personal accounts cannot be used here. Sign in with a work account.')
  if (!maySpeakFor(trusted, issuerOf(claims), tenantId)) throw notBound()
  return tenantId
}

function checkedExpiry(claims: Claims, nowMs: number): number {
  const { exp, nbf = 0 } = claims
  if (!isSeconds(exp) || !isSeconds(nbf))
    throw refused("Its lifetime cannot be read: 'exp' and 'nbf' must be numbers of seconds.")
  if (exp * 1_000 <= nowMs || nbf * 1_000 > nowMs + notBeforeToleranceMs)
    throw new Failure('accessTokenExpired', 'Access token has expired or is not yet valid.')
  return exp * 1_000
}

/** A token of somebody else's that is meant for the real Graph too is never taken, whatever else it is meant for (graph 6.2). */
function checkAudience(claims: Claims, { audiences, isOurs }: TrustedIssuer): void {
  const named = audiencesOf(claims)
  const isForUs = named.some((audience) => audiences.includes(audience))
  if (isForUs && (isOurs || !named.some(isGraphAudience))) return
  throw new Failure('accessTokenAudience', 'Access token validation failure. Invalid audience.')
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function audiencesOf({ aud }: Claims): readonly string[] {
  return textsIn(Array.isArray(aud) ? aud : [aud])
}

/**
 * `azp` in v2 tokens, `appid` in v1 tokens (graph 6.2), `client_id` in those of RFC 9068. That of a foreign issuer carries the
 * issuer's host, so that in the audit it is nobody else's: not a client of ours, and not `operator`.
 */
function applicationOf(claims: Claims, isOurs: boolean): string {
  const id = [claims.azp, claims.appid, claims.client_id].find(
    (claim) => typeof claim === 'string' && claim !== '',
  )
  if (typeof id === 'string' && isOurs) return id
  if (typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id))
    return `${new URL(issuerOf(claims)).host}/${id}`
  throw refused("It names no application: one of the claims 'azp' and 'appid' must hold its id.")
}

function permissionsOf({ roles, scp }: Claims): ReadonlySet<string> {
  const granted = Array.isArray(roles) ? textsIn(roles) : []
  const delegated = typeof scp === 'string' ? scp.split(' ').filter((scope) => scope !== '') : []
  return new Set([...granted, ...delegated])
}

function textsIn(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string')
}
