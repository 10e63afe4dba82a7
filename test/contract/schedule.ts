import { describe, expect, test } from 'vitest'
import type { TenantId, TokenId } from '../../src/model/ids.ts'
import type { StoredToken } from '../../src/model/stored-token.ts'
import type { VppToken } from '../../src/model/vpp-token.ts'
import type { TakenToken } from '../../src/ports/instance-store.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard, token } from './samples.ts'

export function scheduleContract(backend: Backend): void {
  describe(`the schedule on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const add = (
        tenantId: TenantId,
        id: TokenId,
        dueAt: number,
        record: Partial<VppToken> = {},
        rest: Partial<StoredToken> = {},
      ) =>
        storage
          .forTenant(tenantId)
          .transaction(({ tokens }) =>
            tokens.insert(token(id, record, { dueAt: at(dueAt), ...rest })),
          )
      const { schedule } = storage.instance
      const take = (now: number, limit = 10, until = now + 100) =>
        schedule.takeDue({ now: at(now), until: at(until), limit })
      return { storage, schedule, add, take }
    }
    const ids = (taken: readonly TakenToken[]) => taken.map(({ tokenId }) => tokenId)
    const one = (taken: readonly TakenToken[]): TakenToken => {
      const [token] = taken
      if (!token || taken.length > 1) throw new Error(`${taken.length} tokens were taken, not one.`)
      return token
    }

    test('takes what is due over all tenants, most overdue first, no more than asked for', async () => {
      const { add, take } = await opened()
      await add(harbour, guid(1), 30)
      await add(orchard, guid(2), 10)
      await add(harbour, guid(3), 20)
      await add(harbour, guid(4), 31)
      const taken = await take(30, 2)
      expect(taken.map(({ tenantId, tokenId }) => [tenantId, tokenId])).toEqual([
        [orchard, guid(2)],
        [harbour, guid(3)],
      ])
      expect(ids(await take(30, 2))).toEqual([guid(1)])
      expect(ids(await take(30, 2))).toEqual([])
    })

    test('each taking raises the fence and has a holder of its own', async () => {
      const { storage, add, take, schedule } = await opened()
      await add(harbour, guid(1), 0)
      const first = one(await take(1))
      expect(first.fence).toBe(1)
      await schedule.releaseLeases(first.lease.holder)
      const second = one(await take(2))
      expect(second.fence).toBe(2)
      expect(second.lease.holder).not.toBe(first.lease.holder)
      const check = (fence: number) =>
        storage.forTenant(harbour).transaction(({ tokens }) => tokens.checkFence(guid(1), fence))
      await check(2)
      await expect(check(1)).rejects.toMatchObject({ code: 'superseded' })
    })

    test('the key of a lease is the location, else the content hash, else the id', async () => {
      const { add, take } = await opened()
      await add(harbour, guid(1), 1, { locationId: '7000000000000001' }, { contentHash: 'aa' })
      await add(harbour, guid(2), 2, {}, { contentHash: 'bb' })
      await add(harbour, guid(3), 3)
      const keys = (await take(9)).map(({ lease }) => lease.locationKey)
      expect(keys).toEqual(['7000000000000001', 'bb', guid(3)])
    })

    test('of one location only the most overdue token is taken, whatever tenants its tokens are in', async () => {
      const { add, take } = await opened()
      const there = { locationId: '7000000000000030' }
      await add(harbour, guid(1), 2, there)
      await add(orchard, guid(2), 1, there)
      await add(harbour, guid(3), 3, there)
      await add(harbour, guid(4), 4)
      // Twins do not use up the limit.
      expect(ids(await take(9, 2))).toEqual([guid(2), guid(4)])
    })

    test('a location that somebody holds is left alone until the lease ends or is given back', async () => {
      const { add, take, schedule } = await opened()
      const there = { locationId: '7000000000000030' }
      await add(harbour, guid(1), 1, there)
      await add(orchard, guid(2), 2, there)
      const { lease } = one(await take(10, 10, 20))
      expect(await take(19)).toEqual([])
      expect(ids(await take(20, 10, 30))).toEqual([guid(1)])
      // The lease went to somebody else: the first holder can neither extend it nor give it back.
      expect(await schedule.extendLease(lease, at(90))).toBe(false)
      await schedule.releaseLeases(lease.holder)
      expect(await take(29)).toEqual([])
    })

    test('a held lease can be extended', async () => {
      const { add, take, schedule } = await opened()
      await add(harbour, guid(1), 1)
      const { lease } = one(await take(10, 10, 20))
      expect(await schedule.extendLease(lease, at(40))).toBe(true)
      expect(await take(39)).toEqual([])
      expect(await take(40)).toHaveLength(1)
    })

    test('a second location can be held by the same holder, unless somebody else holds it', async () => {
      const { add, take, schedule } = await opened()
      await add(harbour, guid(1), 1)
      await add(harbour, guid(2), 2, { locationId: '7000000000000030' })
      const taken = await take(10, 1, 20)
      const { lease } = one(taken)
      expect(await schedule.addLease(lease, '7000000000000030', at(10), at(20))).toBe(true)
      expect(await schedule.addLease(lease, '7000000000000030', at(11), at(21))).toBe(true)
      expect(await take(15)).toEqual([])
      const stranger = { ...lease, holder: 'stranger' }
      expect(await schedule.addLease(stranger, '7000000000000030', at(15), at(99))).toBe(false)
      await schedule.releaseLeases(lease.holder)
      expect(await schedule.addLease(stranger, '7000000000000030', at(15), at(99))).toBe(true)
    })

    test('of a process that died can all be given back by the only one left', async () => {
      const { add, take, schedule } = await opened()
      await add(harbour, guid(1), 1)
      await add(orchard, guid(2), 1)
      const dead = await take(10, 2, 99)
      expect(await take(11)).toEqual([])
      await schedule.releaseAbandoned()
      expect(ids(await take(12))).toEqual([guid(1), guid(2)])
      expect(await schedule.extendLease(one(dead.slice(0, 1)).lease, at(99))).toBe(false)
    })

    test('says when something may be due next, leases considered', async () => {
      const { add, take, schedule } = await opened()
      expect(await schedule.nextDue()).toBeUndefined()
      await add(harbour, guid(1), 50)
      expect(await schedule.nextDue()).toBe(at(50))
      await add(orchard, guid(2), 10)
      expect(await schedule.nextDue()).toBe(at(10))
      const { lease } = one(await take(10, 1, 40))
      expect(await schedule.nextDue()).toBe(at(40))
      await schedule.extendLease(lease, at(60))
      expect(await schedule.nextDue()).toBe(at(50))
      await schedule.releaseLeases(lease.holder)
      expect(await schedule.nextDue()).toBe(at(10))
    })

    test('two nodes that take at the same time never get the same token or location', async () => {
      const { storage, add } = await opened()
      const other = await fresh().openAgain()
      for (let number = 1; number <= 30; number += 1)
        await add(number % 2 ? harbour : orchard, guid(number), number, {
          locationId: `70000000000000${String(Math.ceil(number / 2)).padStart(2, '0')}`,
        })
      const takings = [storage, other, storage, other, storage, other].map(({ instance }) =>
        instance.schedule.takeDue({ now: at(99), until: at(199), limit: 4 }),
      )
      const taken = (await Promise.all(takings)).flat()
      expect(taken).toHaveLength(15)
      expect(new Set(ids(taken)).size).toBe(15)
      expect(new Set(taken.map(({ lease }) => lease.locationKey)).size).toBe(15)
    })
  })
}
