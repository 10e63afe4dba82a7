/** Commands that work on the database without opening what is sealed in it: they work with a wrong or missing key too. */
import { mkdir } from 'node:fs/promises'
import { systemClock } from '../compose/system-clock.ts'
import type { Storage } from '../ports/storage.ts'
import { openStorage } from '../storage/open.ts'
import type { InstanceSettings } from './instance.ts'

export async function withStorage<T>(
  settings: InstanceSettings,
  work: (storage: Storage) => Promise<T>,
): Promise<T> {
  await mkdir(settings['data-dir'], { recursive: true, mode: 0o700 })
  const storage = await openStorage({ url: settings['storage-url'], clock: systemClock })
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}
