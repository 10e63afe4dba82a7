/** Commands that work on the storage itself: opened for one piece of work, closed whatever comes of it. */
import { type Instance, openInstance } from '../compose/instance.ts'
import type { SettingValues } from '../config/settings.ts'

export const instanceSettings = ['data-dir', 'key-file', 'storage-url'] as const
export type InstanceSettings = SettingValues<(typeof instanceSettings)[number]>

export async function withInstance<T>(
  settings: InstanceSettings,
  work: (instance: Instance) => Promise<T>,
): Promise<T> {
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
