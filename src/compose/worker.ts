/** The due loop alone, beside nodes that answer requests: it takes due tokens from the database that all of them share. */
import { Failure } from '../model/failure.ts'
import type { Observe } from '../ports/observer.ts'
import { startAppleSide } from './apple-side.ts'
import { embeddedFile, openInstance } from './instance.ts'
import { requireNotificationOrigin } from './ownership-settings.ts'
import { requireAppleUrl, type ServiceSettings } from './service-settings.ts'

export interface Worker {
  /** Finishes the running chunks, gives leases back, then closes the storage. */
  close(): Promise<void>
}

/** Failure `misconfigured` names the setting at fault, and when there is nothing for a worker to do. */
export async function startWorker(settings: ServiceSettings, observe: Observe): Promise<Worker> {
  const appleUrl = requireAppleUrl(settings)
  requireNotificationOrigin(settings)
  if (settings['no-worker'])
    throw wrong(
      'no-worker',
      '--no-worker is for pomona serve: a worker does nothing but this work.',
    )
  if (settings['apple-mode'] === 'off')
    throw wrong('apple-mode', "In the mode 'off' nobody is asked, so a worker has nothing to do.")
  if (embeddedFile(settings['data-dir'], settings['storage-url']) !== undefined)
    throw wrong(
      'storage-url',
      'The embedded database belongs to one process, and pomona serve does the work of a worker itself. For more processes name a PostgreSQL database by --storage-url-file.',
    )
  const instance = await openInstance({
    dataDir: settings['data-dir'],
    keyFile: settings['key-file'],
    storageUrl: settings['storage-url'],
  })
  try {
    const apple = await startAppleSide(settings, appleUrl, instance, observe)
    return {
      async close() {
        try {
          await apple.stop()
        } finally {
          await instance.storage.close()
        }
      },
    }
  } catch (error) {
    await instance.storage.close()
    throw error
  }
}

function wrong(property: string, message: string): Failure {
  return new Failure('misconfigured', message, { property })
}
