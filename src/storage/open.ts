/** Opens the storage that a URL names. The only place that knows which databases there are. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { Storage } from '../ports/storage.ts'
import { storageIn } from './sql/storage.ts'
import { openSqlite } from './sqlite/open.ts'

export interface StorageOptions {
  /** `sqlite:` and the path of the file, which is made when it is absent. */
  readonly url: string
  readonly clock: Clock
  /** Told after each durable commit how many units of work shared it. */
  readonly onCommit?: (units: number) => void
}

/**
 * SQLite is brought to this program's schema while it opens. Failure `misconfigured` when the URL, the file or its schema
 * does not fit; `unavailable` when the database does not answer.
 */
export async function openStorage({ url, clock, onCommit }: StorageOptions): Promise<Storage> {
  const path = /^sqlite:(.+)$/s.exec(url)?.[1]
  if (path === undefined)
    // The URL is not repeated: that of a database server can hold a password.
    throw new Failure(
      'misconfigured',
      'The storage URL names no database that Pomona can open. Give "sqlite:" and the path of a file.',
    )
  const database = await openSqlite(path, clock, onCommit ?? (() => undefined))
  return storageIn(database, randomUUID)
}
