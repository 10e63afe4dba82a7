/** What SQLite's result codes mean to the rooms above. The codes' own texts hold names of tables, never a value. */
import SqliteDatabase from 'better-sqlite3'
import { Failure } from '../../model/failure.ts'

const unavailable: readonly (readonly [code: string, message: string])[] = [
  [
    'SQLITE_FULL',
    'The disk that holds the database is full, so nothing was stored. Free some space on it and try again.',
  ],
  [
    'SQLITE_BUSY',
    'Another process keeps the database locked, so nothing was stored. Try again; if it stays so, stop that process.',
  ],
  [
    'SQLITE_READONLY',
    'The database file is not writable, so nothing was stored. Give the account that runs Pomona write access to the file and its folder.',
  ],
  ['SQLITE_CORRUPT', 'The database file is damaged. Stop Pomona and restore the latest backup.'],
  [
    'SQLITE_CANTOPEN',
    'The database file cannot be opened. Check that the file and its folder exist and belong to the account that runs Pomona.',
  ],
  [
    'SQLITE_IOERR',
    'The disk that holds the database failed to read or write. Check the disk and the logs of the system, then try again.',
  ],
  ['SQLITE_NOMEM', 'There was not enough memory for the database. Give Pomona more and try again.'],
]

const constraints: Readonly<Record<string, readonly ['conflict' | 'notFound', string]>> = {
  SQLITE_CONSTRAINT_UNIQUE: ['conflict', 'A record with the same key is already stored.'],
  SQLITE_CONSTRAINT_PRIMARYKEY: ['conflict', 'A record with the same key is already stored.'],
  SQLITE_CONSTRAINT_FOREIGNKEY: [
    'notFound',
    'The tenant or token that this record belongs to is not stored. It may have been removed.',
  ],
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : ''
  const constraint = constraints[code]
  if (constraint) return new Failure(...constraint, { cause: error })
  if (code === 'SQLITE_NOTADB')
    return new Failure(
      'misconfigured',
      'The database file is not an SQLite database. Check its path; restore a backup if it was overwritten.',
      { cause: error },
    )
  const trouble = unavailable.find(([start]) => code.startsWith(start))
  if (trouble) return new Failure('unavailable', trouble[1], { cause: error, retryAfterSeconds: 5 })
  return new Failure(
    'internal',
    `The database refused a statement${code && ` (${code})`}. This is a defect of Pomona; please report it.`,
    { cause: error },
  )
}

/** Another process is writing at this moment. */
export function isBusy(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

export function storageClosed(): Failure {
  return new Failure(
    'unavailable',
    'The storage is closed, because the service is stopping. Try again in a moment.',
    { retryAfterSeconds: 5 },
  )
}
