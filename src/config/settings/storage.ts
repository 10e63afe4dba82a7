/** Where the data lie, and the key that seals them. */
import { join } from 'node:path'
import { setting } from '../setting.ts'
import { path } from '../setting-kinds.ts'
import { storageUrl } from '../storage-url.ts'
import { userConfigFolder, userDataFolder } from '../user-folders.ts'

export const storageSettings = {
  'data-dir': setting({
    reader: 'service',
    argument: 'DIR',
    description: 'Folder of the database and of ca.pem',
    kind: path,
    fallback: { shown: '~/.local/share/pomona', text: userDataFolder },
  }),
  'key-file': setting({
    reader: 'service',
    argument: 'FILE',
    description:
      'Key that seals every secret, kept apart from the data; made on first use; with PostgreSQL it must be named',
    kind: path,
    fallback: {
      shown: '~/.config/pomona/key.json',
      text: () => join(userConfigFolder(), 'key.json'),
    },
  }),
  'storage-url': setting({
    reader: 'service',
    argument: 'URL',
    description: 'Database: sqlite:FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    kind: storageUrl,
    isSecret: true,
    fallback: {
      shown: 'sqlite:<data-dir>/pomona.db',
      text: (effective) => `sqlite:${join(effective('data-dir'), 'pomona.db')}`,
    },
  }),
} as const
