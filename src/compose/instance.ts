/** An instance opened: its storage and the keys to its secrets. */
import { join } from 'node:path'
import type { Clock } from '../model/clock.ts'
import type { NewId } from '../model/ids.ts'
import type { SecretBox } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import { openSealing } from '../sealing/open-sealing.ts'
import { openStorage } from '../storage/open.ts'
import { makeFolder } from './make-folder.ts'
import { timeOrderedIds } from './new-id.ts'
import { systemClock } from './system-clock.ts'

/** The embedded database's file; undefined when the data lie in a database server. */
export function embeddedFile(dataDir: string, storageUrl: string | undefined): string | undefined {
  if (storageUrl === undefined) return join(dataDir, 'pomona.db')
  return storageUrl.startsWith('sqlite:') ? storageUrl.slice('sqlite:'.length) : undefined
}

export interface Instance {
  readonly storage: Storage
  readonly secretBox: SecretBox
  readonly clock: Clock
  readonly newId: NewId
}

/** Makes data folder, database and key file on first use, for the present user alone. Failure `misconfigured` says what is wrong. */
export async function openInstance(given: {
  readonly dataDir: string
  readonly keyFile: string
  /** Absent = SQLite in the data folder. */
  readonly storageUrl?: string | undefined
  /** Absent = real time. */
  readonly clock?: Clock
}): Promise<Instance> {
  const { clock = systemClock } = given
  await makeFolder(given.dataDir)
  const storage = await openStorage({
    url: given.storageUrl ?? `sqlite:${embeddedFile(given.dataDir, undefined)}`,
    clock,
  })
  try {
    const secretBox = await openSealing(given.keyFile, storage.instance)
    return { storage, secretBox, clock, newId: timeOrderedIds(clock.now) }
  } catch (error) {
    await storage.close()
    throw error
  }
}
