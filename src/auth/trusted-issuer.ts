/** Whose access tokens count, and for which tenants each issuer may speak (graph 6.2). */
import type { CompactJWSHeaderParameters, CryptoKey, JWK, KeyObject } from 'jose'
import { Failure } from '../model/failure.ts'
import { isGuid, type TenantId } from '../model/ids.ts'
import { isGraphAudience } from './graph-audiences.ts'

export interface TrustedIssuer {
  /** The claim `iss`, exactly, or with `{tid}` once where the tenant's id (a GUID in any case) stands. */
  readonly issuer: string
  /** A token must be meant for at least one of these; unless the issuer is ours, Graph's own are not among them. */
  readonly audiences: readonly string[]
  /** JWS names, such as `ES256`; asymmetric ones only. */
  readonly algorithms: readonly string[]
  /** The tenants it may speak for: these, or (`fromIssuer`) the one whose id stands in its own URL. */
  readonly tenants: readonly TenantId[] | 'fromIssuer'
  /** True for the embedded issuer. */
  readonly isOurs: boolean
  /**
   * The public key for the unverified header of a token that claims this `iss`, which fits `issuer`; undefined when there is
   * none. May reject with a Failure or with one of jose's errors.
   */
  readonly keyFor: (
    header: CompactJWSHeaderParameters,
    iss: string,
  ) => Promise<CryptoKey | KeyObject | JWK | undefined>
}

/** Shared secrets and `none` are not here: a public key must never serve as an HMAC secret. */
const asymmetricAlgorithms = new Set([
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
])

/** Stands for the tenant's id in an issuer's URL. */
export const tenantMark = '{tid}'

/** Failure `misconfigured` when the declaration would trust nothing, too much, or cannot be met. */
export function checkTrustedIssuer(trusted: TrustedIssuer): void {
  const [head = '', ...tails] = trusted.issuer.split(tenantMark)
  if (head === '' || tails.length > 1)
    throw misconfigured(trusted, `needs a URL with at most one ${tenantMark}`)
  if (trusted.tenants === 'fromIssuer' && tails.length === 0)
    throw misconfigured(
      trusted,
      `takes the tenant from its URL, so the URL must hold ${tenantMark}; or list its tenants`,
    )
  if (trusted.audiences.length === 0)
    throw misconfigured(trusted, 'needs at least one audience; name the one its tokens carry')
  if (!trusted.isOurs && trusted.audiences.some(isGraphAudience))
    throw misconfigured(
      trusted,
      "may not speak for Graph's own audience, whose tokens are not Pomona's to accept; register an audience of your own with the issuer and name that one",
    )
  const wrong = trusted.algorithms.find((name) => !asymmetricAlgorithms.has(name))
  if (wrong !== undefined)
    throw misconfigured(trusted, `may not use the algorithm ${wrong}; choose one such as RS256`)
  if (trusted.algorithms.length === 0)
    throw misconfigured(trusted, 'needs at least one algorithm, such as RS256')
}

/** Whether a claim `iss` is this issuer's. */
export function isIssuer(trusted: TrustedIssuer, iss: string): boolean {
  return trusted.issuer === iss || tenantInIssuer(trusted, iss) !== undefined
}

/** Whether an issuer that wrote this `iss` may speak for the tenant (lower-case id). */
export function maySpeakFor(trusted: TrustedIssuer, iss: string, tenantId: TenantId): boolean {
  const named = tenantInIssuer(trusted, iss)
  if (named !== undefined && named !== tenantId) return false
  return trusted.tenants === 'fromIssuer'
    ? named === tenantId
    : trusted.tenants.some((tenant) => tenant.toLowerCase() === tenantId)
}

/** The tenant of an issuer that speaks for exactly one, so that its tokens need not name it; undefined otherwise. */
export function onlyTenantOf({ issuer, tenants }: TrustedIssuer): TenantId | undefined {
  if (tenants === 'fromIssuer' || tenants.length !== 1 || issuer.includes(tenantMark))
    return undefined
  return tenants[0]?.toLowerCase()
}

/** The tenant's id where the declared URL has its mark; undefined when the URL has none or does not fit. */
export function tenantInIssuer(
  trusted: Pick<TrustedIssuer, 'issuer'>,
  iss: string,
): TenantId | undefined {
  const [head = '', tail] = trusted.issuer.split(tenantMark)
  if (tail === undefined || !iss.startsWith(head) || !iss.endsWith(tail)) return undefined
  const named = iss.slice(head.length, iss.length - tail.length)
  return isGuid(named) ? named.toLowerCase() : undefined
}

function misconfigured(trusted: TrustedIssuer, why: string): Failure {
  return new Failure('misconfigured', `The trusted issuer "${trusted.issuer}" ${why}.`)
}
