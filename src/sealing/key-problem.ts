import { Failure } from '../model/failure.ts'
import type { Storage } from '../ports/storage.ts'
import { keyCheckPlace, keysMissing } from './key-check.ts'
import type { SealingKeys } from './sealing-keys.ts'
import { createSecretBox } from './secret-box.ts'

/** Why these keys do not open what is stored, without writing anything; null when they fit, or nothing is sealed yet. */
export async function keyProblem(
  keys: SealingKeys | undefined,
  { reads }: Storage['instance'],
): Promise<string | null> {
  const used = await reads.secrets.listKeyIds()
  const missing = used.filter((id) => !keys?.keys.some((key) => key.id === id))
  if (missing.length > 0) return keysMissing(missing).message
  const check = await reads.secrets.find(keyCheckPlace)
  if (!keys || !check) return null
  try {
    createSecretBox(keys).open(keyCheckPlace, check)
    return null
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
}
