/** Looks into the database that the settings name, without changing it: whether it answers, is Pomona's, and fits the keys. */
import { existsSync } from 'node:fs'
import { systemClock } from '../compose/system-clock.ts'
import { Failure } from '../model/failure.ts'
import { findKeyFile } from '../sealing/key-file.ts'
import { keyProblem } from '../sealing/key-problem.ts'
import { openStorage } from '../storage/open.ts'
import { missingSteps } from '../storage/sqlite/missing-steps.ts'
import type { ResolvedSettings, SettingProblem } from './read-settings.ts'
import type { ServiceSettingName } from './settings.ts'
import { isPostgres } from './storage-url.ts'

export interface DatabaseFindings {
  readonly problems: readonly SettingProblem[]
  readonly warnings: readonly SettingProblem[]
}

const nothing: DatabaseFindings = { problems: [], warnings: [] }

export async function lookAtDatabase({
  values,
}: ResolvedSettings<ServiceSettingName>): Promise<DatabaseFindings> {
  const { 'storage-url': url, 'key-file': keyFile } = values
  // A setting at fault has been told.
  if (url === undefined || keyFile === undefined) return nothing
  try {
    const file = isPostgres(url) ? undefined : url.slice('sqlite:'.length)
    // The first start makes it.
    if (file !== undefined && !existsSync(file)) return nothing
    const steps = file === undefined ? [] : await missingSteps(file)
    if (steps.length > 0) return { problems: [], warnings: [olderDatabase(steps)] }
    const problem = await problemWithKeys(url, keyFile)
    return problem === null
      ? nothing
      : { problems: [{ setting: 'key-file', message: problem }], warnings: [] }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { problems: [{ setting: 'storage-url', message: error.message }], warnings: [] }
  }
}

/** Its key is not looked at: only this program's own schema is known to be read rightly. */
function olderDatabase(steps: readonly string[]): SettingProblem {
  return {
    setting: 'storage-url',
    message: `The database is of an older version, and the next start brings it up to date (${steps.join(', ')}). Back it up first; the key was not tried.`,
  }
}

/** What is wrong with the key file itself is told with the other files. */
async function problemWithKeys(url: string, keyFile: string): Promise<string | null> {
  const keys = await findKeyFile(keyFile).catch(() => null)
  const storage = await openStorage({ url, clock: systemClock })
  try {
    return keys === null ? null : await keyProblem(keys, storage.instance)
  } finally {
    await storage.close()
  }
}
