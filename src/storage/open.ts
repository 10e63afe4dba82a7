/** Opens the storage that a URL names. The only place that knows which databases there are. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { Storage } from '../ports/storage.ts'
import { storageIn } from './sql/storage.ts'
import { openConnections } from './sqlite/connections.ts'
import { openSqlite } from './sqlite/open.ts'

export interface StorageOptions {
  /** `sqlite:` and the path of the file, which is made when it is absent; or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. */
  readonly url: string
  readonly clock: Clock
  /** Told after each durable commit how many units of work shared it. */
  readonly onCommit?: (units: number) => void
}

/**
 * SQLite is brought to this program's schema while it opens; PostgreSQL is not, since other nodes may be at work on it (see
 * `migrateStorage`). Failure `misconfigured` when the URL, the database or its schema does not fit; `unavailable` when the
 * database does not answer.
 */
export async function openStorage({ url, clock, onCommit }: StorageOptions): Promise<Storage> {
  const told = onCommit ?? (() => undefined)
  const place = placeOf(url)
  if ('file' in place) return storageIn(await openSqlite(place.file, clock, told), randomUUID)
  // Loaded on demand: most instances never need it.
  const { openPostgres } = await import('./postgres/open.ts')
  return storageIn(await openPostgres(place.server, clock, told), randomUUID)
}

/**
 * Brings the database to this program's schema, all missing steps or none, while other nodes that try the same wait. Answers
 * the names of the steps that were applied. Failures as of `openStorage`.
 */
export async function migrateStorage({ url, clock }: StorageOptions): Promise<readonly string[]> {
  const place = placeOf(url)
  if ('file' in place) {
    const { reader, writer, applied } = await openConnections(place.file, clock)
    reader.close()
    writer.close()
    return applied
  }
  const { migrateSchema } = await import('./postgres/schema.ts')
  return migrateSchema(place.server, clock)
}

function placeOf(url: string): { readonly file: string } | { readonly server: string } {
  const file = /^sqlite:(.+)$/s.exec(url)?.[1]
  if (file !== undefined) return { file }
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return { server: url }
  // The URL is not repeated: it can hold a password.
  throw new Failure(
    'misconfigured',
    'The storage URL names no database that Pomona can open. Give "sqlite:" and the path of a file, or postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
  )
}
