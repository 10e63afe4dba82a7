/** The database holds what tenants keep from each other: nobody else on the machine may read it. */
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure } from '../../model/failure.ts'

/** Makes the file (mode 0600) and missing folders (0700). SQLite gives its side files the mode of the database. */
export async function makePrivateFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // `a`: opens what is there as it is, or makes an empty file, which SQLite takes for a new database.
    const file = await open(path, 'a', 0o600)
    await file.close()
  } catch (error) {
    throw new Failure(
      'misconfigured',
      `The database file "${path}" cannot be opened for writing. Check the path, and that it belongs to the account that runs Pomona.`,
      { cause: error },
    )
  }
}
