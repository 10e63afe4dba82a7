import { describe, expect, test } from 'vitest'
import type { TenantId, TokenId } from '../../src/model/ids.ts'
import type { SecretPlace } from '../../src/ports/secret-box.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { type Backend, freshStorage } from './backend.ts'
import {
  addTenants,
  asset,
  assignment,
  auditEvent,
  client,
  guid,
  harbour,
  orchard,
  run,
  token,
  user,
} from './samples.ts'

const page = { limit: 100 }

export function removalContract(backend: Backend): void {
  describe(`removal on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      for (const tenantId of [harbour, orchard])
        for (const id of [guid(1), guid(2)]) await fillToken(storage, tenantId, id)
      return storage
    }

    test('a token goes with its secrets, rows and runs; its neighbours and the audit stay', async () => {
      const storage = await opened()
      await storage.forTenant(harbour).transaction(({ tokens }) => tokens.remove(guid(1)))
      expect(await contents(storage, harbour, guid(1))).toEqual(nothing)
      expect(await contents(storage, harbour, guid(2))).toEqual(everything)
      expect(await contents(storage, orchard, guid(1))).toEqual(everything)
      const { rows } = await storage.forTenant(harbour).reads.audit.list(page)
      expect(rows.map(({ subject }) => subject)).toEqual([guid(2), guid(1)])
    })

    test('a token of the same id that comes later begins empty', async () => {
      const storage = await opened()
      await storage.forTenant(harbour).transaction(async ({ tokens }) => {
        await tokens.remove(guid(1))
        await tokens.insert(token(guid(1)))
      })
      expect(await contents(storage, harbour, guid(1))).toEqual({ ...nothing, tokens: 1 })
    })

    test('rows of a token that was removed cannot be reached by their numbers either', async () => {
      const storage = await opened()
      const tenant = storage.forTenant(harbour)
      const [row] = await tenant.reads.assets.list(guid(1), 0, 1)
      await tenant.transaction(({ tokens }) => tokens.remove(guid(1)))
      const change = tenant.transaction(({ assets }) => assets.update(guid(1), row ? [row] : []))
      await expect(change).rejects.toMatchObject({ code: 'notFound' })
    })

    test('a removal that fails later in its transaction leaves everything in place', async () => {
      const storage = await opened()
      const attempt = storage.forTenant(harbour).transaction(async ({ tokens }) => {
        await tokens.remove(guid(1))
        await tokens.remove(guid(404))
      })
      await expect(attempt).rejects.toMatchObject({ code: 'notFound' })
      expect(await contents(storage, harbour, guid(1))).toEqual(everything)
    })

    test('a tenant goes with its clients and tokens and all of theirs; the audit and other tenants stay', async () => {
      const storage = await opened()
      await storage.instance.transaction(async ({ tenants, clients }) => {
        await clients.insert(client(harbour, guid(7)))
        await clients.insert(client(orchard, guid(8)))
        await tenants.remove(harbour)
      })
      const { reads } = storage.instance
      expect(await reads.tenants.find(harbour)).toBeUndefined()
      expect(await reads.clients.list(harbour)).toEqual([])
      expect(await reads.clients.list(orchard)).toHaveLength(1)
      for (const id of [guid(1), guid(2)]) {
        expect(await contents(storage, harbour, id)).toEqual(nothing)
        expect(await contents(storage, orchard, id)).toEqual(everything)
      }
      expect((await storage.forTenant(harbour).reads.audit.list(page)).rows).toHaveLength(2)
    })
  })
}

const everything = { tokens: 1, secrets: 2, assets: 1, assignments: 1, users: 1, runs: 1 }
const nothing = { tokens: 0, secrets: 0, assets: 0, assignments: 0, users: 0, runs: 0 }

function places(tenantId: TenantId, recordId: TokenId): readonly SecretPlace[] {
  return [
    { tenantId, recordId, property: 'token' },
    { tenantId, recordId, property: 'pendingToken' },
  ]
}

async function fillToken(storage: Storage, tenantId: TenantId, id: TokenId): Promise<void> {
  await storage.forTenant(tenantId).transaction(async (stores) => {
    await stores.tokens.insert(token(id))
    for (const place of places(tenantId, id))
      await stores.secrets.put(place, { keyId: 'k1', box: Uint8Array.of(1, 2, 3) })
    await stores.assets.insert(id, [asset('1')])
    await stores.assignments.insert(id, [assignment('1', 'POMSER000001')])
    await stores.users.insert(id, [user('u-0001')])
    await stores.runs.insert(run(`${tenantId}/${id}`, id))
    await stores.audit.insert(auditEvent(id, { subject: id }))
  })
}

async function contents(storage: Storage, tenantId: TenantId, id: TokenId) {
  const { reads } = storage.forTenant(tenantId)
  const secrets = await Promise.all(places(tenantId, id).map(reads.secrets.find))
  return {
    tokens: (await reads.tokens.find(id)) ? 1 : 0,
    secrets: secrets.filter((secret) => secret !== undefined).length,
    assets: await reads.assets.count(id),
    assignments: await reads.assignments.count(id),
    users: await reads.users.count(id),
    runs: (await reads.runs.list(id, page)).rows.length,
  }
}
