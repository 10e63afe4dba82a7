import { describe, expect, test } from 'vitest'
import type { VppToken } from '../../src/model/vpp-token.ts'
import type { TokenStore } from '../../src/ports/token-store.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard, recordWithEveryValue, token } from './samples.ts'

export function tokenStoreContract(backend: Backend): void {
  describe(`tokens on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      return storage.forTenant(harbour)
    }

    test('every declared property but the secret ones is stored and read back, with all digits and offsets', async () => {
      const tenant = await opened()
      const stored = token(guid(1), recordWithEveryValue(guid(1)), {
        version: 7,
        createdAt: at(1),
        dueAt: at(2),
        finding: { reason: 'throttled', isDefinite: false, httpStatus: 429, notBefore: at(3) },
        contentHash: 'ab'.repeat(32),
      })
      await tenant.transaction(({ tokens }) => tokens.insert(stored))
      expect(await tenant.reads.tokens.get(guid(1))).toEqual(stored)
    })

    test('initial values, nulls among them, are stored and read back', async () => {
      const tenant = await opened()
      await tenant.transaction(({ tokens }) => tokens.insert(token(guid(1))))
      expect(await tenant.reads.tokens.get(guid(1))).toEqual(token(guid(1)))
    })

    test('an update replaces every property and counts the version up, whatever version is handed in', async () => {
      const tenant = await opened()
      await tenant.transaction(({ tokens }) => tokens.insert(token(guid(1), {}, { version: 3 })))
      const changed = token(guid(1), recordWithEveryValue(guid(1)), {
        version: 99,
        dueAt: at(5),
        finding: { reason: 'tlsRefused', isDefinite: false, host: 'vpp.example' },
        contentHash: 'cd',
      })
      const answered = await tenant.transaction(({ tokens }) => tokens.update(changed))
      expect(answered).toEqual({ ...changed, version: 4 })
      expect(await tenant.reads.tokens.get(guid(1))).toEqual({ ...changed, version: 4 })
    })

    test('get fails with notFound and find answers undefined for an id that is not there', async () => {
      const { reads } = await opened()
      await expect(reads.tokens.get(guid(9))).rejects.toMatchObject({ code: 'notFound' })
      expect(await reads.tokens.find(guid(9))).toBeUndefined()
    })

    test('the same id a second time is a conflict', async () => {
      const tenant = await opened()
      await tenant.transaction(({ tokens }) => tokens.insert(token(guid(1))))
      await expect(
        tenant.transaction(({ tokens }) => tokens.insert(token(guid(1)))),
      ).rejects.toMatchObject({ code: 'conflict' })
    })

    test('a token of a tenant that is not registered is refused', async () => {
      await opened()
      const stranger = fresh().storage.forTenant(guid(404))
      await expect(
        stranger.transaction(({ tokens }) => tokens.insert(token(guid(1)))),
      ).rejects.toMatchObject({ code: 'notFound' })
    })

    test('lists in the order of ids, page by page, and says where the next page begins', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ tokens }) => {
        for (const number of [4, 2, 5, 1, 3]) await tokens.insert(token(guid(number)))
      })
      const ids = async (limit: number, after?: string) => {
        const page = await tenant.reads.tokens.list({ limit, ...(after && { after }) })
        return [page.rows.map(({ record }) => record.id), page.next]
      }
      expect(await ids(2)).toEqual([[guid(1), guid(2)], guid(2)])
      expect(await ids(2, guid(2))).toEqual([[guid(3), guid(4)], guid(4)])
      expect(await ids(2, guid(4))).toEqual([[guid(5)], undefined])
      expect(await ids(5)).toEqual([[1, 2, 3, 4, 5].map(guid), undefined])
      expect(await ids(2, guid(5))).toEqual([[], undefined])
      expect(await tenant.reads.tokens.count()).toBe(5)
    })

    test('ids order byte by byte: capitals before small letters, letters before accents', async () => {
      const tenant = await opened()
      const ids = ['é', 'a', 'B', 'b', 'A', '😀', '\uff21']
      await tenant.transaction(async ({ tokens }) => {
        for (const id of ids) await tokens.insert(token(id))
      })
      const { rows } = await tenant.reads.tokens.list({ limit: 10 })
      expect(rows.map(({ record }) => record.id)).toEqual(['A', 'B', 'a', 'b', 'é', '\uff21', '😀'])
    })

    test('tokens of one location are listed oldest first, then by id', async () => {
      const tenant = await opened()
      const there: Partial<VppToken> = { locationId: '7000000000000030' }
      await tenant.transaction(async ({ tokens }) => {
        await tokens.insert(token(guid(1), there, { createdAt: at(9) }))
        await tokens.insert(token(guid(3), there, { createdAt: at(5) }))
        await tokens.insert(token(guid(2), there, { createdAt: at(5) }))
        await tokens.insert(token(guid(4), { locationId: '7000000000000031' }))
        await tokens.insert(token(guid(5)))
      })
      const twins = await tenant.reads.tokens.listByLocation('7000000000000030')
      expect(twins.map(({ record }) => record.id)).toEqual([guid(2), guid(3), guid(1)])
      expect(await tenant.reads.tokens.listByLocation('7000000000000099')).toEqual([])
    })

    test('a token is found by its content; of several the oldest, then the lowest id', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ tokens }) => {
        await tokens.insert(token(guid(1), {}, { contentHash: 'aa', createdAt: at(9) }))
        await tokens.insert(token(guid(3), {}, { contentHash: 'aa', createdAt: at(5) }))
        await tokens.insert(token(guid(2), {}, { contentHash: 'aa', createdAt: at(5) }))
        await tokens.insert(token(guid(4), {}, { contentHash: 'bb', createdAt: at(1) }))
        await tokens.insert(token(guid(5), {}, { createdAt: at(0) }))
      })
      expect((await tenant.reads.tokens.findByContent('aa'))?.record.id).toBe(guid(2))
      expect(await tenant.reads.tokens.findByContent('cc')).toBeUndefined()
    })

    test('makeDue brings the due time forward, never back, and leaves the version', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ tokens }) => {
        await tokens.insert(token(guid(1), {}, { dueAt: at(50) }))
        await tokens.makeDue(guid(1), at(40))
        await tokens.makeDue(guid(1), at(60))
      })
      expect(await tenant.reads.tokens.get(guid(1))).toMatchObject({ dueAt: at(40), version: 1 })
    })

    test('a raised fence supersedes whoever runs under the older one', async () => {
      const tenant = await opened()
      await tenant.transaction(({ tokens }) => tokens.insert(token(guid(1))))
      await tenant.transaction(async ({ tokens }) => {
        await tokens.checkFence(guid(1), 0)
        await tokens.raiseFence(guid(1))
        await tokens.checkFence(guid(1), 1)
      })
      await expect(
        tenant.transaction(({ tokens }) => tokens.checkFence(guid(1), 0)),
      ).rejects.toMatchObject({ code: 'superseded' })
    })

    test('an update of the record leaves the fence as it is', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ tokens }) => {
        await tokens.insert(token(guid(1)))
        await tokens.raiseFence(guid(1))
        await tokens.update(token(guid(1)))
        await tokens.checkFence(guid(1), 1)
      })
    })

    test('changes of a token that is not there fail with notFound, its fence with superseded', async () => {
      const tenant = await opened()
      const codeOf = (work: Parameters<typeof tenant.transaction>[0]) =>
        tenant.transaction(work).then(
          () => 'stored',
          (failure) => failure.code,
        )
      expect(await codeOf(({ tokens }) => tokens.update(token(guid(9))))).toBe('notFound')
      expect(await codeOf(({ tokens }) => tokens.remove(guid(9)))).toBe('notFound')
      expect(await codeOf(({ tokens }) => tokens.raiseFence(guid(9)))).toBe('notFound')
      expect(await codeOf(({ tokens }) => tokens.makeDue(guid(9), at(0)))).toBe('notFound')
      expect(await codeOf(({ tokens }) => tokens.checkFence(guid(9), 0))).toBe('superseded')
    })

    test('a token of another tenant is as good as not there', async () => {
      await opened()
      const { storage } = fresh()
      const location = { locationId: '7000000000000030' }
      const owned = token(guid(1), location, { dueAt: at(9), contentHash: 'aa' })
      await storage.forTenant(orchard).transaction(({ tokens }) => tokens.insert(owned))

      const { reads, transaction } = storage.forTenant(harbour)
      expect(await reads.tokens.find(guid(1))).toBeUndefined()
      await expect(reads.tokens.get(guid(1))).rejects.toMatchObject({ code: 'notFound' })
      expect((await reads.tokens.list({ limit: 9 })).rows).toEqual([])
      expect(await reads.tokens.count()).toBe(0)
      expect(await reads.tokens.listByLocation('7000000000000030')).toEqual([])
      expect(await reads.tokens.findByContent('aa')).toBeUndefined()
      const refusals = [
        ['notFound', (tokens) => tokens.update(token(guid(1)))],
        ['notFound', (tokens) => tokens.remove(guid(1))],
        ['notFound', (tokens) => tokens.raiseFence(guid(1))],
        ['notFound', (tokens) => tokens.makeDue(guid(1), at(0))],
        ['superseded', (tokens) => tokens.checkFence(guid(1), 0)],
      ] satisfies [string, (tokens: TokenStore) => Promise<unknown>][]
      for (const [code, attempt] of refusals)
        await expect(transaction<unknown>(({ tokens }) => attempt(tokens))).rejects.toMatchObject({
          code,
        })

      expect(await storage.forTenant(orchard).reads.tokens.get(guid(1))).toEqual(owned)
      await storage.forTenant(orchard).transaction(({ tokens }) => tokens.checkFence(guid(1), 0))
    })

    test('two tenants may have a token of the same id, each its own', async () => {
      await opened()
      const { storage } = fresh()
      for (const [id, displayName] of [
        [harbour, 'Apples'],
        [orchard, 'Pears'],
      ] as const)
        await storage
          .forTenant(id)
          .transaction(({ tokens }) => tokens.insert(token(guid(1), { displayName })))
      await storage.forTenant(harbour).transaction(({ tokens }) => tokens.remove(guid(1)))
      expect(await storage.forTenant(harbour).reads.tokens.count()).toBe(0)
      expect(await storage.forTenant(orchard).reads.tokens.get(guid(1))).toMatchObject({
        record: { displayName: 'Pears' },
      })
    })
  })
}
