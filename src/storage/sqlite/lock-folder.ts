/** One service per data folder: an exclusive lock of SQLite's, which the system gives back however the process ends. */
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { Failure } from '../../model/failure.ts'

/** Failure `misconfigured` when another process holds the folder. Answers how to give it back. */
export function lockFolder(folder: string): () => void {
  const lock = new SqliteDatabase(join(folder, 'serve.lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = exclusive')
    lock.exec('begin exclusive')
    return () => lock.close()
  } catch (cause) {
    lock.close()
    throw new Failure(
      'misconfigured',
      `Another pomona serve is at work on the data folder "${folder}". Stop that one first, or give this one a folder of its own with --data-dir; several services share data on PostgreSQL only.`,
      { property: 'data-dir', cause },
    )
  }
}
