import { describe, expect, test } from 'vitest'
import type { InstanceStores, SigningKey } from '../../src/ports/instance-store.ts'
import { type Backend, freshStorage } from './backend.ts'
import { at, client, guid, harbour, orchard, tenant } from './samples.ts'

export function instanceStoreContract(backend: Backend): void {
  describe(`facts of the instance on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const reads = () => fresh().storage.instance.reads
    const change = <T>(work: (stores: InstanceStores) => Promise<T>) =>
      fresh().storage.instance.transaction(work)
    const refused = (code: string, work: (stores: InstanceStores) => Promise<unknown>) =>
      expect(change(work)).rejects.toMatchObject({ code })

    test('a tenant is added, found, changed and removed', async () => {
      expect(await reads().tenants.find(harbour)).toBeUndefined()
      await change(({ tenants }) => tenants.insert(tenant(harbour, 'Harbour')))
      expect(await reads().tenants.find(harbour)).toEqual(tenant(harbour, 'Harbour'))
      const suspended = {
        ...tenant(harbour, 'Haven'),
        status: 'suspended',
        createdAt: at(5),
      } as const
      await change(({ tenants }) => tenants.update(suspended))
      expect(await reads().tenants.find(harbour)).toEqual(suspended)
      await change(({ tenants }) => tenants.remove(harbour))
      expect(await reads().tenants.find(harbour)).toBeUndefined()
    })

    test('tenants are listed by name, then by id', async () => {
      await change(async ({ tenants }) => {
        await tenants.insert(tenant('3', 'Pear'))
        await tenants.insert(tenant('2', 'Apple'))
        await tenants.insert(tenant('1', 'apple'))
        await tenants.insert(tenant('4', 'Apple'))
      })
      const listed = await reads().tenants.list()
      expect(listed.map(({ id }) => id)).toEqual(['2', '4', '3', '1'])
    })

    test('a tenant id that is taken is a conflict and leaves the first as it is', async () => {
      await change(({ tenants }) => tenants.insert(tenant(harbour, 'Harbour')))
      await refused('conflict', ({ tenants }) => tenants.insert(tenant(harbour, 'Haven')))
      expect((await reads().tenants.find(harbour))?.name).toBe('Harbour')
    })

    test('changes of a tenant that is not there fail with notFound', async () => {
      await refused('notFound', ({ tenants }) => tenants.update(tenant(harbour, 'Harbour')))
      await refused('notFound', ({ tenants }) => tenants.remove(harbour))
    })

    test('a client is added, found, changed and removed', async () => {
      await change(async ({ tenants, clients }) => {
        await tenants.insert(tenant(harbour, 'Harbour'))
        await clients.insert(client(harbour, guid(7)))
      })
      expect(await reads().clients.find(harbour, guid(7))).toEqual(client(harbour, guid(7)))
      const rotated = client(harbour, guid(7), { name: 'R', roles: [], secretHash: 'bb' })
      await change(({ clients }) => clients.update(rotated))
      expect(await reads().clients.list(harbour)).toEqual([rotated])
      await change(({ clients }) => clients.remove(harbour, guid(7)))
      expect(await reads().clients.find(harbour, guid(7))).toBeUndefined()
    })

    test('a client needs its tenant, and an id of its own within it', async () => {
      await refused('notFound', ({ clients }) => clients.insert(client(harbour, guid(7))))
      await change(async ({ tenants, clients }) => {
        await tenants.insert(tenant(harbour, 'Harbour'))
        await clients.insert(client(harbour, guid(7)))
      })
      await refused('conflict', ({ clients }) => clients.insert(client(harbour, guid(7))))
    })

    test('a client of another tenant is as good as not there', async () => {
      await change(async ({ tenants, clients }) => {
        await tenants.insert(tenant(harbour, 'Harbour'))
        await tenants.insert(tenant(orchard, 'Orchard'))
        await clients.insert(client(orchard, guid(7)))
      })
      expect(await reads().clients.find(harbour, guid(7))).toBeUndefined()
      expect(await reads().clients.list(harbour)).toEqual([])
      await refused('notFound', ({ clients }) => clients.update(client(harbour, guid(7))))
      await refused('notFound', ({ clients }) => clients.remove(harbour, guid(7)))
      expect(await reads().clients.list(orchard)).toEqual([client(orchard, guid(7))])
    })

    test('signing keys are listed newest first and can be retired', async () => {
      const key = (id: string, seconds: number): SigningKey => ({
        id,
        algorithm: 'ES256',
        publicJwk: '{"kty":"EC"}',
        createdAt: at(seconds),
        retiredAt: null,
      })
      await change(async ({ signingKeys }) => {
        await signingKeys.insert(key('k1', 1))
        await signingKeys.insert(key('k2', 2))
        await signingKeys.update({ ...key('k1', 1), retiredAt: at(9) })
      })
      expect(await reads().signingKeys.list()).toEqual([
        key('k2', 2),
        { ...key('k1', 1), retiredAt: at(9) },
      ])
      await refused('notFound', ({ signingKeys }) => signingKeys.update(key('k9', 1)))
    })

    test('a fact is put, put anew and found by its name', async () => {
      expect(await reads().facts.find('caCertificate')).toBeUndefined()
      await change(async ({ facts }) => {
        await facts.put('caCertificate', 'one')
        await facts.put('other', '')
        await facts.put('caCertificate', 'two')
      })
      expect(await reads().facts.find('caCertificate')).toBe('two')
      expect(await reads().facts.find('other')).toBe('')
    })
  })
}
