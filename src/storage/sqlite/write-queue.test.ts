import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SqlConnection } from '../sql/connection.ts'
import { sqliteConnection } from './connection.ts'
import { openConnections } from './connections.ts'
import { sharedTransaction } from './shared-transaction.ts'
import { writeQueue } from './write-queue.ts'

describe('the write queue', () => {
  let folder = ''
  let db: SqliteDatabase.Database
  let other: SqliteDatabase.Database
  let closeAll: () => void
  /** What happened between the waits for another process's lock. */
  let onSleep: (ms: number) => void = () => undefined
  const sleeps: number[] = []
  const commits: number[] = []
  let nowMs = Date.parse('2026-12-01T09:00:00Z')
  const clock = {
    now: () => new Date(nowMs),
    sleep: async (ms: number) => {
      sleeps.push(ms)
      onSleep(ms)
    },
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-queue-'))
    const mine = await openConnections(join(folder, 'pomona.db'), clock)
    const theirs = await openConnections(join(folder, 'pomona.db'), clock)
    db = mine.writer
    other = theirs.writer
    closeAll = () => {
      for (const { reader, writer } of [mine, theirs]) {
        reader.close()
        writer.close()
      }
    }
    onSleep = () => undefined
    sleeps.length = 0
    commits.length = 0
  })
  afterEach(async () => {
    closeAll()
    await rm(folder, { recursive: true })
  })

  const queueOf = () =>
    writeQueue(sharedTransaction(db, sqliteConnection(db)), clock, (units) => commits.push(units))
  const put =
    (name: string, value = 'x') =>
    (connection: SqlConnection) =>
      connection.run('insert into instance_fact (name, value) values ($1, $2)', [name, value])
  const stored = () => db.prepare('select name from instance_fact order by name').pluck().all()
  const outcomesOf = async (units: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(units)).map((one) =>
      one.status === 'fulfilled' ? 'stored' : one.reason.code,
    )

  test('when the shared commit fails, every unit of it fails and nothing is stored', async () => {
    const { transact } = queueOf()
    const units = [
      transact(put('a')),
      // A reference that is checked at COMMIT only, and points nowhere.
      transact(async (connection) => {
        await connection.run('pragma defer_foreign_keys = on')
        await connection.run(
          "insert into client (tenant_id, id, name, roles, secret_hash, created_at) values ('nobody', '', '', '', '', '')",
        )
      }),
      transact(put('b')),
    ]
    expect(await outcomesOf(units)).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(stored()).toEqual([])
    expect(commits).toEqual([])
    await transact(put('c'))
    expect(stored()).toEqual(['c'])
  })

  test('when the database undoes the whole transaction, those who ran in it fail and the rest is stored', async () => {
    const { transact } = queueOf()
    await transact(put('taken'))
    const units = [
      transact(put('a')),
      transact((connection) =>
        connection.run("insert or rollback into instance_fact (name, value) values ('taken', '')"),
      ),
      transact(put('b')),
    ]
    expect(await outcomesOf(units)).toEqual(['unavailable', 'unavailable', 'stored'])
    expect(stored()).toEqual(['b', 'taken'])
  })

  test('on a full disk nobody is told that something was stored which was not', async () => {
    const { transact } = queueOf()
    await transact(put('before'))
    const pages = Number(db.pragma('page_count', { simple: true }))
    db.pragma(`max_page_count = ${pages + 20}`)
    const names = Array.from({ length: 40 }, (_, index) => `big ${String(index).padStart(2, '0')}`)
    const outcomes = await outcomesOf(names.map((name) => transact(put(name, 'x'.repeat(8_000)))))
    const answered = names.filter((_, index) => outcomes[index] === 'stored')
    expect(new Set(outcomes)).toEqual(new Set(['stored', 'unavailable']))
    expect(stored()).toEqual(['before', ...answered])
    expect(other.prepare('select name from instance_fact order by name').pluck().all()).toEqual(
      stored(),
    )
    db.pragma(`max_page_count = ${pages + 2_000}`)
    await transact(put('after'))
    expect(stored()).toEqual(['after', 'before', ...answered])
  })

  test('no more than 128 units share a commit, and none waits for a next one without need', async () => {
    const { transact } = queueOf()
    await Promise.all(Array.from({ length: 300 }, (_, index) => transact(put(`${index}`))))
    expect(commits).toEqual([128, 128, 44])
  })

  test('units that take long share no commit: requests wait no longer than a moment', async () => {
    const { transact } = queueOf()
    const slow = (name: string, ms: number) => (connection: SqlConnection) => {
      nowMs += ms
      return put(name)(connection)
    }
    const times = [8, 6, 1, 40, 14, 1, 1]
    await Promise.all(times.map((ms, index) => transact(slow(`${index}`, ms))))
    expect(commits).toEqual([3, 1, 2, 1])
    expect(stored()).toHaveLength(7)
  })

  test('a unit that is handed in while others are answered is stored too', async () => {
    const { transact } = queueOf()
    await transact(put('a'))
    const later: Promise<unknown>[] = []
    let answer: Promise<unknown> = transact(put('b'))
    // Hands in one unit at each of the microtasks that follow the answer.
    for (let step = 0; step < 12; step += 1)
      answer = answer.then(() => {
        later.push(transact(put(`later ${String(step).padStart(2, '0')}`)))
      })
    await answer
    expect(await outcomesOf(later)).toEqual(Array.from({ length: 12 }, () => 'stored'))
  })

  test("waits for another process's lock and then goes on", async () => {
    const { transact } = queueOf()
    other.exec('begin immediate')
    other.exec("insert into instance_fact (name, value) values ('theirs', '')")
    onSleep = () => {
      if (sleeps.length === 3) other.exec('commit')
    }
    await transact(put('ours'))
    expect(sleeps).toEqual([10, 10, 10])
    expect(stored()).toEqual(['ours', 'theirs'])
  })

  test('gives up after ten seconds of waiting for the lock, and serves the next when it is free', async () => {
    const { transact } = queueOf()
    other.exec('begin immediate')
    expect(await outcomesOf([transact(put('a')), transact(put('b'))])).toEqual([
      'unavailable',
      'unavailable',
    ])
    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(10_000)
    other.exec('rollback')
    await transact(put('c'))
    expect(stored()).toEqual(['c'])
  })

  test('a clock that stops while it waits fails the waiting and nobody later', async () => {
    const { transact } = queueOf()
    other.exec('begin immediate')
    onSleep = () => {
      throw new Error('The clock was stopped.')
    }
    expect(await outcomesOf([transact(put('a'))])).toEqual(['unavailable'])
    other.exec('rollback')
    await transact(put('b'))
    expect(stored()).toEqual(['b'])
  })

  test('drains what waits and refuses what comes later', async () => {
    const queue = queueOf()
    const waiting = [queue.transact(put('a')), queue.transact(put('b'))]
    const drained = queue.drain()
    expect(await outcomesOf([queue.transact(put('c'))])).toEqual(['unavailable'])
    await drained
    expect(await outcomesOf(waiting)).toEqual(['stored', 'stored'])
    expect(stored()).toEqual(['a', 'b'])
  })
})
