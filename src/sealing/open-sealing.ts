import type { SecretBox } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import { checkKeys, keysMissing } from './key-check.ts'
import { findKeyFile, makeKeyFile } from './key-file.ts'
import { createSecretBox } from './secret-box.ts'

/**
 * The box of this instance: reads the key file, or makes it when neither a file nor anything sealed is there yet, and checks
 * that the keys fit the database. Failure `misconfigured` when they do not; then nothing has been written.
 */
export async function openSealing(
  keyFile: string,
  instance: Storage['instance'],
): Promise<SecretBox> {
  const keys = (await findKeyFile(keyFile)) ?? (await firstKeys(keyFile, instance))
  const box = createSecretBox(keys)
  await checkKeys(instance, keys, box)
  return box
}

/** A fresh key beside secrets of a lost one would only hide which key is missing. */
async function firstKeys(keyFile: string, instance: Storage['instance']) {
  const neededIds = await instance.reads.secrets.listKeyIds()
  if (neededIds.length > 0) throw keysMissing(neededIds)
  return makeKeyFile(keyFile)
}
