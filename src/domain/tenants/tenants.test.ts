import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../model/audit-event.ts'
import type { Storage } from '../../ports/storage.ts'
import { openStorage } from '../../storage/open.ts'
import { addClient } from './add-client.ts'
import { addTenant, type TenantDeps } from './add-tenant.ts'
import { removeClient } from './remove-client.ts'
import { removeTenant } from './remove-tenant.ts'
import { resumeTenant } from './resume-tenant.ts'
import { rotateClient } from './rotate-client.ts'
import { suspendTenant } from './suspend-tenant.ts'

const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
const otherId = '9a1e0f00-0000-4000-8000-000000000002'
const clock = { now: () => new Date('2026-11-22T09:00:00Z'), sleep: async () => undefined }

let folder = ''
let storage: Storage
let deps: TenantDeps
let clientId = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-tenants-'))
  storage = await openStorage({ url: `sqlite:${join(folder, 'pomona.db')}`, clock })
  let ids = 0
  const newId = () => `00000000-0000-7000-8000-${String(ids++).padStart(12, '0')}`
  deps = { storage, clock, newId }
  await addTenant(deps, { id: tenantId, name: 'Harbour' })
  await addTenant(deps, { id: otherId, name: 'Other' })
  const client = { tenantId, name: 'cli', roles: ['R'], secretHash: 'aa' }
  clientId = (await addClient(deps, client)).id
})

afterEach(async () => {
  await storage.close()
  await rm(folder, { recursive: true, force: true })
})

const tenantNow = () => storage.instance.reads.tenants.find(tenantId)
const clientNow = () => storage.instance.reads.clients.find(tenantId, clientId)
async function audit(tenant = tenantId): Promise<readonly AuditEvent[]> {
  return (await storage.forTenant(tenant).reads.audit.list({ limit: 50 })).rows
}
const actions = async (tenant = tenantId) => (await audit(tenant)).map(({ action }) => action)

/** Storage whose audit cannot be written, as when the disk is full. */
function withoutAudit(): TenantDeps {
  const instance: Storage['instance'] = {
    ...storage.instance,
    transaction: (work) =>
      storage.instance.transaction((stores) =>
        work({
          ...stores,
          auditOf: (tenant) => ({
            ...stores.auditOf(tenant),
            insert: () => Promise.reject(new Error('no audit')),
          }),
        }),
      ),
  }
  return { ...deps, storage: { ...storage, instance } }
}

describe('a tenant', () => {
  test('is suspended and resumed, with an event each, and only when that changes something', async () => {
    expect(await suspendTenant(deps, tenantId.toUpperCase())).toMatchObject({ isChanged: true })
    expect((await tenantNow())?.status).toBe('suspended')
    expect(await suspendTenant(deps, tenantId)).toMatchObject({ isChanged: false })
    expect(await resumeTenant(deps, tenantId)).toMatchObject({ isChanged: true })
    expect(await tenantNow()).toMatchObject({ status: 'active', name: 'Harbour' })
    expect(await actions()).toEqual([
      'tenant.resumed',
      'tenant.suspended',
      'client.added',
      'tenant.added',
    ])
    expect((await audit())[0]).toMatchObject({
      actor: 'operator',
      subject: tenantId,
      details: { name: 'Harbour' },
    })
  })

  test('is removed with its clients; its audit stays and ends with the removal', async () => {
    const removed = await removeTenant(deps, tenantId)
    expect(removed.name).toBe('Harbour')
    expect(await tenantNow()).toBeUndefined()
    expect(await clientNow()).toBeUndefined()
    expect((await audit())[0]).toMatchObject({
      action: 'tenant.removed',
      details: { name: 'Harbour', clients: [clientId] },
    })
    expect(await actions()).toHaveLength(3)
    expect((await storage.instance.reads.tenants.list()).map(({ id }) => id)).toEqual([otherId])
  })

  test.each([
    ['suspended', suspendTenant],
    ['resumed', resumeTenant],
    ['removed', removeTenant],
  ] as const)('that is not registered cannot be %s', async (_, change) => {
    const absent = '00000000-0000-4000-8000-00000000dead'
    await expect(change(deps, absent)).rejects.toMatchObject({
      code: 'notFound',
      message: `The tenant '${absent}' is not registered. See those that are: pomona tenant list.`,
    })
    expect(await actions(absent)).toEqual([])
  })
})

describe('a client', () => {
  test('gets another secret and keeps everything else', async () => {
    const before = await clientNow()
    const given = { tenantId, id: clientId.toUpperCase(), secretHash: 'bb' }
    expect(await rotateClient(deps, given)).toEqual({ ...before, secretHash: 'bb' })
    expect(await clientNow()).toEqual({ ...before, secretHash: 'bb' })
    expect((await audit())[0]).toMatchObject({
      action: 'client.rotated',
      subject: clientId,
      details: { name: 'cli' },
    })
    expect(JSON.stringify(await audit())).not.toContain('bb"')
  })

  test('is removed', async () => {
    await removeClient(deps, { tenantId, id: clientId })
    expect(await clientNow()).toBeUndefined()
    expect((await audit())[0]).toMatchObject({ action: 'client.removed', subject: clientId })
  })

  test('of another tenant is as good as none', async () => {
    const elsewhere = { tenantId: otherId, id: clientId, secretHash: 'bb' }
    const before = await clientNow()
    for (const change of [rotateClient(deps, elsewhere), removeClient(deps, elsewhere)])
      await expect(change).rejects.toMatchObject({ code: 'notFound' })
    expect(await clientNow()).toEqual(before)
    expect(await actions(otherId)).toEqual(['tenant.added'])
  })
})

test('nothing changes when its audit event cannot be written', async () => {
  const broken = withoutAudit()
  const before = [await tenantNow(), await clientNow(), await actions()]
  for (const change of [
    () => suspendTenant(broken, tenantId),
    () => removeTenant(broken, tenantId),
    () => rotateClient(broken, { tenantId, id: clientId, secretHash: 'bb' }),
    () => removeClient(broken, { tenantId, id: clientId }),
  ])
    await expect(change()).rejects.toThrow('no audit')
  expect([await tenantNow(), await clientNow(), await actions()]).toEqual(before)
})
