import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EntityType } from '../../model/entity-type.ts'
import { type LibraryItem, libraryItem } from '../../model/library-item.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { type VppToken, vppToken } from '../../model/vpp-token.ts'
import type { ItemValues } from '../../ports/library-store.ts'
import type { Storage } from '../../ports/storage.ts'
import { openStorage } from '../open.ts'
import { openConnections, type SqliteConnections } from '../sqlite/connections.ts'

const clock = { now: () => new Date('2026-12-01T09:00:00Z'), sleep: async () => undefined }

describe('the rows of removed tokens', () => {
  let folder = ''
  let watching: SqliteConnections
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-sweeper-'))
    watching = await openConnections(join(folder, 'pomona.db'), clock)
  })
  afterEach(async () => {
    watching.reader.close()
    watching.writer.close()
    await rm(folder, { recursive: true })
  })

  const leave = (tokenNumber: number, rows: number) => {
    const insert = watching.writer.prepare(
      'insert into assignment (token_number, adam_id, pricing_param, target_kind, target) values (?, ?, ?, 0, ?)',
    )
    for (let row = 0; row < rows; row += 1) insert.run(tokenNumber, '1', 'STDQ', String(row))
    watching.writer
      .prepare("insert into apple_user (token_number, client_user_id, status) values (?, 'u', '')")
      .run(tokenNumber)
  }
  const markRemoved = (tokenNumber: number) =>
    watching.writer.prepare('insert into removed_token values (?)').run(tokenNumber)
  const left = () =>
    watching.reader
      .prepare(
        `select token_number, count(*) as count from
          (select token_number from assignment union all select token_number from apple_user)
          group by token_number`,
      )
      .all()
  const isDone = () => watching.reader.prepare('select 1 from removed_token').all().length === 0

  test('that a stopped process left are taken away when the storage is opened, a thousand at a time, and no others', async () => {
    leave(7, 2_500)
    leave(8, 3)
    leave(9, 1)
    markRemoved(7)
    markRemoved(9)
    let commits = 0
    const storage = await openStorage({
      url: `sqlite:${join(folder, 'pomona.db')}`,
      clock,
      onCommit: () => {
        commits += 1
      },
    })
    // Each of these shares the commit of at most one step of the sweep.
    while (!isDone() && commits < 100) await storage.instance.transaction(async () => undefined)
    expect(left()).toEqual([{ token_number: 8, count: 4 }])
    expect(commits).toBeGreaterThanOrEqual(8)
    await storage.close()
  })

  test('go on being swept in the next process when this one is closed in the middle', async () => {
    leave(7, 5_000)
    markRemoved(7)
    const url = `sqlite:${join(folder, 'pomona.db')}`
    const first = await openStorage({ url, clock })
    await first.instance.transaction(async () => undefined)
    await first.close()
    expect(isDone()).toBe(false)
    const second = await openStorage({ url, clock })
    for (let step = 0; step < 100 && !isDone(); step += 1)
      await second.instance.transaction(async () => undefined)
    expect(left()).toEqual([])
    await second.close()
  })

  test('apps and books go with their pictures, those of other tokens stay', async () => {
    const storage = await openStorage({ url: `sqlite:${join(folder, 'pomona.db')}`, clock })
    watching.writer.exec(`insert into tenant values ('${tenantId}', '', 'active', '')`)
    const { transaction } = storage.forTenant(tenantId)
    await transaction(async ({ tokens, library }) => {
      for (const id of ['t1', 't2']) {
        await tokens.insert({ ...token, record: { ...token.record, id } })
        const items = Array.from({ length: 120 }, (_, index) => item(`${id}-${index}`))
        await library.insert(id, items)
        await library.putIcon(id, `${id}-7`, { type: 'image/png', value: 'aWNvbg==' })
      }
    })
    await transaction(({ tokens }) => tokens.remove('t1'))
    for (let step = 0; step < 100 && !isDone(); step += 1)
      await storage.instance.transaction(async () => undefined)
    const ids = watching.reader.prepare('select id from library_item order by id').pluck().all()
    expect(ids).toHaveLength(120)
    expect(ids[0]).toBe('t2-0')
    expect(watching.reader.prepare('select count(*) from library_icon').pluck().get()).toBe(1)
    await storage.close()
  })

  test.each([
    [
      'token',
      (storage: Storage) =>
        storage.forTenant(tenantId).transaction(({ tokens }) => tokens.remove('t1')),
    ],
    [
      'tenant',
      (storage: Storage) => storage.instance.transaction(({ tenants }) => tenants.remove(tenantId)),
    ],
  ])(
    'are taken away after the %s was removed, without anybody asking for it',
    async (_, remove) => {
      watching.writer.exec(`insert into tenant values ('${tenantId}', '', 'active', '')`)
      const storage = await openStorage({ url: `sqlite:${join(folder, 'pomona.db')}`, clock })
      await storage.forTenant(tenantId).transaction(async ({ tokens, users }) => {
        await tokens.insert(token)
        await users.insert('t1', [
          { clientUserId: 'u', idHash: null, inviteCode: null, email: null, status: '' },
        ])
      })
      expect(left()).toHaveLength(1)
      await remove(storage)
      for (let step = 0; step < 100 && !isDone(); step += 1)
        await storage.instance.transaction(async () => undefined)
      expect(left()).toEqual([])
      await storage.close()
    },
  )
})

const tenantId = 'harbour'
const initialOf = (type: EntityType) =>
  Object.fromEntries(Object.entries(type.properties).map(([name, { initial }]) => [name, initial]))
const token: StoredToken = {
  record: { ...initialOf(vppToken), id: 't1' } as VppToken,
  version: 1,
  createdAt: '',
  dueAt: '',
  finding: null,
  contentHash: null,
}

function item(id: string): ItemValues {
  return {
    record: { ...initialOf(libraryItem), id, adamId: id } as LibraryItem,
    metadataAt: null,
    metadataFrom: null,
    iconUrl: null,
    iconFrom: null,
  }
}
