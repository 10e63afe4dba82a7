/** Tokens are kept in memory once they are read; no read may ever tell what is no longer so (storage/sql/token-cache.ts). */
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Predicate } from '../../src/model/list-query.ts'
import type { StoredToken } from '../../src/model/stored-token.ts'
import type { TenantStorage, TenantStores } from '../../src/ports/storage.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, recordWithEveryValue, token } from './samples.ts'

const numbers = [1, 2, 3, 4, 5] as const
const isValid: Predicate = {
  kind: 'compare',
  operand: { property: 'state' },
  comparison: 'eq',
  value: 'valid',
}

/** What somebody else does to a token. */
const changes: Readonly<
  Record<string, (stores: TenantStores, id: string, place: number) => Promise<unknown>>
> = {
  update: async ({ tokens }, id, place) => {
    const stored = await tokens.find(id)
    if (!stored) return
    const displayName = `name ${place}`
    await tokens.update({ ...stored, record: { ...stored.record, displayName } })
  },
  updateAndBack: async ({ tokens }, id) => {
    const stored = await tokens.find(id)
    if (!stored) return
    await tokens.update({ ...stored, record: { ...stored.record, displayName: 'for a moment' } })
    await tokens.update(stored)
  },
  makeDue: async ({ tokens }, id, place) => {
    if (await tokens.find(id)) await tokens.makeDue(id, at(1_000 - place))
  },
  remove: async ({ tokens }, id) => {
    if (await tokens.find(id)) await tokens.remove(id)
  },
  replace: async ({ tokens }, id, place) => {
    if (await tokens.find(id)) await tokens.remove(id)
    await tokens.insert(token(id, { displayName: `other ${place}` }, { dueAt: at(1_000) }))
  },
}

export function tokenFreshnessContract(backend: Backend): void {
  describe(`what is read of tokens on ${backend.name}`, () => {
    const fresh = freshStorage(backend)

    test('is what is stored, whatever somebody else has done to it just before', async () => {
      const { storage, openAgain } = fresh()
      await addTenants(storage)
      const mine = storage.forTenant(harbour)
      const other = (await openAgain()).forTenant(harbour)
      const step = fc.record({
        change: fc.constantFrom(...Object.keys(changes)),
        number: fc.constantFrom(...numbers),
        by: fc.constantFrom(mine, other),
      })
      let place = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          await replaceAll(mine)
          for (const { change, number, by } of steps) {
            place += 1
            await by.transaction(async (stores) => changes[change]?.(stores, guid(number), place))
            await expectTruth(mine)
            await expectTruth(other)
          }
        }),
        { numRuns: 20 },
      )
    })

    test('is never a mix of before and after, while somebody else keeps changing it', async () => {
      const { storage, openAgain } = fresh()
      await addTenants(storage)
      const mine = storage.forTenant(harbour)
      const other = (await openAgain()).forTenant(harbour)
      await replaceAll(mine)
      let isDone = false
      const writing = (async () => {
        for (let round = 0; round < 100; round += 1) {
          const number = numbers[round % numbers.length] ?? 1
          await other.transaction(async ({ tokens }) => {
            const stored = await tokens.get(guid(number))
            const state = stored.record.state === 'valid' ? 'expired' : 'valid'
            await tokens.update({ ...stored, record: { ...stored.record, state } })
          })
        }
        isDone = true
      })()
      let read = 0
      while (!isDone) {
        const { rows } = await mine.reads.tokens.list({ limit: 9, filter: isValid })
        expect(rows.filter(({ record }) => record.state !== 'valid')).toEqual([])
        read += 1
        await setImmediate()
      }
      await writing
      expect(read).toBeGreaterThan(1)
      await expectTruth(mine)
    })

    test('is the same object as long as it is the same, in lists and alone', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const { reads, transaction } = storage.forTenant(harbour)
      await replaceAll({ transaction })
      const [listed] = (await reads.tokens.list({ limit: 1 })).rows
      expect(await reads.tokens.get(guid(1))).toBe(listed)
      expect((await reads.tokens.list({ limit: 9, filter: isValid })).rows).toContain(listed)
      await transaction(({ tokens }) => tokens.update(token(guid(1))))
      expect(await reads.tokens.get(guid(1))).not.toBe(listed)
      expect(listed?.version).toBe(1)
    })

    test('inside a unit of work is what the unit has written, and outside what is committed', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const { reads, transaction } = storage.forTenant(harbour)
      await replaceAll({ transaction })
      const before = await reads.tokens.get(guid(1))
      const undone = transaction(async ({ tokens }) => {
        await tokens.update({ ...before, record: recordWithEveryValue(guid(1)) })
        expect((await tokens.get(guid(1))).version).toBe(2)
        expect((await tokens.list({ limit: 1 })).rows[0]?.version).toBe(2)
        throw new Error('undo')
      })
      await expect(undone).rejects.toThrow('undo')
      expect(await reads.tokens.get(guid(1))).toBe(before)
    })
  })
}

async function replaceAll({ transaction }: Pick<TenantStorage, 'transaction'>): Promise<void> {
  await transaction(async ({ tokens }) => {
    for (const number of numbers) {
      if (await tokens.find(guid(number))) await tokens.remove(guid(number))
      const isEven = number % 2 === 0
      await tokens.insert(
        token(guid(number), { state: isEven ? 'expired' : 'valid' }, { dueAt: at(1_000) }),
      )
    }
  })
}

/** Every way to read tells what a unit of work reads, which goes past everything that is kept. */
async function expectTruth({ reads, transaction }: TenantStorage): Promise<void> {
  const stored: readonly StoredToken[] = await transaction(
    async ({ tokens }) => (await tokens.list({ limit: 99 })).rows,
  )
  expect((await reads.tokens.list({ limit: 99 })).rows).toEqual(stored)
  for (const number of numbers) {
    const id = guid(number)
    const token = stored.find(({ record }) => record.id === id)
    expect(await reads.tokens.find(id)).toEqual(token)
  }
}
