/**
 * Where the services of tests keep their data: an SQLite file, or a PostgreSQL schema of their own when POMONA_TEST_STORAGE is
 * `postgres` (tools/check.js runs many suites once with each).
 */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../src/model/clock.ts'
import type { Storage } from '../src/ports/storage.ts'
import { migrateStorage, openStorage } from '../src/storage/open.ts'
import { makeSchema, postgresUrl } from './postgres-schema.ts'

export interface TestStorage {
  readonly url: string
  /** For what lies beyond the folder. */
  remove(): Promise<void>
}

export async function testStorage(folder: string): Promise<TestStorage> {
  if (process.env.POMONA_TEST_STORAGE !== 'postgres')
    return { url: `sqlite:${join(folder, 'pomona.db')}`, remove: async () => undefined }
  if (!postgresUrl)
    throw new Error('POMONA_TEST_POSTGRES_URL names no server. Run: tools/with-postgres.sh …')
  const schema = await makeSchema(postgresUrl)
  await migrateStorage({ url: schema.url, clock: realClock })
  return schema
}

export interface OpenedTestStorage {
  readonly storage: Storage
  /** The same data through connections of its own, which its user closes. */
  openAgain(): Promise<Storage>
  /** Something asked of it is under way: a turned clock stands still meanwhile. */
  isBusy(): boolean
  close(): Promise<void>
}

export async function openTestStorage(folder: string): Promise<OpenedTestStorage> {
  const place = await testStorage(folder)
  let underWay = 0
  const counted = async <T>(answer: Promise<T>): Promise<T> => {
    underWay += 1
    try {
      return await answer
    } finally {
      underWay -= 1
    }
  }
  const open = async () => watched(await openStorage({ url: place.url, clock: realClock }), counted)
  const storage = await open()
  return {
    storage,
    openAgain: open,
    isBusy: () => underWay > 0,
    close: async () => {
      await storage.close()
      await place.remove()
    },
  }
}

/** The same doors and stores; whatever promise comes out of them goes through `counted`. */
function watched<Doors extends object>(
  doors: Doors,
  counted: <T>(answer: Promise<T>) => Promise<T>,
): Doors {
  const seen = (value: unknown): unknown => {
    if (value instanceof Promise) return counted(value)
    if (typeof value === 'function') return (...given: unknown[]) => seen(value(...given))
    return typeof value === 'object' && value !== null ? watched(value, counted) : value
  }
  return new Proxy(doors, { get: (target, name) => seen(Reflect.get(target, name)) })
}

/** What a storage waits for happens outside of this process. */
const realClock: Clock = {
  now: () => new Date(),
  sleep: async (ms) => {
    await setTimeout(ms)
  },
}
