import { inspect } from 'node:util'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Storage } from '../../src/ports/storage.ts'
import { migrateStorage, openStorage } from '../../src/storage/open.ts'
import { postgresDialect } from '../../src/storage/postgres/dialect.ts'
import { lookUpsOnly } from '../../src/storage/postgres/pool.ts'
import {
  appleRowStatements,
  appleUserTable,
  assetTable,
  assignmentTable,
} from '../../src/storage/sql/apple-row-tables.ts'
import { makeSchema, type PostgresSchema, postgresUrl } from '../postgres-schema.ts'
import { addTenants, asset, assignment, guid, harbour, token, user } from './samples.ts'

const clock = { now: () => new Date('2026-12-01T09:00:00Z'), sleep: async () => undefined }

// Whether they may be skipped is said in postgres.test.ts.
describe.skipIf(!postgresUrl)('a PostgreSQL server', () => {
  let schema: PostgresSchema
  const opened: Storage[] = []
  beforeEach(async () => {
    schema = await makeSchema(postgresUrl ?? '')
  })
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close()
    await schema.remove()
  })
  const urlWith = (change: (url: URL) => void): string => {
    const url = new URL(schema.url)
    change(url)
    return url.href
  }
  const open = async (url = schema.url) => {
    const storage = await openStorage({ url, clock })
    opened.push(storage)
    return storage
  }

  test('without the tables is refused with the command that makes them, and left as it is', async () => {
    await expect(open()).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(/no tables of Pomona yet.*pomona migrate/),
    })
    expect(await schema.ask('select 1 from pg_tables where schemaname = current_schema()')).toEqual(
      [],
    )
  })

  test('with an older schema is refused by the step that it lacks, and left as it is', async () => {
    await migrateStorage({ url: schema.url, clock })
    await schema.ask('delete from schema_migration where number >= 2')
    await expect(open()).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(/older than this program.*"0002-retention".*pomona migrate/),
    })
    expect(await schema.ask('select number from schema_migration')).toEqual([{ number: '1' }])
  })

  test.each<[string, string, (url: URL) => void]>([
    [
      'misconfigured',
      'a wrong password',
      (url) => {
        url.password = 'pl4nted'
      },
    ],
    [
      'misconfigured',
      'no password',
      (url) => {
        url.password = ''
      },
    ],
    [
      'misconfigured',
      'a database that is not there',
      (url) => {
        url.pathname = '/nowhere'
      },
    ],
    [
      'misconfigured',
      'a schema that is not there',
      (url) => {
        url.searchParams.set('options', '-c search_path=nowhere')
      },
    ],
    [
      'misconfigured',
      'a demand for TLS that the server cannot meet',
      (url) => {
        url.searchParams.set('sslmode', 'verify-full')
      },
    ],
    [
      'unavailable',
      'a port where nobody listens',
      (url) => {
        url.port = '1'
      },
    ],
  ])('fails with %s for %s, and the password shows nowhere', async (code, _, change) => {
    const url = urlWith(change)
    const { password } = new URL(schema.url)
    for (const attempt of [openStorage, migrateStorage]) {
      const failure = await attempt({ url, clock }).catch((reason: unknown) => reason)
      expect(failure).toMatchObject({ name: 'Failure', code })
      const shown = inspect(failure, { depth: 9, showHidden: true })
      expect(shown).not.toContain('pl4nted')
      expect(shown).not.toContain(password)
    }
  })

  test('that cannot be reached is named by host and port', async () => {
    const url = urlWith((at) => {
      at.port = '1'
    })
    await expect(open(url)).rejects.toMatchObject({
      message: expect.stringContaining('127.0.0.1:1'),
    })
  })

  test('that ends the connections fails the units that run, and serves the next ones', async () => {
    await migrateStorage({ url: schema.url, clock })
    const name = `pomona test ${process.pid} ${Math.random()}`
    const storage = await open(urlWith((at) => at.searchParams.set('application_name', name)))
    await addTenants(storage)
    const { transaction, reads } = storage.forTenant(harbour)
    const units = [1, 2, 3].map((number) =>
      transaction(async ({ tokens }) => {
        await tokens.insert(token(guid(number)))
        for (;;) await tokens.count()
      }),
    )
    const settled = Promise.allSettled(units)
    const ended = async () =>
      schema.ask(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}' and state <> 'idle'`,
      )
    let count = 0
    while (count < 3) count += (await ended()).length
    for (const unit of await settled)
      expect(unit).toMatchObject({
        status: 'rejected',
        reason: { code: 'unavailable', retryAfterSeconds: 5 },
      })
    expect(await reads.tokens.count()).toBe(0)
    await transaction(({ tokens }) => tokens.insert(token(guid(4))))
    expect(await reads.tokens.count()).toBe(1)
    await storage.ping()
  })

  test('tells every node that something is due, and goes on after the connection was lost', async () => {
    await migrateStorage({ url: schema.url, clock })
    const name = `pomona test ${process.pid} ${Math.random()}`
    const [here, there] = [
      await open(),
      await open(urlWith((at) => at.searchParams.set('application_name', name))),
    ]
    let heard = 0
    let hear = Promise.withResolvers<void>()
    const nextHeard = async () => {
      await hear.promise
      hear = Promise.withResolvers()
    }
    const stop = there.instance.schedule.dueSignal?.listen(() => {
      heard += 1
      hear.resolve()
    })
    // It listens now; whatever was due before is looked for at once.
    await nextHeard()
    here.instance.schedule.dueSignal?.send()
    await nextHeard()
    await schema.ask(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`,
    )
    await nextHeard()
    here.instance.schedule.dueSignal?.send()
    await nextHeard()
    stop?.()
    expect(heard).toBe(4)
  })

  test('refuses the one character that it cannot keep, as a mistake of the caller, and goes on', async () => {
    await migrateStorage({ url: schema.url, clock })
    const storage = await open()
    await addTenants(storage)
    const { transaction, reads } = storage.forTenant(harbour)
    await expect(
      transaction(({ tokens }) => tokens.insert(token(guid(1), { displayName: 'a\0b' }))),
    ).rejects.toMatchObject({ code: 'badRequest' })
    await transaction(async ({ tokens, users }) => {
      await tokens.insert(token(guid(1)))
      await users.insert(guid(1), [user('u')])
    })
    await expect(
      transaction(({ users }) => users.insert(guid(1), [user('u\0')])),
    ).rejects.toMatchObject({ code: 'badRequest' })
    expect(await reads.users.count(guid(1))).toBe(1)
  })

  // The server learns the size of a table minutes after a first load has begun; until then it guesses.
  test('looks given rows up one by one, also in tables whose size it does not know yet', async () => {
    await migrateStorage({ url: schema.url, clock })
    const storage = await open()
    await addTenants(storage)
    const many = Array.from({ length: 3_000 }, (_, index) => index)
    await storage.forTenant(harbour).transaction(async (stores) => {
      await stores.tokens.insert(token(guid(1)))
      await stores.assets.insert(
        guid(1),
        many.map((index) => asset(`${index}`)),
      )
      await stores.assignments.insert(
        guid(1),
        many.map((index) => assignment('1', `S${index}`)),
      )
      await stores.users.insert(
        guid(1),
        many.map((index) => user(`u${index}`)),
      )
    })
    const client = new Client({ connectionString: schema.url })
    await client.connect()
    await client.query(lookUpsOnly)
    const rowsRead = async (sql: string, given: string) => {
      const text = `explain (analyze, format json) ${sql}`
      const { rows } = await client.query({ text, values: [harbour, guid(1), given] })
      return mostRows(rows[0]['QUERY PLAN'][0].Plan)
    }
    const numbers = JSON.stringify([[5], [50], [500]])
    for (const [table, given] of [
      [
        assetTable,
        [
          ['5', 'STDQ'],
          ['50', 'STDQ'],
        ],
      ],
      [
        assignmentTable,
        [
          ['1', 'STDQ', 0, 'S5'],
          ['1', 'STDQ', 0, 'S50'],
        ],
      ],
      [
        appleUserTable,
        [
          ['u5', null, null],
          ['u50', null, null],
        ],
      ],
    ] as const) {
      const sql = appleRowStatements<never>(table, postgresDialect)
      expect(await rowsRead(sql.findSame, JSON.stringify(given))).toBe(2)
      expect(await rowsRead(sql.remove, numbers)).toBe(3)
    }
    await client.end()
  })
})

interface PlanNode {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** The most rows that one step of the plan has looked at, over all its repetitions. */
function mostRows(node: PlanNode): number {
  const looked = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)
  return Math.max(looked * node['Actual Loops'], ...(node.Plans ?? []).map(mostRows))
}
