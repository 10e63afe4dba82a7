import { describe, expect, test } from 'vitest'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, auditEvent, guid, harbour, orchard, token } from './samples.ts'

export function auditStoreContract(backend: Backend): void {
  describe(`audit on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      return storage.forTenant(harbour)
    }

    test('an event comes back whole', async () => {
      const tenant = await opened()
      const event = auditEvent('e1', {
        actor: guid(5),
        action: 'token.stateChanged',
        details: { from: 'valid', to: 'expired', rows: 3, isForced: false, by: null, tags: ['0'] },
      })
      await tenant.transaction(({ audit }) => audit.insert(event))
      expect(await tenant.reads.audit.list({ limit: 5 })).toEqual({ rows: [event] })
    })

    test('lists newest first, events of one instant by id, page by page', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ audit }) => {
        for (const [id, seconds] of [
          ['b', 1],
          ['e', 3],
          ['a', 1],
          ['d', 2],
          ['c', 1],
        ] as const)
          await audit.insert(auditEvent(id, { at: at(seconds) }))
      })
      const pages: string[][] = []
      let after: string | undefined
      do {
        const page = await tenant.reads.audit.list({ limit: 2, ...(after && { after }) })
        pages.push(page.rows.map(({ id }) => id))
        after = page.next
      } while (after)
      expect(pages).toEqual([['e', 'd'], ['c', 'b'], ['a']])
    })

    test("later pages hold no other tenant's events either", async () => {
      const tenant = await opened()
      const others = fresh().storage.forTenant(orchard)
      for (const id of ['a', 'b']) {
        await tenant.transaction(({ audit }) => audit.insert(auditEvent(id)))
        await others.transaction(({ audit }) => audit.insert(auditEvent(`${id}, theirs`)))
      }
      const { next = '' } = await tenant.reads.audit.list({ limit: 1 })
      const { rows } = await tenant.reads.audit.list({ limit: 5, after: next })
      expect(rows.map(({ id }) => id)).toEqual(['a'])
    })

    test('an event that cannot be written takes its change with it', async () => {
      const tenant = await opened()
      await tenant.transaction(({ audit }) => audit.insert(auditEvent('e1')))
      const change = tenant.transaction(async ({ tokens, audit }) => {
        await tokens.insert(token(guid(1)))
        // The same event twice: the second cannot be stored.
        await audit.insert(auditEvent('e1'))
      })
      await expect(change).rejects.toMatchObject({ code: 'conflict' })
      expect(await tenant.reads.tokens.count()).toBe(0)
    })

    test('a change whose work is content with a failed event is undone all the same', async () => {
      const tenant = await opened()
      await tenant.transaction(({ audit }) => audit.insert(auditEvent('e1')))
      const change = tenant.transaction(async ({ tokens, audit }) => {
        await tokens.insert(token(guid(1)))
        await audit.insert(auditEvent('e1')).catch(() => undefined)
      })
      await expect(change).rejects.toMatchObject({ code: 'conflict' })
      expect(await tenant.reads.tokens.count()).toBe(0)
    })

    test('events of another tenant are not listed, and may have the same id', async () => {
      const tenant = await opened()
      const { storage } = fresh()
      const theirs = auditEvent('e1', { actor: 'theirs' })
      await storage.forTenant(orchard).transaction(({ audit }) => audit.insert(theirs))
      expect(await tenant.reads.audit.list({ limit: 5 })).toEqual({ rows: [] })
      const ours = auditEvent('e1', { actor: 'ours' })
      await tenant.transaction(({ audit }) => audit.insert(ours))
      expect(await tenant.reads.audit.list({ limit: 5 })).toEqual({ rows: [ours] })
      expect(await storage.forTenant(orchard).reads.audit.list({ limit: 5 })).toEqual({
        rows: [theirs],
      })
    })

    test("the instance writes into a tenant's audit, also of one that is no longer there", async () => {
      await opened()
      const { instance, forTenant } = fresh().storage
      const removed = auditEvent('e1', { action: 'tenant.removed', subject: harbour })
      await instance.transaction(async ({ tenants, auditOf }) => {
        await tenants.remove(harbour)
        await auditOf(harbour).insert(removed)
      })
      expect(await forTenant(harbour).reads.audit.list({ limit: 5 })).toEqual({ rows: [removed] })
      expect(await forTenant(orchard).reads.audit.list({ limit: 5 })).toEqual({ rows: [] })
    })
  })
}
