import type { SecretBox } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import { followingBox } from './following-box.ts'
import { checkKeys, keysMissing } from './key-check.ts'
import { findKeyFile, makeKeyFile } from './key-file.ts'
import { createSecretBox } from './secret-box.ts'

/**
 * The box of this instance: reads the key file, or makes it when neither a file nor anything sealed is there yet, and checks
 * that the keys fit the database. Failure `misconfigured` when they do not; then nothing has been written. The box follows the
 * key file when its keys are rotated.
 */
export async function openSealing(
  keyFile: string,
  instance: Storage['instance'],
): Promise<SecretBox> {
  const keys = (await findKeyFile(keyFile)) ?? (await firstKeys(keyFile, instance))
  await checkKeys(instance, keys, createSecretBox(keys))
  return followingBox(keyFile, keys)
}

/** A fresh key beside secrets of a lost one would only hide which key is missing. */
async function firstKeys(keyFile: string, instance: Storage['instance']) {
  const neededIds = await instance.reads.secrets.listKeyIds()
  if (neededIds.length === 0) return makeKeyFile(keyFile)
  // Another process may have made the file and sealed with it since we looked.
  const keys = await findKeyFile(keyFile)
  if (keys) return keys
  throw keysMissing(neededIds)
}
