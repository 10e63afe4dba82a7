import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openInstance } from '../compose/instance.ts'
import { lookAtDatabase } from './look-at-database.ts'
import { resolveSettings } from './read-settings.ts'
import { serviceSettingNames } from './settings.ts'

let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-database-'))
  for (const [data, key] of [
    ['one', 'one.json'],
    ['other', 'other.json'],
  ] as const) {
    const instance = await openInstance({ dataDir: at(data), keyFile: at(key) })
    await instance.storage.close()
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function foundWith(file: string, keyFile: string) {
  const flags = { 'storage-url': [`sqlite:${at(file)}`], 'key-file': [at(keyFile)] }
  const resolved = resolveSettings(serviceSettingNames, { flags, variables: {} })
  const { problems, warnings } = await lookAtDatabase(resolved)
  const lines = (found: typeof problems) =>
    found.map(({ setting, message }) => `${setting}: ${message}`)
  return { problems: lines(problems), warnings: lines(warnings) }
}

describe('the database that settings name', () => {
  test.each([
    ['with its key', 'one/pomona.db'],
    ['that the first start will make', 'absent/pomona.db'],
  ])('%s is sound', async (_, file) => {
    expect(await foundWith(file, 'one.json')).toEqual({ problems: [], warnings: [] })
  })

  test.each([
    ['absent.json', /^key-file: The database holds secrets sealed with the key "\w+", and no such/],
    ['other.json', /^key-file: The database holds secrets sealed with the key "\w+", and no such/],
  ])('does not fit the key file %s', async (keyFile, message) => {
    const { problems } = await foundWith('one/pomona.db', keyFile)
    expect(problems).toEqual([expect.stringMatching(message)])
  })

  test('of another program is refused', async () => {
    new SqliteDatabase(at('foreign.db')).exec('create table book (title text)').close()
    expect((await foundWith('foreign.db', 'one.json')).problems).toEqual([
      expect.stringMatching(/^storage-url: The database file belongs to another program\./),
    ])
    await writeFile(at('text.db'), 'This is no database, but a text that is long enough for one.')
    expect((await foundWith('text.db', 'one.json')).problems).toEqual([
      expect.stringMatching(/^storage-url: The database file is not an SQLite database\./),
    ])
  })

  test('of an older version is told, and left as it is', async () => {
    await copyFile(at('one/pomona.db'), at('older.db'))
    const db = new SqliteDatabase(at('older.db'))
    db.exec(
      'delete from schema_migration where number = (select max(number) from schema_migration)',
    )
    db.pragma('journal_mode = delete')
    db.close()
    const before = await readFile(at('older.db'))
    const { problems, warnings } = await foundWith('older.db', 'one.json')
    expect(problems).toEqual([])
    expect(warnings).toEqual([
      expect.stringMatching(
        /^storage-url: .* older version, and the next start brings it up .*\(\d{4}-/,
      ),
    ])
    expect(await readFile(at('older.db'))).toEqual(before)
  })
})
