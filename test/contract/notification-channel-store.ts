import { describe, expect, test } from 'vitest'
import { type NotificationChannel, newChannel } from '../../src/model/notification-channel.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard, token } from './samples.ts'

export function notificationChannelStoreContract(backend: Backend): void {
  describe(`notification channels on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      for (const id of [harbour, orchard])
        await storage.forTenant(id).transaction(async ({ tokens }) => {
          await tokens.insert(token(guid(1), { locationId: '7000000000000001' }))
          await tokens.insert(token(guid(2)))
        })
      return storage
    }
    const full: NotificationChannel = {
      ...{ id: 'n-1', tokenId: guid(1), url: 'https://pomona.example/apple/notify/n-1' },
      ...{ registeredAt: at(1), secretHash: 'aa', pendingHash: 'bb', retryAt: at(5) },
      finding: { reason: 'notificationsOff', isDefinite: false, errorNumber: 9728 },
      stale: { counts: at(2), users: at(3) },
      lastReceivedAt: at(4),
      unknownTypes: ['UNLIMITED_ASSET'],
    }

    test('come back whole, one per token, and replaced', async () => {
      const { transaction, reads } = (await opened()).forTenant(harbour)
      await transaction(({ channels }) => channels.put(full))
      expect(await reads.channels.find(guid(1))).toEqual(full)
      expect(await reads.channels.find(guid(2))).toBeUndefined()
      const plain = newChannel('n-2', guid(1))
      await transaction(({ channels }) => channels.put(plain))
      expect(await reads.channels.find(guid(1))).toEqual(plain)
    })

    test('lead from their id to tenant, token, location and the secrets that count', async () => {
      const storage = await opened()
      const doors = storage.instance.reads.channels
      await storage.forTenant(orchard).transaction(async ({ channels }) => {
        await channels.put(full)
        await channels.put(newChannel('n-9', guid(2)))
      })
      expect(await doors.find('n-1')).toEqual({
        ...{ tenantId: orchard, tokenId: guid(1), locationId: '7000000000000001' },
        hashes: ['aa', 'bb'],
      })
      expect(await doors.find('n-9')).toEqual({
        ...{ tenantId: orchard, tokenId: guid(2), locationId: null, hashes: [] },
      })
      expect(await doors.find('n-3')).toBeUndefined()
    })

    test('know what came before, and forget it in time', async () => {
      const { transaction } = (await opened()).forTenant(harbour)
      const takeDown = (id: string, seconds: number, forgetBefore: number) =>
        transaction(({ channels }) =>
          channels.takeDown('n-1', id, { at: at(seconds), forgetBefore: at(forgetBefore) }),
        )
      await transaction(({ channels }) => channels.put(full))
      expect(await takeDown('b1', 10, 0)).toBe(true)
      expect(await takeDown('b1', 11, 0)).toBe(false)
      expect(await takeDown('b2', 12, 0)).toBe(true)
      expect(await takeDown('b2', 20, 11)).toBe(false)
      expect(await takeDown('b1', 21, 11)).toBe(true)
    })

    test('of another tenant, and those of a removed token, are as good as not there', async () => {
      const storage = await opened()
      const { transaction, reads } = storage.forTenant(harbour)
      await transaction(({ channels }) => channels.put(full))
      const others = storage.forTenant(orchard)
      expect(await others.reads.channels.find(guid(1))).toBeUndefined()
      const times = { at: at(9), forgetBefore: at(0) }
      expect(
        await others.transaction(({ channels }) => channels.takeDown('n-1', 'b1', times)),
      ).toBe(false)
      await transaction(({ tokens }) => tokens.remove(guid(1)))
      expect(await reads.channels.find(guid(1))).toBeUndefined()
      expect(await storage.instance.reads.channels.find('n-1')).toBeUndefined()
      await transaction(({ channels }) => channels.put(full))
      expect(await storage.instance.reads.channels.find('n-1')).toBeUndefined()
    })
  })
}
