import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ListQuery } from '../../model/list-query.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { vppToken } from '../../model/vpp-token.ts'
import type { TokenReads, TokenStore } from '../../ports/token-store.ts'
import { sqliteConnection } from '../sqlite/connection.ts'
import { sqliteDialect } from '../sqlite/dialect.ts'
import { cachedTokenReads } from './cached-token-reads.ts'
import type { SqlConnection } from './connection.ts'
import { knownMigrations, migrate } from './migrate.ts'
import { tokenCache } from './token-cache.ts'
import { tokenStore } from './token-store.ts'

const ids = [1, 2, 3].map((number) => `00000000-0000-7000-8000-00000000000${number}`)
const valid: ListQuery = {
  limit: 9,
  filter: { kind: 'compare', operand: { property: 'state' }, comparison: 'eq', value: 'valid' },
}

describe('reads over the cache of tokens', () => {
  let db: SqliteDatabase.Database
  let store: TokenStore
  let reads: TokenReads
  /** The statements that the reads have sent. */
  let statements: string[]
  /** Run once before the statement with this place, counted from 1. */
  let meanwhile: { readonly place: number; readonly work: () => Promise<unknown> } | undefined

  beforeEach(async () => {
    db = new SqliteDatabase(':memory:')
    const connection = sqliteConnection(db)
    const script = async (sql: string) => {
      db.exec(sql)
    }
    await migrate({ ...connection, script }, sqliteDialect, await knownMigrations(), '')
    db.exec("insert into tenant values ('t', '', 'active', '')")
    statements = []
    meanwhile = undefined
    const watched: SqlConnection = {
      ...connection,
      all: async (sql, values) => {
        if (statements.push(sql) === meanwhile?.place) await meanwhile.work()
        return connection.all(sql, values)
      },
    }
    store = tokenStore(connection, 't', sqliteDialect, () => undefined)
    reads = cachedTokenReads(watched, 't', sqliteDialect, tokenCache())
    for (const id of ids) await store.insert(token(id))
  })
  afterEach(() => {
    db.close()
  })

  const stateOf = ({ rows }: { readonly rows: readonly StoredToken[] }) =>
    rows.map(({ record }) => [record.id, record.state, record.displayName])
  const change = async (id: string, values: Partial<StoredToken['record']>) => {
    const stored = await store.get(id)
    await store.update({ ...stored, record: { ...stored.record, ...values } })
  }

  test('what is known takes one small statement and gives the very same objects', async () => {
    const first = await reads.list(valid)
    expect(statements).toHaveLength(2)
    const second = await reads.list(valid)
    expect(statements).toHaveLength(3)
    expect(statements[2]).not.toContain('display_name')
    for (const [index, row] of second.rows.entries()) expect(row).toBe(first.rows[index])
    const one = await reads.get(ids[0] ?? '')
    expect(statements).toHaveLength(4)
    expect(one).toBe(first.rows[0])
    expect(await reads.find(ids[0] ?? '')).toBe(one)
  })

  test('only what has changed is read again', async () => {
    const first = await reads.list(valid)
    await change(ids[1] ?? '', { displayName: 'new' })
    const second = await reads.list(valid)
    expect(second.rows[0]).toBe(first.rows[0])
    expect(second.rows[1]?.record.displayName).toBe('new')
    expect(second.rows[2]).toBe(first.rows[2])
  })

  test('a token that changes between the statements of a list is not listed where it no longer belongs', async () => {
    meanwhile = { place: 2, work: () => change(ids[1] ?? '', { state: 'expired' }) }
    expect(stateOf(await reads.list(valid))).toEqual([
      [ids[0], 'valid', null],
      [ids[2], 'valid', null],
    ])
    expect(statements).toHaveLength(3)
  })

  test('a token that goes between the statements of a list is not in it', async () => {
    meanwhile = { place: 2, work: () => store.remove(ids[0] ?? '') }
    expect(stateOf(await reads.list(valid))).toEqual([
      [ids[1], 'valid', null],
      [ids[2], 'valid', null],
    ])
  })

  test('a token that changes or goes between the statements of a find is as it is by then, or gone', async () => {
    meanwhile = { place: 2, work: () => change(ids[0] ?? '', { displayName: 'new' }) }
    expect((await reads.find(ids[0] ?? ''))?.record.displayName).toBe('new')
    meanwhile = { place: 4, work: () => store.remove(ids[1] ?? '') }
    expect(await reads.find(ids[1] ?? '')).toBeUndefined()
    meanwhile = { place: 6, work: () => store.remove(ids[2] ?? '') }
    await expect(reads.get(ids[2] ?? '')).rejects.toMatchObject({ code: 'notFound' })
  })

  test('a due time that moves without a new version is seen', async () => {
    await reads.list(valid)
    await store.makeDue(ids[0] ?? '', '2000')
    expect((await reads.get(ids[0] ?? '')).dueAt).toBe('2000')
    expect((await reads.list(valid)).rows[0]?.dueAt).toBe('2000')
  })
})

const initialValues = Object.entries(vppToken.properties).map(([name, { initial }]) => [
  name,
  initial,
])
const token = (id: string): StoredToken => ({
  record: { ...Object.fromEntries(initialValues), state: 'valid', id },
  version: 1,
  createdAt: '',
  dueAt: '3000',
  finding: null,
  contentHash: null,
})
