/**
 * Secrets of clients are made here, never chosen: with 256 random bits behind it, one plain SHA-256 is as good as a slow
 * hash, and signing in is no lever on the processor.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Client } from '../model/tenant.ts'

export interface NewClientSecret {
  /** 43 characters of base64url; shown once and kept nowhere. */
  readonly secret: string
  /** What `Client.secretHash` holds. */
  readonly secretHash: string
}

export function newClientSecret(): NewClientSecret {
  const secret = randomBytes(32).toString('base64url')
  return { secret, secretHash: sha256(secret).toString('hex') }
}

/** Compared with when there is no such client, so that its absence takes the same time as a wrong secret. */
const nobodysHash = randomBytes(32)

/** Whether the secret is that client's; absent = no such client, always false and just as slow. */
export function isSecretOf(client: Client | undefined, secret: string): boolean {
  const expected = client ? Buffer.from(client.secretHash, 'hex') : nobodysHash
  const given = sha256(secret)
  const isSame = expected.length === given.length && timingSafeEqual(expected, given)
  return isSame && client !== undefined
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
