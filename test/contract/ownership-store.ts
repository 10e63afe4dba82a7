import { describe, expect, test } from 'vitest'
import { type Ownership, observed } from '../../src/model/ownership.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard } from './samples.ts'

export function ownershipStoreContract(backend: Backend): void {
  describe(`ownership of locations on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      return storage
    }
    const kiel = observed({ locationId: '7000000000000001', mdmId: guid(1), at: at(0) })
    const full: Ownership = {
      ...{ locationId: '7000000000000002', mdmId: guid(2), state: 'conflict', stateSince: at(2) },
      ...{ seenHolder: { id: 'Ä-other' }, confirmAt: at(3), releaseBy: guid(7) },
      finding: { reason: 'insufficientRights', isDefinite: false, errorNumber: 9637 },
    }

    test('comes back whole, and again after it was replaced', async () => {
      const { transaction, reads } = (await opened()).forTenant(harbour)
      expect(await reads.ownership.find(kiel.locationId)).toBeUndefined()
      await transaction(async ({ ownership }) => {
        await ownership.put(kiel)
        await ownership.put(full)
        expect(await ownership.find(kiel.locationId)).toEqual(kiel)
      })
      expect(await reads.ownership.find(full.locationId)).toEqual(full)
      const seen: Ownership = { ...kiel, state: 'ours', seenHolder: { id: null } }
      await transaction(({ ownership }) => ownership.put(seen))
      expect(await reads.ownership.find(kiel.locationId)).toEqual(seen)
      expect(await reads.ownership.find(full.locationId)).toEqual(full)
    })

    test('of another tenant is its own, for the same location', async () => {
      const storage = await opened()
      await storage.forTenant(harbour).transaction(({ ownership }) => ownership.put(kiel))
      const others = storage.forTenant(orchard)
      expect(await others.reads.ownership.find(kiel.locationId)).toBeUndefined()
      const own = { ...kiel, mdmId: guid(9) }
      await others.transaction(({ ownership }) => ownership.put(own))
      expect(await storage.forTenant(harbour).reads.ownership.find(kiel.locationId)).toEqual(kiel)
      expect(await others.reads.ownership.find(kiel.locationId)).toEqual(own)
    })
  })
}
