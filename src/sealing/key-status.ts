/** Which keys there are, and what they are needed for. */
import { stat } from 'node:fs/promises'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { Storage } from '../ports/storage.ts'
import { changeKeyFile } from './change-key-file.ts'
import type { SealingKeys } from './sealing-keys.ts'

export interface KeyStatus {
  readonly id: string
  readonly isInKeyFile: boolean
  /** Seals from now on. */
  readonly isCurrent: boolean
  /** How many stored secrets only this key opens. */
  readonly sealedCount: number
}

/** Those of the key file in its order, then those that are missing there; `keys` undefined = there is no key file. */
export async function keyStatus(
  instance: Storage['instance'],
  keys: SealingKeys | undefined,
): Promise<readonly KeyStatus[]> {
  const counts = new Map(
    (await instance.reads.sealed.countByKey()).map(({ keyId, count }) => [keyId, count]),
  )
  const inFile = new Set(keys?.keys.map(({ id }) => id))
  return [...new Set([...inFile, ...counts.keys()])].map((id) => ({
    id,
    isInKeyFile: inFile.has(id),
    isCurrent: id === keys?.current,
    sealedCount: counts.get(id) ?? 0,
  }))
}

/** What a service sealed with an older key, just before it noticed the newer one, is stored by then. */
const restMs = 60_000

/**
 * Takes the keys out of the key file that nothing stored needs; the current one stays. Answers their ids. Failure `conflict`
 * when the file was changed within the last minute.
 */
export async function dropUnusedKeys(given: {
  readonly keyFile: string
  readonly instance: Storage['instance']
  readonly clock: Clock
}): Promise<readonly string[]> {
  const { keyFile, instance, clock } = given
  const dropped: string[] = []
  await changeKeyFile(keyFile, async (keys) => {
    const { mtimeMs } = await stat(keyFile)
    if (clock.now().getTime() - mtimeMs < restMs)
      throw new Failure(
        'conflict',
        'The keys were changed within the last minute, and a running service may be storing something that it sealed before. Wait a minute and try again.',
      )
    const unused = (await keyStatus(instance, keys))
      .filter(({ isCurrent, sealedCount }) => !isCurrent && sealedCount === 0)
      .map(({ id }) => id)
    dropped.push(...unused)
    return unused.length === 0
      ? keys
      : { ...keys, keys: keys.keys.filter(({ id }) => !unused.includes(id)) }
  })
  return dropped
}
