import { describe, expect, test } from 'vitest'
import type { SealedSecret, SecretPlace } from '../../src/ports/secret-box.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, guid, harbour, orchard } from './samples.ts'

export function secretStoreContract(backend: Backend): void {
  describe(`sealed secrets on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      return storage
    }
    const place: SecretPlace = { tenantId: harbour, recordId: guid(1), property: 'token' }
    const sealed = (keyId: string, ...bytes: number[]): SealedSecret => ({
      keyId,
      box: Uint8Array.of(...bytes),
    })
    const asNumbers = (found: SealedSecret | undefined) =>
      found && { keyId: found.keyId, box: [...found.box] }

    test('a secret comes back byte for byte, with the id of its key', async () => {
      const tenant = (await opened()).forTenant(harbour)
      expect(await tenant.reads.secrets.find(place)).toBeUndefined()
      await tenant.transaction(({ secrets }) => secrets.put(place, sealed('k1', 0, 255, 39, 10)))
      expect(asNumbers(await tenant.reads.secrets.find(place))).toEqual({
        keyId: 'k1',
        box: [0, 255, 39, 10],
      })
    })

    test('a second one in the same place replaces the first', async () => {
      const tenant = (await opened()).forTenant(harbour)
      await tenant.transaction(async ({ secrets }) => {
        await secrets.put(place, sealed('k1', 1))
        await secrets.put(place, sealed('k2', 2))
      })
      expect(asNumbers(await tenant.reads.secrets.find(place))).toEqual({ keyId: 'k2', box: [2] })
    })

    test('places differ by record and by property', async () => {
      const tenant = (await opened()).forTenant(harbour)
      const pending: SecretPlace = { ...place, property: 'pendingToken' }
      const neighbour: SecretPlace = { ...place, recordId: guid(2) }
      await tenant.transaction(async ({ secrets }) => {
        await secrets.put(place, sealed('k1', 1))
        await secrets.put(pending, sealed('k1', 2))
        await secrets.put(neighbour, sealed('k1', 3))
        await secrets.remove(pending)
        // Removing what is gone does no harm.
        await secrets.remove(pending)
      })
      const { find } = tenant.reads.secrets
      expect(asNumbers(await find(place))?.box).toEqual([1])
      expect(await find(pending)).toBeUndefined()
      expect(asNumbers(await find(neighbour))?.box).toEqual([3])
    })

    test("another tenant's secret is neither found nor replaced nor removed", async () => {
      const storage = await opened()
      await storage
        .forTenant(harbour)
        .transaction(({ secrets }) => secrets.put(place, sealed('k1', 1)))
      const others = storage.forTenant(orchard)
      expect(await others.reads.secrets.find(place)).toBeUndefined()
      await expect(
        others.transaction(({ secrets }) => secrets.put(place, sealed('k1', 9))),
      ).rejects.toMatchObject({ code: 'internal' })
      await others.transaction(async ({ secrets }) => {
        expect(await secrets.find(place)).toBeUndefined()
        await secrets.remove(place)
      })
      expect(asNumbers(await storage.forTenant(harbour).reads.secrets.find(place))?.box).toEqual([
        1,
      ])
    })

    test("the instance has secrets of its own and does not reach a tenant's", async () => {
      const { instance, forTenant } = await opened()
      const own: SecretPlace = { tenantId: '', recordId: 'ca', property: 'caKey' }
      await forTenant(harbour).transaction(({ secrets }) => secrets.put(place, sealed('k1', 1)))
      await instance.transaction(async ({ secrets }) => {
        await secrets.put(own, sealed('k1', 2))
        expect(await secrets.find(place)).toBeUndefined()
        await secrets.remove(place)
      })
      await expect(
        instance.transaction(({ secrets }) => secrets.put(place, sealed('k1', 9))),
      ).rejects.toMatchObject({ code: 'internal' })
      expect(asNumbers(await instance.reads.secrets.find(own))?.box).toEqual([2])
      expect(await instance.reads.secrets.find(place)).toBeUndefined()
      expect(await forTenant(harbour).reads.secrets.find(own)).toBeUndefined()
      expect(asNumbers(await forTenant(harbour).reads.secrets.find(place))?.box).toEqual([1])
    })

    test('the ids of all keys in use are listed over all tenants and the instance', async () => {
      const { instance, forTenant } = await opened()
      expect(await instance.reads.secrets.listKeyIds()).toEqual([])
      await forTenant(orchard).transaction(async ({ secrets }) => {
        const theirs: SecretPlace = { ...place, tenantId: orchard }
        await secrets.put(theirs, sealed('k2', 1))
        await secrets.put({ ...theirs, recordId: guid(2) }, sealed('k2', 1))
      })
      await instance.transaction(({ secrets }) =>
        secrets.put({ tenantId: '', recordId: '', property: 'keyCheck' }, sealed('k1', 1)),
      )
      expect(await instance.reads.secrets.listKeyIds()).toEqual(['k1', 'k2'])
    })
  })
}
