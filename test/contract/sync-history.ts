import { describe, expect, test } from 'vitest'
import type { SyncChange } from '../../src/model/sync-history.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard, run, token } from './samples.ts'

export function syncHistoryContract(backend: Backend): void {
  const opening = () => {
    const fresh = freshStorage(backend)
    return async () => {
      const { storage } = fresh()
      await addTenants(storage)
      for (const id of [harbour, orchard])
        await storage.forTenant(id).transaction(async ({ tokens }) => {
          await tokens.insert(token(guid(1)))
          await tokens.insert(token(guid(2)))
        })
      return storage
    }
  }

  describe(`the state of a token's lists on ${backend.name}`, () => {
    const opened = opening()
    const known = { versionId: 'a5', walkedAt: at(1) }

    test('is empty at first, and comes back as it was put last', async () => {
      const tenant = (await opened()).forTenant(harbour)
      const states = await tenant.transaction(async ({ syncState }) => {
        const before = await syncState.find(guid(1))
        await syncState.put(guid(1), 'assets', { versionId: 'a4', walkedAt: at(0) })
        await syncState.put(guid(1), 'assets', known)
        await syncState.put(guid(1), 'users', { versionId: 'a7', walkedAt: null })
        return [before, await syncState.find(guid(1)), await syncState.find(guid(2))]
      })
      expect(states).toEqual([
        {},
        { assets: known, users: { versionId: 'a7', walkedAt: null } },
        {},
      ])
    })

    test('belongs to its tenant, and goes with its token', async () => {
      const storage = await opened()
      const put = (tenantId: string) =>
        storage
          .forTenant(tenantId)
          .transaction(({ syncState }) => syncState.put(guid(1), 'assets', known))
      await put(harbour)
      const others = storage.forTenant(orchard)
      expect(await others.transaction(({ syncState }) => syncState.find(guid(1)))).toEqual({})
      const left = await storage.forTenant(harbour).transaction(async ({ tokens, syncState }) => {
        await tokens.remove(guid(1))
        return syncState.find(guid(1))
      })
      expect(left).toEqual({})
      // Nobody's: nothing happens.
      await put(harbour)
    })
  })

  describe(`what a run changed on ${backend.name}`, () => {
    const opened = opening()
    const change = (serialNumber: string, part: Partial<SyncChange> = {}): SyncChange => ({
      ...{ subject: 'assignment', change: 'added', adamId: '1', pricingParam: 'STDQ' },
      ...{ serialNumber, clientUserId: null, statusBefore: null, statusAfter: null },
      ...{ countsBefore: null, countsAfter: null },
      ...part,
    })
    const counts = { type: 'assetCounts', total: 4, available: 1, assigned: 2, retired: 1 }
    const changes = [
      change('S1'),
      change('S2', { change: 'removed' }),
      change('', { subject: 'asset', serialNumber: null, countsBefore: counts }),
      change('', {
        subject: 'user',
        serialNumber: null,
        clientUserId: 'Ü',
        statusAfter: 'Retired',
      }),
    ]
    const withChanges = async () => {
      const storage = await opened()
      const tenant = storage.forTenant(harbour)
      await tenant.transaction(async ({ runs }) => {
        await runs.insert(run('r1', guid(1), { status: 'completed', endedAt: at(1) }))
        await runs.insert(run('r2', guid(1), { requestedAt: at(2) }))
        await runs.insertChanges('r1', changes.slice(0, 1))
        await runs.insertChanges('r1', changes.slice(1))
        await runs.insertChanges('r2', [change('S9')])
      })
      return { storage, tenant, runs: tenant.reads.runs }
    }

    test('comes back whole, in the order in which it was told', async () => {
      const { runs } = await withChanges()
      expect((await runs.changes('r1', { limit: 9 })).rows).toEqual(changes)
      expect(await runs.countChanges('r1')).toBe(4)
    })

    test('comes page by page, filtered and in another order', async () => {
      const { runs } = await withChanges()
      const first = await runs.changes('r1', { limit: 3 })
      const after = first.next ?? ''
      expect((await runs.changes('r1', { limit: 3, after })).rows).toEqual(changes.slice(3))
      const filter = {
        kind: 'compare',
        operand: { property: 'subject' },
        comparison: 'eq',
        value: 'assignment',
      } as const
      const orderBy = [{ operand: { property: 'serialNumber' }, isDescending: true }]
      const found = await runs.changes('r1', { limit: 9, filter, orderBy })
      expect(found.rows.map(({ serialNumber }) => serialNumber)).toEqual(['S2', 'S1'])
      expect(await runs.countChanges('r1', filter)).toBe(2)
    })

    test('is out of the reach of another tenant, and none for a run that is not there', async () => {
      const { storage, tenant } = await withChanges()
      const others = storage.forTenant(orchard)
      expect((await others.reads.runs.changes('r1', { limit: 9 })).rows).toEqual([])
      await others.transaction(({ runs }) => runs.insertChanges('r1', [change('S3')]))
      await tenant.transaction(({ runs }) => runs.insertChanges('r9', [change('S3')]))
      expect(await tenant.reads.runs.countChanges('r1')).toBe(4)
      expect(await tenant.reads.runs.countChanges('r9')).toBe(0)
    })

    test('goes before its run when that was kept long enough, no more at once than told', async () => {
      const { storage, runs } = await withChanges()
      const { instance } = storage
      const prune = () => instance.prune({ runsBefore: at(5) }, 3)
      expect(await prune()).toMatchObject({ runs: 0, runChanges: 3 })
      expect(await runs.countChanges('r1')).toBe(1)
      expect(await prune()).toMatchObject({ runs: 1, runChanges: 1 })
      expect(await prune()).toMatchObject({ runs: 0, runChanges: 0 })
      expect(await runs.find('r1')).toBeUndefined()
      expect(await runs.countChanges('r2')).toBe(1)
    })
  })
}
