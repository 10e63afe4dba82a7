import { describe, expect, test } from 'vitest'
import { migrateStorage, openStorage } from '../../src/storage/open.ts'
import { knownMigrations } from '../../src/storage/sql/migrate.ts'

export interface EmptyDatabase {
  readonly url: string
  /** Runs SQL beside Pomona. */
  ask(sql: string): Promise<unknown>
  remove(): Promise<void>
}

const clock = { now: () => new Date('2026-12-01T09:00:00Z'), sleep: async () => undefined }

export function migrationContract(name: string, makeEmpty: () => Promise<EmptyDatabase>): void {
  describe(`migrations on ${name}`, () => {
    const names = async () => (await knownMigrations()).map((migration) => migration.name)
    const within = async (work: (database: EmptyDatabase) => Promise<void>) => {
      const database = await makeEmpty()
      try {
        await work(database)
      } finally {
        await database.remove()
      }
    }

    test('bring an empty database up to date, and then have nothing left to do', () =>
      within(async ({ url }) => {
        expect(await migrateStorage({ url, clock })).toEqual(await names())
        expect(await migrateStorage({ url, clock })).toEqual([])
        const storage = await openStorage({ url, clock })
        expect(await storage.instance.reads.tenants.list()).toEqual([])
        await storage.close()
      }))

    test('that start at the same time are applied once', () =>
      within(async ({ url }) => {
        const applied = await Promise.all([1, 2, 3].map(() => migrateStorage({ url, clock })))
        expect(applied.flat()).toEqual(await names())
      }))

    test('refuse a database that is newer than the program, by the name of the step, as opening it does', () =>
      within(async ({ url, ask }) => {
        await migrateStorage({ url, clock })
        await ask("insert into schema_migration values (9999, '9999-from-the-future', 'x', 'y')")
        const refused = {
          code: 'misconfigured',
          message: expect.stringContaining('"9999-from-the-future"'),
        }
        await expect(migrateStorage({ url, clock })).rejects.toMatchObject(refused)
        await expect(openStorage({ url, clock })).rejects.toMatchObject(refused)
      }))

    test('refuse a database whose past is another one, by the name of the step', () =>
      within(async ({ url, ask }) => {
        await migrateStorage({ url, clock })
        await ask("update schema_migration set checksum = 'x' where number = 1")
        const refused = { code: 'misconfigured', message: expect.stringContaining('"0001-tables"') }
        await expect(migrateStorage({ url, clock })).rejects.toMatchObject(refused)
        await expect(openStorage({ url, clock })).rejects.toMatchObject(refused)
      }))

    test("refuse another program's tables and leave them as they are", () =>
      within(async ({ url, ask }) => {
        await ask('create table customer (name text)')
        const refused = {
          code: 'misconfigured',
          message: expect.stringContaining('another program'),
        }
        await expect(migrateStorage({ url, clock })).rejects.toMatchObject(refused)
        await expect(openStorage({ url, clock })).rejects.toMatchObject(refused)
        await expect(ask('select * from tenant')).rejects.toThrow('tenant')
      }))
  })
}
