/** What a database must offer so that the contract suites can be run on it. */
import { afterEach, beforeEach } from 'vitest'
import type { Storage } from '../../src/ports/storage.ts'

export interface Backend {
  readonly name: string
  /** Units take effect in the order in which they were handed in; otherwise in some order. */
  readonly keepsOrder: boolean
  /** Opens the storage of a fresh, empty database. */
  openFresh(onCommit?: (units: number) => void): Promise<FreshStorage>
}

export interface FreshStorage {
  readonly storage: Storage
  /** Opens the same database once more, as a second process would. */
  openAgain(): Promise<Storage>
  /** Closes everything that was opened and removes the database. */
  remove(): Promise<void>
}

/** A fresh storage for each test of a suite; what is answered is the one of the running test. */
export function freshStorage(backend: Backend): () => FreshStorage {
  let fresh: FreshStorage | undefined
  beforeEach(async () => {
    fresh = await backend.openFresh()
  })
  afterEach(async () => {
    await fresh?.remove()
    fresh = undefined
  })
  return () => {
    if (!fresh) throw new Error('No test is running.')
    return fresh
  }
}
