import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure } from '../model/failure.ts'

/** Makes the folder and those above it for the present user alone. Failure `misconfigured` says which one could not be made. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeWithParents(folder)
  } catch (cause) {
    throw new Failure(
      'misconfigured',
      `The data folder "${folder}" cannot be made or used (${(cause as { code?: string }).code ?? 'unknown reason'}). Check that the folders above it are there and writable for this user, or name another one with --data-dir.`,
      { property: 'data-dir', cause },
    )
  }
}

/** By hand: Node's own recursive mkdir never ends where a parent is there and takes nothing, such as /proc. */
async function makeWithParents(folder: string): Promise<void> {
  const made = await tryMake(folder)
  if (made === 'parentAbsent' && dirname(folder) !== folder) {
    await makeWithParents(dirname(folder))
    await mkdir(folder, { mode: 0o700 })
  }
}

async function tryMake(folder: string): Promise<'there' | 'parentAbsent'> {
  try {
    await mkdir(folder, { mode: 0o700 })
    return 'there'
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return 'there'
    if (code === 'ENOENT') return 'parentAbsent'
    throw error
  }
}
