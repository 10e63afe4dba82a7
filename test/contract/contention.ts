import { describe, expect, test } from 'vitest'
import type { Storage } from '../../src/ports/storage.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard, run, token } from './samples.ts'

/** Two processes that want the same at the same time. */
export function contentionContract(backend: Backend): void {
  describe(`two connections to one database on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async (): Promise<readonly [Storage, Storage]> => {
      const { storage } = fresh()
      await addTenants(storage)
      return [storage, await fresh().openAgain()]
    }
    /** The same piece of work `count` times at once, one after the other from here and from there. */
    const together = <T>(
      storages: readonly [Storage, Storage],
      count: number,
      work: (storage: Storage, index: number) => Promise<T>,
    ) =>
      Promise.allSettled(
        Array.from({ length: count }, (_, index) => work(storages[index % 2 === 0 ? 0 : 1], index)),
      )
    const codesOf = (settled: readonly PromiseSettledResult<unknown>[]) =>
      settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.code)).sort()

    test('no due token and no location is ever taken twice', async () => {
      const storages = await opened()
      for (const [tenantId, tens] of [
        [harbour, 0],
        [orchard, 10],
      ] as const)
        await storages[0].forTenant(tenantId).transaction(async ({ tokens }) => {
          for (let number = 0; number < 30; number += 1) {
            // Every location has a token in each of the two tenants.
            const locationId = number % 3 === 0 ? `70000000000${number}` : null
            await tokens.insert(
              token(guid(1_000 * tens + number), { locationId }, { dueAt: at(number + tens) }),
            )
          }
        })
      const settled = await together(storages, 20, ({ instance }) =>
        instance.schedule.takeDue({ now: at(500), until: at(600), limit: 4 }),
      )
      const taken = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
      const rest = await storages[0].instance.schedule.takeDue({
        now: at(500),
        until: at(600),
        limit: 100,
      })
      const all = [...taken, ...rest]
      expect(codesOf(settled)).toEqual(Array.from({ length: 20 }, () => 'done'))
      expect(new Set(all.map(({ tokenId }) => tokenId)).size).toBe(all.length)
      expect(new Set(all.map(({ lease }) => lease.locationKey)).size).toBe(all.length)
      expect(new Set(all.map(({ fence }) => fence))).toEqual(new Set([1]))
      // 20 tokens of each tenant without a location, and one of each pair at a location.
      expect(all).toHaveLength(50)
    })

    test('one location is held by one of those who ask for it', async () => {
      const storages = await opened()
      const settled = await together(storages, 12, ({ instance }, index) =>
        instance.schedule.addLease(
          { locationKey: 'own', holder: `holder ${index}` },
          '7000000000000030',
          at(0),
          at(60),
        ),
      )
      const answers = settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason))
      expect(answers.filter((answer) => answer === true)).toHaveLength(1)
      expect(answers.filter((answer) => answer === false)).toHaveLength(11)
    })

    test('one active run of a token is stored, the others are conflicts', async () => {
      const storages = await opened()
      await storages[0]
        .forTenant(harbour)
        .transaction(({ tokens }) => tokens.insert(token(guid(1))))
      const settled = await together(storages, 10, (storage, index) =>
        storage
          .forTenant(harbour)
          .transaction(({ runs }) => runs.insert(run(`r${index}`, guid(1)))),
      )
      expect(codesOf(settled)).toEqual([...Array.from({ length: 9 }, () => 'conflict'), 'done'])
    })

    test('who looks for an active run before queueing one finds it', async () => {
      const storages = await opened()
      await storages[0]
        .forTenant(harbour)
        .transaction(({ tokens }) => tokens.insert(token(guid(1))))
      const settled = await together(storages, 10, (storage, index) =>
        storage.forTenant(harbour).transaction(async ({ runs }) => {
          const active = await runs.findActive(guid(1))
          if (active) return active.id
          await runs.insert(run(`r${index}`, guid(1)))
          return `r${index}`
        }),
      )
      const ids = settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code))
      expect(new Set(ids).size).toBe(1)
      expect(ids[0]).toMatch(/^r\d$/)
    })

    test('what a unit concludes from what it has read still holds when it is stored', async () => {
      const storages = await opened()
      const settled = await together(storages, 24, (storage, index) =>
        storage.forTenant(harbour).transaction(async ({ tokens }) => {
          const displayName = String(await tokens.count())
          await tokens.insert(token(guid(index), { displayName }))
        }),
      )
      expect(codesOf(settled)).toEqual(Array.from({ length: 24 }, () => 'done'))
      const { rows } = await storages[0].forTenant(harbour).reads.tokens.list({ limit: 100 })
      const counted = rows.map(({ record }) => Number(record.displayName)).sort((a, b) => a - b)
      expect(counted).toEqual(Array.from({ length: 24 }, (_, index) => index))
    })

    test('a request that is sent many times with one idempotency key creates one token', async () => {
      const storages = await opened()
      const settled = await together(storages, 10, (storage, index) =>
        storage.forTenant(harbour).transaction(async ({ tokens, idempotency }) => {
          const first = await idempotency.find('client', 'key')
          if (first) return first.created.record.id
          const created = token(guid(index))
          await tokens.insert(created)
          const rest = { clientId: 'client', key: 'key', requestHash: '00', at: at(0) }
          await idempotency.put({ ...rest, created })
          return created.record.id
        }),
      )
      const ids = settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code))
      expect(await storages[1].forTenant(harbour).reads.tokens.count()).toBe(1)
      const { rows } = await storages[1].forTenant(harbour).reads.tokens.list({ limit: 1 })
      expect(new Set(ids)).toEqual(new Set(rows.map(({ record }) => record.id)))
    })

    test('a raised fence keeps out whoever writes under the older one, at whatever moment', async () => {
      const storages = await opened()
      const tenants = storages.map((storage) => storage.forTenant(harbour)) as [
        ReturnType<Storage['forTenant']>,
        ReturnType<Storage['forTenant']>,
      ]
      await tenants[0].transaction(({ tokens }) => tokens.insert(token(guid(1))))
      const writing = Array.from({ length: 10 }, (_, index) =>
        tenants[0].transaction(async ({ tokens, users }) => {
          await tokens.checkFence(guid(1), 0)
          await users.insert(guid(1), [
            { clientUserId: `u${index}`, idHash: null, inviteCode: null, email: null, status: 'R' },
          ])
        }),
      )
      const seen = tenants[1].transaction(async ({ tokens, users }) => {
        await tokens.raiseFence(guid(1))
        return users.count(guid(1))
      })
      const settled = await Promise.allSettled(writing)
      const written = settled.filter(({ status }) => status === 'fulfilled').length
      // Nobody who wrote after the raising was let through, and the raiser saw all who wrote before.
      expect(await seen).toBe(written)
      expect(await tenants[1].reads.users.count(guid(1))).toBe(written)
      expect(codesOf(settled).filter((code) => code !== 'done' && code !== 'superseded')).toEqual(
        [],
      )
    })
  })
}
