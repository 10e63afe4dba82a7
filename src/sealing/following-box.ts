/**
 * A box that follows its key file, so that a service need not be started again after a rotation: before it seals it looks
 * whether the file was changed (one stat), and a key that it does not know makes it look too.
 */
import { statSync } from 'node:fs'
import { Failure } from '../model/failure.ts'
import type { SecretBox } from '../ports/secret-box.ts'
import { keysIn } from './key-file.ts'
import type { SealingKeys } from './sealing-keys.ts'
import { createSecretBox } from './secret-box.ts'

export function followingBox(path: string, first: SealingKeys): SecretBox {
  let box = createSecretBox(first)
  let known = new Set(first.keys.map(({ id }) => id))
  let seen = stampOf(path)

  function follow(): void {
    const stamp = stampOf(path)
    if (stamp === seen) return
    seen = stamp
    const keys = usableKeys(path)
    // A file of another instance would give other hashes to the same secrets.
    if (!keys || !Buffer.from(keys.hashSecret).equals(first.hashSecret)) return
    box = createSecretBox(keys)
    known = new Set(keys.keys.map(({ id }) => id))
  }

  return {
    seal: (place, secret) => {
      follow()
      return box.seal(place, secret)
    },
    open: (place, sealed) => {
      if (!known.has(sealed.keyId)) follow()
      return box.open(place, sealed)
    },
    hash: (secret) => box.hash(secret),
  }
}

/** Changes whenever the file is replaced, as a rotation does; empty when it is not there. */
function stampOf(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false })
  return file ? `${file.ino} ${file.mtimeMs} ${file.size}` : ''
}

/** A file that is gone or damaged takes nothing away: the keys at hand still fit. The next start says what is wrong with it. */
function usableKeys(path: string): SealingKeys | undefined {
  try {
    return keysIn(path)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}
