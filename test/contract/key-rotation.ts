import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SecretBox, SecretPlace } from '../../src/ports/secret-box.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { keyCheckPlace } from '../../src/sealing/key-check.ts'
import { findKeyFile, makeKeyFile } from '../../src/sealing/key-file.ts'
import { encodeKeyFile } from '../../src/sealing/key-file-text.ts'
import { dropUnusedKeys, keyStatus } from '../../src/sealing/key-status.ts'
import { openSealing } from '../../src/sealing/open-sealing.ts'
import { rotateKeys } from '../../src/sealing/rotate-keys.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard } from './samples.ts'

const clock = { now: () => new Date(at(0)), sleep: async () => undefined }

export function keyRotationContract(backend: Backend): void {
  describe(`a change of keys on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    let folder = ''
    let keyFile = ''
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pomona-rotation-'))
      keyFile = join(folder, 'key.json')
    })
    afterEach(() => rm(folder, { recursive: true }))

    const placeOf = (tenantId: string, number: number): SecretPlace => ({
      tenantId,
      recordId: guid(number),
      property: number % 2 === 0 ? 'token' : 'pendingToken',
    })
    const places = [harbour, orchard].flatMap((tenantId) =>
      Array.from({ length: 120 }, (_, number) => placeOf(tenantId, number)),
    )
    const secretOf = ({ tenantId, recordId }: SecretPlace) => `secret of ${tenantId} ${recordId}`
    const put = (storage: Storage, box: SecretBox, place: SecretPlace, secret = secretOf(place)) =>
      storage
        .forTenant(place.tenantId)
        .transaction(({ secrets }) => secrets.put(place, box.seal(place, secret)))
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const box = await openSealing(keyFile, storage.instance)
      const first = (await findKeyFile(keyFile))?.current ?? ''
      for (const tenantId of [harbour, orchard])
        await storage.forTenant(tenantId).transaction(async ({ secrets }) => {
          for (const place of places.filter((one) => one.tenantId === tenantId))
            await secrets.put(place, box.seal(place, secretOf(place)))
        })
      return { storage, box, first }
    }
    let ids = 0
    const rotate = (instance: Storage['instance']) =>
      rotateKeys({ keyFile, instance, clock, newId: () => `e${++ids}`, actor: 'operator' })
    const read = async (storage: Storage, box: SecretBox, place: SecretPlace) => {
      const sealed = await storage.forTenant(place.tenantId).reads.secrets.find(place)
      return sealed && box.open(place, sealed)
    }
    const audited = async ({ forTenant }: Storage) =>
      (await forTenant('').reads.audit.list({ limit: 10 })).rows
    /** The door of the instance, whose units of work fail from the given one on. */
    const breakingAt = (instance: Storage['instance'], unit: number): Storage['instance'] => {
      let count = 0
      return {
        ...instance,
        transaction: (work) => {
          count += 1
          return count < unit
            ? instance.transaction(work)
            : Promise.reject(new Error('The process was killed.'))
        },
      }
    }

    test('seals everything anew under a fresh key; every secret opens as before', async () => {
      const { storage, first } = await opened()
      const rotation = await rotate(storage.instance)
      expect(rotation).toEqual({
        current: expect.stringMatching(/^[0-9a-f]{8}$/),
        isResumed: false,
        resealed: 240,
        left: 0,
      })
      expect(rotation.current).not.toBe(first)
      expect(await storage.instance.reads.sealed.countByKey()).toEqual([
        { keyId: rotation.current, count: 241 },
      ])
      const box = await openSealing(keyFile, storage.instance)
      for (const place of places) expect(await read(storage, box, place)).toBe(secretOf(place))
    })

    test('keeps the old key and the hash secret in the file, which stays private and alone in its folder', async () => {
      const { storage, box } = await opened()
      const before = await findKeyFile(keyFile)
      const { current } = await rotate(storage.instance)
      const after = await findKeyFile(keyFile)
      expect(after).toMatchObject({ current, hashSecret: before?.hashSecret })
      expect(after?.keys).toEqual([
        ...(before?.keys ?? []),
        { id: current, secret: expect.anything() },
      ])
      expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
      expect(await readdir(folder)).toEqual(['key.json'])
      const later = await openSealing(keyFile, storage.instance)
      expect(later.hash('a content token')).toBe(box.hash('a content token'))
    })

    test('is told in the audit of the instance once', async () => {
      const { storage, first } = await opened()
      const { current } = await rotate(storage.instance)
      expect(await audited(storage)).toMatchObject([
        {
          action: 'key.rotated',
          actor: 'operator',
          subject: current,
          details: { before: first, keysInFile: [first, current] },
        },
      ])
    })

    test.each([1, 2, 3, 4])(
      'that breaks off in its unit %i loses nothing and is taken up by the next one',
      async (unit) => {
        const { storage, first } = await opened()
        await expect(rotate(breakingAt(storage.instance, unit))).rejects.toThrow('killed')
        // Whoever starts now has both keys at hand.
        const between = await openSealing(keyFile, storage.instance)
        for (const place of places)
          expect(await read(storage, between, place)).toBe(secretOf(place))
        const resumed = await rotate(storage.instance)
        expect(resumed).toMatchObject({ isResumed: true, left: 0 })
        expect((await findKeyFile(keyFile))?.keys.map(({ id }) => id)).toEqual([
          first,
          resumed.current,
        ])
        const box = await openSealing(keyFile, storage.instance)
        for (const place of places) expect(await read(storage, box, place)).toBe(secretOf(place))
        expect(await storage.instance.reads.sealed.countByKey()).toEqual([
          { keyId: resumed.current, count: 241 },
        ])
        expect(await audited(storage)).toHaveLength(1)
      },
    )

    test('whose audit cannot be written seals nothing anew', async () => {
      const { storage, first } = await opened()
      const event = (id: string) => ({ id, at: at(0), actor: '', subject: '', details: {} })
      await storage.instance.transaction(({ auditOf }) =>
        auditOf('').insert({ ...event(`e${ids + 1}`), action: 'key.rotated' }),
      )
      await expect(rotate(storage.instance)).rejects.toMatchObject({ code: 'conflict' })
      expect(await storage.instance.reads.sealed.countByKey()).toEqual([
        { keyId: first, count: 241 },
      ])
    })

    test('leaves alone what a running service stores meanwhile', async () => {
      const { storage, box } = await opened()
      const place = placeOf(orchard, 5)
      const { reads } = storage.instance
      let pages = 0
      const instance: Storage['instance'] = {
        ...storage.instance,
        reads: {
          ...reads,
          sealed: {
            ...reads.sealed,
            listSealedByOthers: async (...asked) => {
              const page = await reads.sealed.listSealedByOthers(...asked)
              pages += 1
              if (page.some((one) => one.place.recordId === place.recordId && pages > 1))
                await put(storage, box, place, 'renewed meanwhile')
              return page
            },
          },
        },
      }
      expect(await rotate(instance)).toMatchObject({ left: 0 })
      expect(await read(storage, await openSealing(keyFile, storage.instance), place)).toBe(
        'renewed meanwhile',
      )
    })

    test('is noticed by a running service: it opens what was sealed anew and seals with the new key', async () => {
      const { storage, box } = await opened()
      const other = await openSealing(keyFile, (await fresh().openAgain()).instance)
      const { current } = await rotate(storage.instance)
      for (const running of [box, other]) {
        const [place = keyCheckPlace] = places
        expect(await read(storage, running, place)).toBe(secretOf(place))
        expect(running.seal(place, 'x').keyId).toBe(current)
      }
    })

    test('that a service cannot see, since it has a key file of its own, is said by the name of the key', async () => {
      const { storage } = await opened()
      const copy = join(folder, 'copy.json')
      await writeFile(copy, await readFile(keyFile), { mode: 0o600 })
      const running = await openSealing(copy, storage.instance)
      const { current } = await rotate(storage.instance)
      const [place = keyCheckPlace] = places
      await expect(read(storage, running, place)).rejects.toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining(`"${current}"`),
      })
      // What it has sealed itself it still opens, and the next rotation takes that up.
      await put(storage, running, place)
      expect(await read(storage, running, place)).toBe(secretOf(place))
      expect(await rotate(storage.instance)).toMatchObject({ isResumed: true, resealed: 1 })
      await writeFile(copy, await readFile(keyFile))
      expect(await read(storage, running, place)).toBe(secretOf(place))
    })

    test('a key file that is damaged or gone takes nothing from a running service', async () => {
      const { storage, box, first } = await opened()
      const [place = keyCheckPlace] = places
      await writeFile(keyFile, '{}')
      expect(box.seal(place, 'x').keyId).toBe(first)
      await rm(keyFile)
      expect(box.seal(place, 'x').keyId).toBe(first)
      await makeKeyFile(keyFile)
      expect(box.seal(place, 'x').keyId).toBe(first)
      expect(await read(storage, box, place)).toBe(secretOf(place))
    })

    test('with a missing or a wrong key is refused by its name, and nothing changes', async () => {
      const { storage, first } = await opened()
      const keys = await findKeyFile(keyFile)
      if (!keys) throw new Error('no key file')
      const other = join(folder, 'other.json')
      await makeKeyFile(other)
      const foreign = await findKeyFile(other)
      const wrongSecret = foreign?.keys[0]?.secret ?? new Uint8Array(32)
      for (const wrong of [foreign, { ...keys, keys: [{ id: first, secret: wrongSecret }] }]) {
        if (!wrong) throw new Error('no key file')
        const text = encodeKeyFile(wrong)
        await writeFile(keyFile, text)
        await expect(rotate(storage.instance)).rejects.toMatchObject({
          code: 'misconfigured',
          message: expect.stringContaining(`"${first}"`),
        })
        expect(await readFile(keyFile, 'utf8')).toBe(text)
      }
      expect(await storage.instance.reads.sealed.countByKey()).toEqual([
        { keyId: first, count: 241 },
      ])
    })

    test('two at the same time make one fresh key, or one of them is told to wait', async () => {
      const { storage } = await opened()
      const there = await fresh().openAgain()
      const settled = await Promise.allSettled([rotate(storage.instance), rotate(there.instance)])
      for (const one of settled)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
      const current = settled.flatMap((one) =>
        one.status === 'fulfilled' ? [one.value.current] : [],
      )
      expect(new Set(current).size).toBe(1)
      expect((await findKeyFile(keyFile))?.keys).toHaveLength(2)
      const box = await openSealing(keyFile, storage.instance)
      for (const place of places) expect(await read(storage, box, place)).toBe(secretOf(place))
      expect(await audited(storage)).toHaveLength(1)
    })

    test('the state of the keys says which are at hand, which seals and how much each has sealed', async () => {
      const { storage, first } = await opened()
      await expect(rotate(breakingAt(storage.instance, 3))).rejects.toThrow('killed')
      const keys = await findKeyFile(keyFile)
      expect(await keyStatus(storage.instance, keys)).toEqual([
        { id: first, isInKeyFile: true, isCurrent: false, sealedCount: 140 },
        { id: keys?.current, isInKeyFile: true, isCurrent: true, sealedCount: 101 },
      ])
      expect(await keyStatus(storage.instance, undefined)).toMatchObject(
        [first, keys?.current ?? '']
          .sort()
          .map((id) => ({ id, isInKeyFile: false, isCurrent: false })),
      )
    })

    test('keys that nothing needs can be dropped, a minute after the last change of the file', async () => {
      const { storage, first } = await opened()
      const changedAt = new Date(clock.now().getTime() - 60_000)
      const drop = () => dropUnusedKeys({ keyFile, instance: storage.instance, clock })
      await expect(rotate(breakingAt(storage.instance, 3))).rejects.toThrow('killed')
      await utimes(keyFile, changedAt, changedAt)
      expect(await drop()).toEqual([])
      const { current } = await rotate(storage.instance)
      await utimes(keyFile, clock.now(), clock.now())
      await expect(drop()).rejects.toMatchObject({ code: 'conflict' })
      await utimes(keyFile, changedAt, changedAt)
      expect(await drop()).toEqual([first])
      expect((await findKeyFile(keyFile))?.keys.map(({ id }) => id)).toEqual([current])
      const box = await openSealing(keyFile, storage.instance)
      for (const place of places) expect(await read(storage, box, place)).toBe(secretOf(place))
    })
  })

  describe(`sealed secrets of everybody on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const sealed = (keyId: string, ...bytes: number[]) => ({ keyId, box: Uint8Array.of(...bytes) })
    const place = (tenantId: string, number: number): SecretPlace => ({
      tenantId,
      recordId: guid(number),
      property: 'token',
    })

    test('are listed by other keys than one, in the order of places, page by page', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      for (const tenantId of [orchard, harbour])
        await storage.forTenant(tenantId).transaction(async ({ secrets }) => {
          await secrets.put(place(tenantId, 2), sealed('k1', 1))
          await secrets.put(place(tenantId, 1), sealed('k2', 2))
          await secrets.put(place(tenantId, 3), sealed('k3', 3))
        })
      const { sealed: reads } = storage.instance.reads
      expect(await reads.countByKey()).toEqual([
        { keyId: 'k1', count: 2 },
        { keyId: 'k2', count: 2 },
        { keyId: 'k3', count: 2 },
      ])
      const first = await reads.listSealedByOthers('k3', 3)
      expect(first.map((one) => one.place)).toEqual([
        place(harbour, 1),
        place(harbour, 2),
        place(orchard, 1),
      ])
      expect(first.map((one) => [one.sealed.keyId, ...one.sealed.box])).toEqual([
        ['k2', 2],
        ['k1', 1],
        ['k2', 2],
      ])
      const rest = await reads.listSealedByOthers('k3', 3, first.at(-1)?.place)
      expect(rest.map((one) => one.place)).toEqual([place(orchard, 2)])
    })

    test('are replaced only while they are what they were', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      await storage
        .forTenant(harbour)
        .transaction(({ secrets }) => secrets.put(place(harbour, 1), sealed('k1', 1)))
      const replace = (number: number, old: ReturnType<typeof sealed>) =>
        storage.instance.transaction((stores) =>
          stores.sealed.replace(place(harbour, number), old, sealed('k2', 9)),
        )
      expect(await replace(1, sealed('k1', 2))).toBe(false)
      expect(await replace(1, sealed('k2', 1))).toBe(false)
      expect(await replace(2, sealed('k1', 1))).toBe(false)
      expect(await replace(1, sealed('k1', 1))).toBe(true)
      const found = await storage.forTenant(harbour).reads.secrets.find(place(harbour, 1))
      expect(found && [found.keyId, ...found.box]).toEqual(['k2', 9])
    })
  })
}
