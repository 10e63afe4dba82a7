/** Commands that work on the storage itself: opened for one piece of work, closed whatever comes of it. */
import { existsSync } from 'node:fs'
import { embeddedFile, type Instance, openInstance } from '../compose/instance.ts'
import type { SettingValues } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'

export const instanceSettings = ['data-dir', 'key-file', 'storage-url'] as const
export type InstanceSettings = SettingValues<(typeof instanceSettings)[number]>

/** `isFirst`: the command may be the first one ever, which makes the database; for others an absent one is a mistake. */
export async function withInstance<T>(
  settings: InstanceSettings,
  work: (instance: Instance) => Promise<T>,
  { isFirst = false } = {},
): Promise<T> {
  if (!isFirst) requireDatabase(settings)
  const given = {
    dataDir: settings['data-dir'],
    keyFile: settings['key-file'],
    storageUrl: settings['storage-url'],
  }
  const instance = await openInstance(given)
  try {
    return await work(instance)
  } finally {
    await instance.storage.close()
  }
}

function requireDatabase(settings: InstanceSettings): void {
  const file = embeddedFile(settings['data-dir'], settings['storage-url'])
  if (file === undefined || existsSync(file)) return
  throw new Failure(
    'misconfigured',
    `There is no database at "${file}". Check --data-dir; the first tenant makes it: pomona tenant add --id ID --name NAME.`,
    { property: 'data-dir' },
  )
}
