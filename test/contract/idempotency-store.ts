import { describe, expect, test } from 'vitest'
import type { IdempotentCreate } from '../../src/ports/idempotency-store.ts'
import { type Backend, freshStorage } from './backend.ts'
import { intent } from './intent-samples.ts'
import { addTenants, at, guid, harbour, orchard, recordWithEveryValue, token } from './samples.ts'

export function idempotencyStoreContract(backend: Backend): void {
  describe(`answers kept for retried creates on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const kept = (tenantId: string, clientId: string, key: string) =>
        storage
          .forTenant(tenantId)
          .transaction(({ idempotency }) => idempotency.find(clientId, key))
      const keep = (tenantId: string, create: IdempotentCreate) =>
        storage.forTenant(tenantId).transaction(({ idempotency }) => idempotency.put(create))
      return { kept, keep }
    }
    const create = (values: Partial<IdempotentCreate> = {}): IdempotentCreate => ({
      clientId: guid(7),
      key: 'first try',
      requestHash: 'aa',
      at: at(0),
      created: token(guid(1), recordWithEveryValue(guid(1))),
      ...values,
    })

    test('an answer comes back whole, under its client and key alone', async () => {
      const { kept, keep } = await opened()
      await keep(harbour, create())
      expect(await kept(harbour, guid(7), 'first try')).toEqual(create())
      expect(await kept(harbour, guid(8), 'first try')).toBeUndefined()
      expect(await kept(harbour, guid(7), 'First try')).toBeUndefined()
    })

    test('a change of licences comes back whole, without what was asked for', async () => {
      const { kept, keep } = await opened()
      const change = create({ created: { ...intent(guid(3)), request: null } })
      await keep(harbour, change)
      expect(await kept(harbour, guid(7), 'first try')).toEqual(change)
    })

    test('a later answer under the same key replaces the older one', async () => {
      const { kept, keep } = await opened()
      const later = create({ requestHash: 'bb', at: at(9), created: token(guid(2)) })
      await keep(harbour, create())
      await keep(harbour, later)
      expect(await kept(harbour, guid(7), 'first try')).toEqual(later)
    })

    test("another tenant's answer under the same client and key is neither found nor replaced", async () => {
      const { kept, keep } = await opened()
      await keep(orchard, create())
      expect(await kept(harbour, guid(7), 'first try')).toBeUndefined()
      await keep(harbour, create({ requestHash: 'bb' }))
      expect(await kept(orchard, guid(7), 'first try')).toEqual(create())
    })

    test('answers go with their tenant', async () => {
      const { kept, keep } = await opened()
      await keep(harbour, create())
      await fresh().storage.instance.transaction(({ tenants }) => tenants.remove(harbour))
      expect(await kept(harbour, guid(7), 'first try')).toBeUndefined()
    })
  })
}
