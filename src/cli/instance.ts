/** Commands that work on the storage itself: opened for one piece of work, closed whatever comes of it. */
import { type Instance, openInstance } from '../compose/instance.ts'

export const instanceSettings = ['data-dir', 'key-file'] as const

export async function withInstance<T>(
  settings: { readonly 'data-dir': string; readonly 'key-file': string },
  work: (instance: Instance) => Promise<T>,
): Promise<T> {
  const instance = await openInstance({
    dataDir: settings['data-dir'],
    keyFile: settings['key-file'],
  })
  try {
    return await work(instance)
  } finally {
    await instance.storage.close()
  }
}
