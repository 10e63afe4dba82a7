/**
 * A change of keys: a fresh key joins the key file and seals from now on, and every stored secret is sealed anew with it, in
 * small units of work. Whatever breaks off in the middle is taken up by the next rotation: all keys are still in the file.
 */
import type { Clock } from '../model/clock.ts'
import { instantOf } from '../model/date-time-offset.ts'
import type { NewId } from '../model/ids.ts'
import type { SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { PlacedSecret } from '../ports/secret-store.ts'
import type { Storage } from '../ports/storage.ts'
import { changeKeyFile, keyFileAbsent } from './change-key-file.ts'
import { checkKeys, keyCheckPlace } from './key-check.ts'
import { findKeyFile, freshKey } from './key-file.ts'
import type { SealingKeys } from './sealing-keys.ts'
import { createSecretBox } from './secret-box.ts'

export interface RotationDeps {
  readonly keyFile: string
  readonly instance: Storage['instance']
  readonly clock: Clock
  readonly newId: NewId
  /** For the audit: who rotates. */
  readonly actor: string
}

export interface Rotation {
  /** The key that seals from now on. */
  readonly current: string
  /** An interrupted rotation was taken up; no key was made. */
  readonly isResumed: boolean
  readonly resealed: number
  /** Secrets that a running service has sealed with an older key meanwhile: it does not see this key file. */
  readonly left: number
}

const secretsPerUnit = 100
/** The second walk finds what was sealed with an older key during the first. */
const walks = 2

/** Failure `misconfigured` when a key that is needed is missing or another one; then nothing has changed. */
export async function rotateKeys(deps: RotationDeps): Promise<Rotation> {
  const { keyFile, instance } = deps
  for (;;) {
    let keys = await findKeyFile(keyFile)
    if (!keys) throw keyFileAbsent(keyFile)
    try {
      await checkKeys(instance, keys, createSecretBox(keys))
      const isResumed = (await sealedByOthers(instance, keys.current)) > 0
      if (!isResumed) keys = await withFreshKey(keyFile, keys)
      return { isResumed, ...(await resealAll(deps, keys)) }
    } catch (error) {
      // Another rotation may have brought a key since we looked, and has sealed with it: then both go on with that one.
      const now = await findKeyFile(keyFile)
      if (!now || now.current === keys.current) throw error
    }
  }
}

async function resealAll(
  deps: RotationDeps,
  keys: SealingKeys,
): Promise<Omit<Rotation, 'isResumed'>> {
  const { current } = keys
  const box = createSecretBox(keys)
  await beginRotation(deps, keys, box)
  let resealed = 0
  for (let walk = 0; walk < walks; walk += 1)
    resealed += await resealOthers(deps.instance, current, box)
  return { current, resealed, left: await sealedByOthers(deps.instance, current) }
}

/** On disk before anything is sealed with it. */
function withFreshKey(keyFile: string, before: SealingKeys): Promise<SealingKeys> {
  return changeKeyFile(keyFile, (keys) => {
    // Somebody else has rotated since we looked: one fresh key is enough.
    if (keys.current !== before.current) return keys
    const key = freshKey()
    return { ...keys, keys: [...keys.keys, key], current: key.id }
  })
}

/** The first secret that is sealed anew is the check value, together with the audit event: a rotation leaves one, however often it is taken up. */
async function beginRotation(
  { instance, clock, newId, actor }: RotationDeps,
  { keys, current }: SealingKeys,
  box: SecretBox,
): Promise<void> {
  const old = await instance.reads.secrets.find(keyCheckPlace)
  if (!old || old.keyId === current) return
  const fresh = resealed(box, { place: keyCheckPlace, sealed: old })
  const event = {
    id: newId(),
    at: instantOf(clock.now()),
    actor,
    action: 'key.rotated',
    subject: current,
    details: { before: old.keyId, keysInFile: keys.map(({ id }) => id) },
  } as const
  await instance.transaction(async ({ sealed, auditOf }) => {
    if (await sealed.replace(keyCheckPlace, old, fresh)) await auditOf('').insert(event)
  })
}

/** One walk over everything that other keys have sealed; answers how many secrets it has sealed anew. */
async function resealOthers(
  instance: Storage['instance'],
  current: string,
  box: SecretBox,
): Promise<number> {
  let count = 0
  let after: SecretPlace | undefined
  for (;;) {
    const page = await instance.reads.sealed.listSealedByOthers(current, secretsPerUnit, after)
    const last = page.at(-1)
    if (!last) return count
    after = last.place
    const fresh = page.map((secret) => ({ ...secret, fresh: resealed(box, secret) }))
    count += await instance.transaction(async ({ sealed }) => {
      let replaced = 0
      // Whoever has put another secret there meanwhile is right.
      for (const { place, sealed: old, fresh: anew } of fresh)
        if (await sealed.replace(place, old, anew)) replaced += 1
      return replaced
    })
  }
}

function resealed(box: SecretBox, { place, sealed }: PlacedSecret) {
  return box.seal(place, box.open(place, sealed))
}

async function sealedByOthers(instance: Storage['instance'], current: string): Promise<number> {
  const counts = await instance.reads.sealed.countByKey()
  return counts.filter(({ keyId }) => keyId !== current).reduce((sum, { count }) => sum + count, 0)
}
