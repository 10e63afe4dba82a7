/** The keys that an issuer publishes: its discovery document, then the key set named there (OpenID Connect Discovery 1.0). */
import type { JSONWebKeySet } from 'jose'
import { createLocalJWKSet } from 'jose/jwks/local'
import type { FetchJson } from './fetch-json.ts'
import { isPlainLoopback, isSafeAddress } from './issuer-address.ts'
import { IssuerTrouble } from './issuer-trouble.ts'

export type PublishedKeys = ReturnType<typeof createLocalJWKSet>

/** `issuer`: its URL, exactly as its tokens carry it in `iss`. Rejects with an IssuerTrouble. */
export async function publishedKeys(
  issuer: string,
  fetchJson: FetchJson,
  signal: AbortSignal,
): Promise<PublishedKeys> {
  // A slash at the end belongs to the name of the issuer, but not to the address of its document (section 4 there).
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = members(await fetchJson(address, signal))
  if (document.issuer !== issuer) throw new IssuerTrouble('otherIssuer')
  const keySet = await fetchJson(keySetAddress(document.jwks_uri, issuer), signal)
  try {
    return createLocalJWKSet(keySet as JSONWebKeySet)
  } catch (cause) {
    throw new IssuerTrouble('unreadable', cause)
  }
}

function keySetAddress(uri: unknown, issuer: string): string {
  const url = typeof uri === 'string' ? URL.parse(uri) : null
  if (url === null) throw new IssuerTrouble('unreadable')
  // An issuer elsewhere has no business with what listens on this machine.
  if (!isSafeAddress(url) || (isPlainLoopback(url) && !isPlainLoopback(new URL(issuer))))
    throw new IssuerTrouble('insecure')
  return url.href
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw new IssuerTrouble('unreadable')
}
