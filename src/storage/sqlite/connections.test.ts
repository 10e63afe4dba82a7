import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { knownMigrations } from '../sql/migrate.ts'
import { openConnections, type SqliteConnections } from './connections.ts'

const clock = { now: () => new Date('2026-12-01T09:00:00Z'), sleep: async () => undefined }

describe('an SQLite file', () => {
  let folder = ''
  const opened: SqliteConnections[] = []
  const fileIn = (...names: string[]) => join(folder, ...names)
  const open = async (path = fileIn('pomona.db')) => {
    const connections = await openConnections(path, clock)
    opened.push(connections)
    return connections
  }
  const closeAll = () => {
    for (const { reader, writer } of opened.splice(0)) {
      reader.close()
      writer.close()
    }
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-sqlite-'))
  })
  afterEach(async () => {
    closeAll()
    await rm(folder, { recursive: true })
  })

  test.each(['fresh', 'opened again'])(
    'waits for the disk at every commit when it is %s',
    async (when) => {
      if (when === 'opened again') {
        await open()
        closeAll()
      }
      const { writer } = await open()
      writer.prepare("insert into instance_fact values ('a', 'b')").run()
      expect(writer.pragma('synchronous', { simple: true })).toBe(2)
      expect(writer.pragma('journal_mode', { simple: true })).toBe('wal')
      expect(writer.pragma('foreign_keys', { simple: true })).toBe(1)
      // The queue waits for the lock; a busy timeout here would hold up the event loop.
      expect(writer.pragma('busy_timeout', { simple: true })).toBe(0)
    },
  )

  test('the second connection only reads', async () => {
    const { reader } = await open()
    expect(() => reader.prepare("insert into instance_fact values ('a', 'b')").run()).toThrow(
      'readonly',
    )
  })

  test('is readable by its owner alone, with its log and its folders', async () => {
    const { writer } = await open(fileIn('new', 'folder', 'pomona.db'))
    writer.prepare("insert into instance_fact values ('a', 'b')").run()
    const modeOf = async (...names: string[]) => (await stat(fileIn(...names))).mode & 0o777
    expect(await modeOf('new')).toBe(0o700)
    expect(await modeOf('new', 'folder')).toBe(0o700)
    for (const name of ['pomona.db', 'pomona.db-wal', 'pomona.db-shm'])
      expect(await modeOf('new', 'folder', name)).toBe(0o600)
  })

  test('keeps its rows and its schema when it is opened again', async () => {
    const first = await open()
    first.writer.prepare("insert into instance_fact values ('a', 'b')").run()
    closeAll()
    const { reader } = await open()
    expect(reader.prepare('select * from instance_fact').all()).toEqual([{ name: 'a', value: 'b' }])
    const applied_at = '2026-12-01T09:00:00.0000000Z'
    expect(reader.prepare('select number, name, applied_at from schema_migration').all()).toEqual(
      (await knownMigrations()).map(({ number, name }) => ({ number, name, applied_at })),
    )
  })

  test('of another program is refused and left as it is', async () => {
    const foreign = new SqliteDatabase(fileIn('pomona.db'))
    foreign.exec('create table customer (name text)')
    foreign.close()
    const before = await readFile(fileIn('pomona.db'))
    await expect(open()).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('another program'),
    })
    expect((await readFile(fileIn('pomona.db'))).equals(before)).toBe(true)
  })

  test('that is no database is refused and left as it is', async () => {
    await writeFile(fileIn('pomona.db'), 'Dear diary, '.repeat(100))
    await expect(open()).rejects.toMatchObject({ code: 'misconfigured' })
    expect(await readFile(fileIn('pomona.db'), 'utf8')).toBe('Dear diary, '.repeat(100))
  })

  test('newer than the program is refused, with the name of the step, and left as it is', async () => {
    const { writer } = await open()
    writer
      .prepare("insert into schema_migration values (9999, '9999-from-the-future', 'x', 'y')")
      .run()
    closeAll()
    await expect(open()).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('"9999-from-the-future"'),
    })
  })

  test('in a place that cannot be written is refused', async () => {
    await writeFile(fileIn('file'), '')
    await expect(open(fileIn('file', 'pomona.db'))).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(fileIn('file', 'pomona.db')),
    })
  })
})
