/** From the Authorization header to the caller: only verifies; who may do what is decided elsewhere (graph 6.2, 7.6). */
// By its parts: the whole of jose takes 30 ms more of a start.
import type { CompactJWSHeaderParameters } from 'jose'
import { decodeProtectedHeader } from 'jose/decode/protected_header'
import { JWKSMultipleMatchingKeys, JWKSNoMatchingKey } from 'jose/errors'
import { compactVerify } from 'jose/jws/compact/verify'
import { decodeJwt } from 'jose/jwt/decode'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { Authenticator, Caller } from '../ports/authenticator.ts'
import {
  type Claims,
  issuerOf,
  readClaims,
  refused,
  type VerifiedToken,
} from './access-token-claims.ts'
import { checkTrustedIssuer, isIssuer, type TrustedIssuer } from './trusted-issuer.ts'
import { verifiedTokens } from './verified-tokens.ts'

export interface BearerAuthenticator extends Authenticator {
  /** Forgets every verified token: after a signing key was withdrawn, nothing it signed passes again unseen. */
  clear(): void
}

/**
 * `issuers`: the first one whose `issuer` fits a token's `iss` judges it. `cacheSize`: how many verified tokens are
 * remembered, at least 1. Failure `misconfigured` when an issuer's declaration cannot be used.
 */
export function createAuthenticator({
  issuers,
  clock,
  cacheSize,
}: {
  readonly issuers: readonly TrustedIssuer[]
  readonly clock: Clock
  readonly cacheSize: number
}): BearerAuthenticator {
  issuers.forEach(checkTrustedIssuer)
  let known = verifiedTokens(cacheSize)
  return {
    async authenticate(authorization): Promise<Caller> {
      const token = bearerToken(authorization)
      const nowMs = clock.now().getTime()
      const caller = known.find(token, nowMs)
      if (caller) return caller
      // Held from before the check: a `clear()` during it must not be undone by what was verified with the old keys.
      const remembered = known
      const verified = await verify(token, issuers, nowMs)
      remembered.put(token, verified, nowMs)
      return verified.caller
    },
    clear() {
      known = verifiedTokens(cacheSize)
    },
  }
}

const bearerForm = /^Bearer +(.*)$/is

function bearerToken(authorization: string | undefined): string {
  const token = bearerForm.exec(authorization ?? '')?.[1]?.trim()
  if (token) return token
  throw new Failure('accessTokenMissing', 'Access token is empty.')
}

/** Nothing but "refused" is said of a token before its signature is known to be good. */
async function verify(
  token: string,
  issuers: readonly TrustedIssuer[],
  nowMs: number,
): Promise<VerifiedToken> {
  const { header, claims } = decoded(token)
  const trusted = issuers.find((candidate) => isIssuer(candidate, issuerOf(claims)))
  if (!trusted)
    throw refused(
      'Its issuer is not trusted here. Get the token from this service or from an issuer configured for it.',
    )
  if (!trusted.algorithms.includes(header.alg))
    throw refused('It is signed with an algorithm that is not allowed for its issuer.')
  await checkSignature(token, header, claims, trusted)
  return readClaims(claims, trusted, nowMs)
}

function decoded(token: string): { header: CompactJWSHeaderParameters; claims: Claims } {
  try {
    return {
      header: decodeProtectedHeader(token) as CompactJWSHeaderParameters,
      claims: decodeJwt(token),
    }
  } catch {
    // jose's error quotes what it could not read; a mistyped secret must not travel on as a cause.
    throw new Failure(
      'accessTokenMalformed',
      'CompactToken parsing failed with error code: 80049217',
    )
  }
}

async function checkSignature(
  token: string,
  header: CompactJWSHeaderParameters,
  claims: Claims,
  trusted: TrustedIssuer,
): Promise<void> {
  // No extension is understood here, `b64` least of all: it would let the signed bytes differ from the decoded ones.
  if (header.crit !== undefined)
    throw refused('It demands an extension that this service does not know.')
  const key = await keyFor(header, issuerOf(claims), trusted)
  if (!key) throw refused('It is signed with a key that its issuer does not show.')
  try {
    await compactVerify(token, key, { algorithms: [...trusted.algorithms] })
  } catch (cause) {
    throw refused('Its signature is not valid. Get a new token.', cause)
  }
}

async function keyFor(header: CompactJWSHeaderParameters, iss: string, trusted: TrustedIssuer) {
  try {
    return await trusted.keyFor(header, iss)
  } catch (error) {
    if (error instanceof Failure) throw error
    if (error instanceof JWKSNoMatchingKey || error instanceof JWKSMultipleMatchingKeys)
      return undefined
    throw new Failure(
      'unavailable',
      "The keys of the access token's issuer cannot be read at present. Try again shortly.",
      { retryAfterSeconds: 5, cause: error },
    )
  }
}
