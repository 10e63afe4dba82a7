/** The stored keys of the issuer, read and made usable: who signs, who verifies. */
import type { CryptoKey, JWK } from 'jose'
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/date-time-offset.ts'
import { Failure } from '../model/failure.ts'
import type { NewId } from '../model/ids.ts'
import type { SigningKey } from '../ports/instance-store.ts'
import type { SecretBox } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import { placeOf, privateKeyOf, publicKeyOf, publishedJwk } from './signing-key.ts'

/** What the keys of the issuer need from outside. */
export interface KeyRooms {
  readonly storage: { readonly instance: Pick<Storage['instance'], 'reads' | 'transaction'> }
  readonly secretBox: SecretBox
  readonly clock: Clock
  readonly newId: NewId
}

export interface KeyRing {
  readonly readAtMs: number
  readonly signer: { readonly id: string; readonly key: CryptoKey }
  /** By key id, the signer's among them. */
  readonly verifying: ReadonlyMap<string, VerifyingKey>
}

export interface VerifyingKey {
  readonly key: CryptoKey
  readonly jwk: JWK
  /** It counts before this instant; null = without end. */
  readonly retiredAt: Instant | null
}

/**
 * Keys that `before` holds are not imported, nor is their box opened, a second time. Failure `misconfigured` when the
 * current key is missing, in whole or in half, or cannot be opened.
 */
export async function readKeyRing(rooms: KeyRooms, before?: KeyRing): Promise<KeyRing> {
  const keys = await rooms.storage.instance.reads.signingKeys.list()
  const current = currentOf(keys)
  if (!current)
    throw new Failure('misconfigured', 'The database holds no signing key. Restart the service.')
  const signer = before?.signer.id === current.id ? before.signer : await signerFrom(current, rooms)
  // Another node rotated between the two reads.
  if (!signer) return readKeyRing(rooms, before)
  const verifying = await Promise.all(
    keys.map(async (key): Promise<[string, VerifyingKey]> => {
      const publicKey = before?.verifying.get(key.id)?.key ?? (await publicKeyOf(key))
      return [key.id, { key: publicKey, jwk: publishedJwk(key), retiredAt: key.retiredAt }]
    }),
  )
  return { readAtMs: rooms.clock.now().getTime(), signer, verifying: new Map(verifying) }
}

/** Whether both hold the same keys until the same instants. */
export function isSameRing(one: KeyRing, other: KeyRing): boolean {
  return (
    one.verifying.size === other.verifying.size &&
    [...one.verifying].every(
      ([id, { retiredAt }]) => other.verifying.get(id)?.retiredAt === retiredAt,
    )
  )
}

/** The list is newest first, so that all nodes pick the same one should there ever be two. */
export function currentOf(keys: readonly SigningKey[]): SigningKey | undefined {
  return keys.find((key) => key.retiredAt === null)
}

/** Undefined when the key's private half went because it was retired meanwhile. */
async function signerFrom(
  current: SigningKey,
  { storage, secretBox }: KeyRooms,
): Promise<KeyRing['signer'] | undefined> {
  const { signingKeys, secrets } = storage.instance.reads
  const sealed = await secrets.find(placeOf(current.id))
  if (sealed) return { id: current.id, key: await privateKeyOf(current, sealed, secretBox) }
  if (currentOf(await signingKeys.list())?.id !== current.id) return undefined
  throw new Failure(
    'misconfigured',
    `The private half of the signing key ${current.id} is missing from the database. Restore the database from a backup.`,
  )
}
