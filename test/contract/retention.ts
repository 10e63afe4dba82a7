import { describe, expect, test } from 'vitest'
import { utc } from '../../src/model/date-time-offset.ts'
import { type Backend, freshStorage } from './backend.ts'
import { intent, receipt } from './intent-samples.ts'
import { addTenants, at, auditEvent, guid, harbour, orchard, run, token } from './samples.ts'

export function retentionContract(backend: Backend): void {
  describe(`retention on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      for (const tenantId of [harbour, orchard])
        await storage.forTenant(tenantId).transaction(async ({ tokens }) => {
          await tokens.insert(token(guid(1)))
          await tokens.insert(token(guid(2)))
        })
      return storage
    }
    const all = { limit: 100 }

    test('removes what is older than its instant over all tenants, and nothing younger', async () => {
      const { forTenant, instance } = await opened()
      for (const tenantId of [harbour, orchard])
        await forTenant(tenantId).transaction(async ({ audit, runs, idempotency }) => {
          for (const seconds of [1, 2, 3]) {
            const id = `${tenantId} ${seconds}`
            await audit.insert(auditEvent(id, { at: at(seconds) }))
            const ended = { status: 'completed', requestedAt: at(0), endedAt: at(seconds) } as const
            await runs.insert(run(id, guid(1), ended))
            await idempotency.put({
              clientId: 'c',
              key: id,
              requestHash: '',
              at: at(seconds),
              created: token(guid(1)),
            })
          }
        })
      expect(
        await instance.prune(
          { auditBefore: at(2), runsBefore: at(2), idempotencyBefore: at(2) },
          99,
        ),
      ).toMatchObject({ audit: 2, runs: 2, runChanges: 0, idempotency: 2 })
      for (const tenantId of [harbour, orchard]) {
        const { reads, transaction } = forTenant(tenantId)
        const events = (await reads.audit.list(all)).rows
        expect(events.map((event) => event.at)).toEqual([at(3), at(2)])
        const runs = (await reads.runs.list(guid(1), all)).rows
        expect(runs.map(({ endedAt }) => endedAt)).toEqual([at(3), at(2)])
        const kept = await transaction(({ idempotency }) =>
          Promise.all([1, 2, 3].map((second) => idempotency.find('c', `${tenantId} ${second}`))),
        )
        expect(kept.map((create) => create?.at)).toEqual([undefined, at(2), at(3)])
      }
    })

    test('keeps every kind for which no instant is given', async () => {
      const { forTenant, instance } = await opened()
      const tenant = forTenant(harbour)
      await tenant.transaction(({ audit }) => audit.insert(auditEvent('e1', { at: at(1) })))
      expect(await instance.prune({}, 99)).toEqual({
        audit: 0,
        runs: 0,
        ...{ runChanges: 0, idempotency: 0, intents: 0, receipts: 0 },
      })
      expect((await tenant.reads.audit.list(all)).rows).toHaveLength(1)
    })

    test('removes intents that have ended with their receipts, and still knows what was given out', async () => {
      const { forTenant, instance } = await opened()
      const tenant = forTenant(harbour)
      const ended = (seconds: number) =>
        ({ status: 'done', endedDateTime: utc(at(seconds)) }) as const
      const given = { adamId: '1', pricingParam: 'STDQ', targetKind: 'serialNumber' } as const
      const held = ['A', 'B', 'C', 'D'].map((target) => ({ ...given, target }))
      await tenant.transaction(async ({ intents }) => {
        await intents.insert(intent(guid(11), ended(2)))
        await intents.insert(intent(guid(12), { ...ended(2), action: 'reclaim' }))
        await intents.insert(intent(guid(13), ended(9)))
        await intents.insert(intent(guid(14), { status: 'active' }))
        await intents.insertReceipts(guid(11), [
          ...[receipt('A', { status: 'done' }), receipt('B', { status: 'failed' })],
          receipt('X', { status: 'done' }),
        ])
        await intents.insertReceipts(guid(12), [receipt('D', { status: 'done' })])
        await intents.insertReceipts(guid(13), [receipt('C', { status: 'done' })])
        await intents.insertReceipts(guid(14), [receipt('D')])
      })
      const batches = []
      for (let left = 4; left > 0; left -= 1)
        batches.push(await instance.prune({ intentsBefore: at(5) }, 3))
      expect(batches.map(({ receipts, intents }) => [receipts, intents])).toEqual([
        [3, 1],
        [1, 1],
        [0, 0],
        [0, 0],
      ])
      const left = (await tenant.reads.intents.list(null, all)).rows
      expect(left.map(({ record }) => record.id)).toEqual([guid(13), guid(14)])
      expect(await tenant.reads.intents.countReceipts(guid(14))).toBe(1)
      const ours = (id: string) => tenant.transaction(({ intents }) => intents.findOurs([id], held))
      expect((await ours(guid(1))).map(({ target }) => target).sort()).toEqual(['A', 'C'])
      expect(await ours(guid(2))).toEqual([])
    })

    test('never removes an active run nor the newest run of a token, however old', async () => {
      const { forTenant, instance } = await opened()
      const tenant = forTenant(harbour)
      const ended = { status: 'failed', endedAt: at(5) } as const
      await tenant.transaction(async ({ runs }) => {
        await runs.insert(run('old', guid(1), { ...ended, requestedAt: at(1) }))
        await runs.insert(run('newest', guid(1), { ...ended, requestedAt: at(2) }))
        await runs.insert(run('before', guid(2), { ...ended, requestedAt: at(1) }))
        await runs.insert(run('active', guid(2), { status: 'running', requestedAt: at(0) }))
        await runs.insert(run('twin', guid(2), { ...ended, requestedAt: at(1) }))
      })
      expect(await instance.prune({ runsBefore: at(900) }, 99)).toMatchObject({ runs: 2 })
      const left = async (id: string) =>
        (await tenant.reads.runs.list(id, all)).rows.map((one) => one.id)
      expect(await left(guid(1))).toEqual(['newest'])
      // Of two runs of one instant the one with the greater id is the newer.
      expect(await left(guid(2))).toEqual(['twin', 'active'])
    })

    test('removes no more of a kind at once than it was told, oldest first', async () => {
      const { forTenant, instance } = await opened()
      const tenant = forTenant(harbour)
      await tenant.transaction(async ({ audit }) => {
        for (const seconds of [3, 1, 5, 2, 4])
          await audit.insert(auditEvent(`e${seconds}`, { at: at(seconds) }))
      })
      const prune = async () => (await instance.prune({ auditBefore: at(5) }, 3)).audit
      expect(await prune()).toBe(3)
      expect((await tenant.reads.audit.list(all)).rows.map(({ id }) => id)).toEqual(['e5', 'e4'])
      expect(await prune()).toBe(1)
      expect(await prune()).toBe(0)
      expect((await tenant.reads.audit.list(all)).rows.map(({ id }) => id)).toEqual(['e5'])
    })
  })
}
