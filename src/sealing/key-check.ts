/** Finds a wrong or missing key when the service starts, instead of at the first secret that does not open. */
import { Failure } from '../model/failure.ts'
import type { SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import type { SealingKeys } from './sealing-keys.ts'

export const keyCheckPlace: SecretPlace = { tenantId: '', recordId: '', property: 'keyCheck' }
const checkText = 'pomona key check'

/**
 * Passes when the stored check value opens and every key that sealed something is at hand; writes the check value when nothing
 * is sealed yet. Failure `misconfigured` naming the key otherwise. Never overwrites anything.
 */
export async function checkKeys(
  instance: Storage['instance'],
  keys: SealingKeys,
  box: SecretBox,
): Promise<void> {
  const { secrets } = instance.reads
  if ((await secrets.listKeyIds()).length === 0) await writeCheck(instance, box)
  const neededIds = await secrets.listKeyIds()
  const missing = neededIds.filter((needed) => !keys.keys.some(({ id }) => id === needed))
  if (missing.length > 0) throw keysMissing(missing)
  const check = await secrets.find(keyCheckPlace)
  if (!check)
    throw new Failure(
      'misconfigured',
      `Secrets are stored (sealed with ${named(neededIds)}) but the check value of the key is gone, so it cannot be told whether the key fits. Restore a backup of the database.`,
    )
  box.open(keyCheckPlace, check)
}

/** For a database whose keys are not at hand. */
export function keysMissing(ids: readonly string[]): Failure {
  return new Failure(
    'misconfigured',
    `The database holds secrets sealed with ${named(ids)}, and no such key is at hand. Restore the key file that was used with this database, or name it with --key-file.`,
  )
}

async function writeCheck(instance: Storage['instance'], box: SecretBox): Promise<void> {
  await instance.transaction(async ({ secrets }) => {
    // Another process may have started at the same moment; its check value stays.
    if (await secrets.find(keyCheckPlace)) return
    await secrets.put(keyCheckPlace, box.seal(keyCheckPlace, checkText))
  })
}

function named(ids: readonly string[]): string {
  return `the key${ids.length > 1 ? 's' : ''} ${ids.map((id) => `"${id}"`).join(', ')}`
}
