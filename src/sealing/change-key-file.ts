/** Replaces the key file by a changed one: whole and on disk, or not at all, and by one process at a time. */
import { randomUUID } from 'node:crypto'
import { chown, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure } from '../model/failure.ts'
import { findKeyFile, hasCode, syncFolder, writeDraft } from './key-file.ts'
import { encodeKeyFile } from './key-file-text.ts'
import type { SealingKeys } from './sealing-keys.ts'

/**
 * `change` is given the keys in the file and answers those to be there; the same ones = nothing is written. Answers what the
 * file holds in the end. Failures: `conflict` when somebody else is changing it, `misconfigured` when it is not there or
 * cannot be changed.
 */
export async function changeKeyFile(
  path: string,
  change: (keys: SealingKeys) => SealingKeys | Promise<SealingKeys>,
): Promise<SealingKeys> {
  const before = await findKeyFile(path)
  if (!before) throw keyFileAbsent(path)
  // The file itself, should the path be a link to it.
  const file = await realpath(path)
  const lock = `${file}.lock`
  await hold(lock, path)
  try {
    const keys = (await findKeyFile(path)) ?? before
    const changed = await change(keys)
    if (changed !== keys) await replace(file, encodeKeyFile(changed))
    return changed
  } catch (error) {
    if (error instanceof Failure) throw error
    throw cannotChange(path, error)
  } finally {
    await rm(lock, { force: true })
  }
}

export function keyFileAbsent(path: string): Failure {
  return new Failure(
    'misconfigured',
    `There is no key file "${path}". Name the one that belongs to this database by --key-file.`,
  )
}

/** Two that change the file at once would each lose the other's key, and with it what it has sealed. */
async function hold(lock: string, path: string): Promise<void> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw cannotChange(path, error)
    throw new Failure(
      'conflict',
      `The key file "${path}" is being changed by another process. Wait for it; when there is none, one was stopped in the middle: remove "${lock}" and try again.`,
    )
  }
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await writeDraft(draft, text)
    // Root may change it for the account that runs the service.
    const { uid, gid } = await stat(file)
    await chown(draft, uid, gid)
    await rename(draft, file)
    await syncFolder(dirname(file))
  } finally {
    await rm(draft, { force: true })
  }
}

function cannotChange(path: string, cause: unknown): Failure {
  return new Failure(
    'misconfigured',
    `The key file "${path}" cannot be changed. Check that it and its folder are writable for the account that runs this command.`,
    { cause },
  )
}
