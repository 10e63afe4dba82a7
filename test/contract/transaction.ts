import { setImmediate, setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { TenantStores } from '../../src/ports/storage.ts'
import type { TokenStore } from '../../src/ports/token-store.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, guid, harbour, token } from './samples.ts'

export function transactionContract(backend: Backend): void {
  describe(`transactions on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      return storage.forTenant(harbour)
    }
    const add =
      (number: number, displayName: string | null = null) =>
      ({ tokens }: TenantStores) =>
        tokens.insert(token(guid(number), { displayName }))

    test('what a unit of work answers, its caller gets', async () => {
      const tenant = await opened()
      expect(await tenant.transaction(async ({ tokens }) => tokens.count())).toBe(0)
    })

    test('a unit reads what it has written; others read it once it has resolved', async () => {
      const tenant = await opened()
      const seen = await tenant.transaction(async (stores) => {
        await add(1)(stores)
        return stores.tokens.count()
      })
      expect(seen).toBe(1)
      expect(await tenant.reads.tokens.count()).toBe(1)
    })

    test('a unit that throws leaves nothing behind and rejects with what it threw', async () => {
      const tenant = await opened()
      const reason = new Error('Changed my mind.')
      const unit = tenant.transaction(async (stores) => {
        await add(1)(stores)
        throw reason
      })
      await expect(unit).rejects.toBe(reason)
      expect(await tenant.reads.tokens.count()).toBe(0)
    })

    test('units that run at the same time do not see or harm each other', async () => {
      const tenant = await opened()
      const settled = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          tenant.transaction(async (stores) => {
            const before = await stores.tokens.count()
            await add(index)(stores)
            if (index % 3 === 0) throw new Error('This one fails.')
            return (await stores.tokens.count()) - before
          }),
        ),
      )
      expect(settled.map(({ status }) => status)).toEqual(
        Array.from({ length: 20 }, (_, index) => (index % 3 === 0 ? 'rejected' : 'fulfilled')),
      )
      expect(settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value)).toEqual(
        Array.from({ length: 13 }, () => 1),
      )
      expect(await tenant.reads.tokens.count()).toBe(13)
    })

    test('a statement that fails fails its unit, also when the work is content with it', async () => {
      const tenant = await opened()
      await tenant.transaction(add(1))
      const unit = tenant.transaction(async (stores) => {
        await add(2)(stores)
        await add(1)(stores).catch(() => undefined)
        return 'content'
      })
      await expect(unit).rejects.toMatchObject({ code: 'conflict' })
      expect(await tenant.reads.tokens.count()).toBe(1)
    })

    test('a refusal without a failed statement can be taken as an answer', async () => {
      const tenant = await opened()
      const unit = tenant.transaction(async (stores) => {
        await stores.tokens.remove(guid(9)).catch(() => undefined)
        await add(1)(stores)
      })
      await expect(unit).resolves.toBeUndefined()
      expect(await tenant.reads.tokens.count()).toBe(1)
    })

    test('stores are dead once their unit has ended', async () => {
      const tenant = await opened()
      const kept: TokenStore[] = []
      await tenant.transaction(async ({ tokens }) => {
        kept.push(tokens)
      })
      for (const tokens of kept) {
        await expect(tokens.insert(token(guid(1)))).rejects.toMatchObject({ code: 'internal' })
        await expect(tokens.count()).rejects.toMatchObject({ code: 'internal' })
      }
      expect(kept).toHaveLength(1)
      expect(await tenant.reads.tokens.count()).toBe(0)
    })

    const somethingElse: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['a timer', () => setTimeout(1)],
      ['a turn of the event loop', () => setImmediate()],
      ['a transaction', () => fresh().storage.forTenant(harbour).transaction(add(7))],
      ['a read outside it', () => fresh().storage.forTenant(harbour).reads.tokens.count()],
      ['a promise that never settles', () => new Promise(() => undefined)],
    ]
    test.each(somethingElse)(
      'a unit that awaits %s is undone and told why, its neighbours are not',
      async (_, wait) => {
        const tenant = await opened()
        const [before, waiting, after] = await Promise.allSettled([
          tenant.transaction(add(1)),
          tenant.transaction(async (stores) => {
            await add(2)(stores)
            await wait()
            await add(3)(stores)
          }),
          tenant.transaction(add(4)),
        ])
        expect(before.status).toBe('fulfilled')
        expect(waiting).toMatchObject({
          status: 'rejected',
          reason: { code: 'internal', message: expect.stringContaining('its own stores') },
        })
        expect(after.status).toBe('fulfilled')
        // Time for whatever the undone unit may still try.
        await tenant.transaction(async ({ tokens }) => tokens.count())
        const { rows } = await tenant.reads.tokens.list({ limit: 9 })
        const ids = rows.map(({ record }) => record.id).filter((id) => id !== guid(7))
        expect(ids).toEqual([guid(1), guid(4)])
      },
    )

    test('a unit may go through many steps of its own stores and of plain computation', async () => {
      const tenant = await opened()
      await tenant.transaction(async (stores) => {
        for (let number = 1; number <= 50; number += 1) {
          await Promise.resolve(number)
          await Promise.all([add(number)(stores), stores.tokens.count()])
        }
      })
      expect(await tenant.reads.tokens.count()).toBe(50)
    })

    test('what was answered is there when the database is opened again', async () => {
      const tenant = await opened()
      await Promise.all([1, 2, 3].map((number) => tenant.transaction(add(number, `No. ${number}`))))
      const again = await fresh().openAgain()
      const { rows } = await again.forTenant(harbour).reads.tokens.list({ limit: 9 })
      expect(rows.map(({ record }) => record.displayName)).toEqual(['No. 1', 'No. 2', 'No. 3'])
    })

    test('two processes write to one database side by side, and each sees what the other has stored', async () => {
      const here = await opened()
      const there = (await fresh().openAgain()).forTenant(harbour)
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? here : there).transaction(add(index)),
        ),
      )
      expect(await here.reads.tokens.count()).toBe(40)
      expect(await there.reads.tokens.count()).toBe(40)
    })

    test('two processes that count one record up lose no step', async () => {
      const here = await opened()
      const there = (await fresh().openAgain()).forTenant(harbour)
      await here.transaction(add(1))
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? here : there).transaction(async ({ tokens }) => {
            const { record, ...rest } = await tokens.get(guid(1))
            await tokens.update({
              ...rest,
              record: { ...record, lastAppCount: record.lastAppCount + 1 },
            })
          }),
        ),
      )
      expect(await here.reads.tokens.get(guid(1))).toMatchObject({
        version: 21,
        record: { lastAppCount: 20 },
      })
    })

    test('closing waits for the units that wait, and refuses later ones', async () => {
      const tenant = await opened()
      const { storage } = fresh()
      const waiting = [1, 2, 3].map((number) => tenant.transaction(add(number)))
      const closing = storage.close()
      await expect(tenant.transaction(add(4))).rejects.toMatchObject({ code: 'unavailable' })
      await Promise.all(waiting)
      await closing
      await expect(tenant.reads.tokens.count()).rejects.toMatchObject({ code: 'unavailable' })
      await expect(storage.ping()).rejects.toMatchObject({ code: 'unavailable' })
      const again = (await fresh().openAgain()).forTenant(harbour)
      expect(await again.reads.tokens.count()).toBe(3)
    })

    test('answers a ping', async () => {
      await expect(fresh().storage.ping()).resolves.toBeUndefined()
    })
  })
}
