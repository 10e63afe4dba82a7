import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { Failure } from '../model/failure.ts'
import type { SealedSecret, SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { SealingKeys } from './sealing-keys.ts'

/**
 * A box: one byte for this form, 12 bytes of nonce, the ciphertext, 16 bytes of tag. AES-256-GCM; the place and the key id are
 * authenticated with it, so a box moved to another row does not open.
 */
const formByte = 1
const nonceBytes = 12
const tagBytes = 16
const cipher = 'aes-256-gcm'

export function createSecretBox({ keys, current, hashSecret }: SealingKeys): SecretBox {
  // Made once: from bytes, each use would make them anew, which costs several times what sealing does.
  const secrets = new Map(keys.map(({ id, secret }) => [id, createSecretKey(secret)]))
  const secretOf = (keyId: string) => secrets.get(keyId)
  const currentSecret = secretOf(current)
  if (!currentSecret)
    throw new Failure(
      'misconfigured',
      `The sealing key "${current}" is named as the current one but is not among the keys. Add it to the key file, or name another as current.`,
    )
  // Derived for this one purpose, so that another keyed hash can be made from the same secret without being comparable.
  const hashKey = createSecretKey(
    Buffer.from(hkdfSync('sha256', hashSecret, '', 'pomona content hash', 32)),
  )

  return {
    seal: (place, secret) => {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, currentSecret, nonce, { authTagLength: tagBytes })
      sealing.setAAD(authenticated(place, current))
      const text = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()])
      const box = Buffer.concat([Buffer.of(formByte), nonce, text, sealing.getAuthTag()])
      return { keyId: current, box }
    },
    open: (place, sealed) => {
      const secret = secretOf(sealed.keyId)
      if (!secret)
        throw new Failure(
          'misconfigured',
          `A secret is sealed with the key "${sealed.keyId}", which is not in the key file. Restore the key file that has this key.`,
        )
      return opened(place, sealed, secret)
    },
    hash: (secret) => createHmac('sha256', hashKey).update(secret, 'utf8').digest('hex'),
  }
}

function opened(place: SecretPlace, { keyId, box }: SealedSecret, secret: KeyObject): string {
  try {
    if (box[0] !== formByte || box.length < 1 + nonceBytes + tagBytes) throw new Error('other form')
    const nonce = box.subarray(1, 1 + nonceBytes)
    const opening = createDecipheriv(cipher, secret, nonce, { authTagLength: tagBytes })
    opening.setAAD(authenticated(place, keyId))
    opening.setAuthTag(box.subarray(-tagBytes))
    const text = box.subarray(1 + nonceBytes, -tagBytes)
    return Buffer.concat([opening.update(text), opening.final()]).toString('utf8')
  } catch (error) {
    throw new Failure(
      'misconfigured',
      `A sealed secret (${place.property}) does not open with the key "${keyId}": the key is another one of the same name, or the row was altered or moved. Restore the key file and the database of the same backup.`,
      { cause: error },
    )
  }
}

/** Every part goes with its length, so that no two places give the same bytes. */
function authenticated({ tenantId, recordId, property }: SecretPlace, keyId: string): Buffer {
  const parts = [tenantId, recordId, property, keyId].flatMap((part) => {
    const bytes = Buffer.from(part, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return [length, bytes]
  })
  return Buffer.concat([Buffer.of(formByte), ...parts])
}
