/** One key of the issuer: making it, and reading both halves back. Times and tables belong to `signing-keys.ts`. */
import type { CryptoKey, JWK } from 'jose'
import { exportJWK } from 'jose/key/export'
import { generateKeyPair } from 'jose/key/generate/keypair'
import { importJWK } from 'jose/key/import'
import { Failure } from '../model/failure.ts'
import type { SigningKey } from '../ports/instance-store.ts'
import type { SealedSecret, SecretBox, SecretPlace } from '../ports/secret-box.ts'

/**
 * ES256: a key is made in no time, so a first start stays fast, and tokens are 256 characters shorter than with RS256. That
 * RS256 is checked twice as fast does not count, because verified tokens are remembered.
 */
export const signingAlgorithm = 'ES256'

export interface NewSigningKey {
  readonly publicJwk: string
  readonly sealedPrivateJwk: SealedSecret
}

export function placeOf(keyId: string): SecretPlace {
  return { tenantId: '', recordId: keyId, property: 'signingKey' }
}

export async function newSigningKey(keyId: string, secretBox: SecretBox): Promise<NewSigningKey> {
  const pair = await generateKeyPair(signingAlgorithm, { extractable: true })
  return {
    publicJwk: JSON.stringify(await exportJWK(pair.publicKey)),
    sealedPrivateJwk: secretBox.seal(
      placeOf(keyId),
      JSON.stringify(await exportJWK(pair.privateKey)),
    ),
  }
}

/** Failure `misconfigured` when the box does not open. */
export async function privateKeyOf(
  key: SigningKey,
  sealed: SealedSecret,
  secretBox: SecretBox,
): Promise<CryptoKey> {
  return imported(key, secretBox.open(placeOf(key.id), sealed))
}

export function publicKeyOf(key: SigningKey): Promise<CryptoKey> {
  return imported(key, key.publicJwk)
}

/** As it is published: with its name, its algorithm and what it is for. */
export function publishedJwk(key: SigningKey): JWK {
  return { ...jwkIn(key.publicJwk), kid: key.id, alg: key.algorithm, use: 'sig' }
}

async function imported(key: SigningKey, jwk: string): Promise<CryptoKey> {
  try {
    return (await importJWK(jwkIn(jwk), key.algorithm)) as CryptoKey
  } catch {
    // The error may quote the key; what is said here must not.
    throw new Failure(
      'misconfigured',
      `The signing key ${key.id} in the database cannot be read. Restore the database from a backup.`,
    )
  }
}

function jwkIn(text: string): JWK {
  return JSON.parse(text) as JWK
}
