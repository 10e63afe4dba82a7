import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SecretPlace } from '../../src/ports/secret-box.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { checkKeys, keyCheckPlace } from '../../src/sealing/key-check.ts'
import { findKeyFile, makeKeyFile } from '../../src/sealing/key-file.ts'
import { openSealing } from '../../src/sealing/open-sealing.ts'
import type { SealingKeys } from '../../src/sealing/sealing-keys.ts'
import { createSecretBox } from '../../src/sealing/secret-box.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, guid, harbour } from './samples.ts'

const place: SecretPlace = { tenantId: harbour, recordId: guid(1), property: 'token' }

export function keyCheckContract(backend: Backend): void {
  describe(`the keys at start on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    let folder = ''
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pomona-keys-'))
    })
    afterEach(() => rm(folder, { recursive: true }))

    const fileOf = (name: string) => join(folder, name)
    const instance = () => fresh().storage.instance
    const sealOne = async (storage: Storage, keyFile: string) => {
      const box = await openSealing(keyFile, storage.instance)
      await addTenants(storage)
      const sealed = box.seal(place, 'a content token')
      await storage.forTenant(harbour).transaction(({ secrets }) => secrets.put(place, sealed))
      return sealed.keyId
    }
    const refusedNaming = (keyId: string) => ({
      code: 'misconfigured',
      message: expect.stringContaining(`"${keyId}"`),
    })

    test('the first start makes the key file and a check value, later ones open with them', async () => {
      const { storage } = fresh()
      const keyId = await sealOne(storage, fileOf('key.json'))
      expect((await findKeyFile(fileOf('key.json')))?.current).toBe(keyId)
      expect((await instance().reads.secrets.find(keyCheckPlace))?.keyId).toBe(keyId)
      const box = await openSealing(fileOf('key.json'), instance())
      const sealed = await storage.forTenant(harbour).reads.secrets.find(place)
      expect(sealed && box.open(place, sealed)).toBe('a content token')
    })

    test('a key file that is there before the first start is used as it is', async () => {
      const made = await makeKeyFile(fileOf('key.json'))
      const box = await openSealing(fileOf('key.json'), instance())
      expect(box.seal(place, 'x').keyId).toBe(made.current)
      expect(await instance().reads.secrets.listKeyIds()).toEqual([made.current])
    })

    test('a lost key file is asked for by the id of its key, and none is made in its place', async () => {
      const keyId = await sealOne(fresh().storage, fileOf('key.json'))
      await rm(fileOf('key.json'))
      await expect(openSealing(fileOf('key.json'), instance())).rejects.toMatchObject(
        refusedNaming(keyId),
      )
      expect(await findKeyFile(fileOf('key.json'))).toBeUndefined()
    })

    test("another instance's key file is refused by the id of the key that is missing, and nothing is overwritten", async () => {
      const keyId = await sealOne(fresh().storage, fileOf('key.json'))
      await makeKeyFile(fileOf('other.json'))
      const before = [
        await readFile(fileOf('other.json'), 'utf8'),
        await instance().reads.secrets.find(keyCheckPlace),
      ]
      await expect(openSealing(fileOf('other.json'), instance())).rejects.toMatchObject(
        refusedNaming(keyId),
      )
      expect([
        await readFile(fileOf('other.json'), 'utf8'),
        await instance().reads.secrets.find(keyCheckPlace),
      ]).toEqual(before)
    })

    test('a key of the same id with another secret is refused by its id', async () => {
      const keyId = await sealOne(fresh().storage, fileOf('key.json'))
      const wrong = keysWith(keyId)
      await expect(checkKeys(instance(), wrong, createSecretBox(wrong))).rejects.toMatchObject(
        refusedNaming(keyId),
      )
    })

    test('a key that sealed anything at all must be at hand, even when the check value was sealed by another', async () => {
      await sealOne(fresh().storage, fileOf('key.json'))
      const older = keysWith('older')
      const sealed = createSecretBox(older).seal(place, 'an older content token')
      await fresh()
        .storage.forTenant(harbour)
        .transaction(({ secrets }) => secrets.put(place, sealed))
      await expect(openSealing(fileOf('key.json'), instance())).rejects.toMatchObject(
        refusedNaming('older'),
      )
    })

    test('without its check value a database with secrets is refused', async () => {
      const keyId = await sealOne(fresh().storage, fileOf('key.json'))
      await instance().transaction(({ secrets }) => secrets.remove(keyCheckPlace))
      await expect(openSealing(fileOf('key.json'), instance())).rejects.toMatchObject(
        refusedNaming(keyId),
      )
      expect(await instance().reads.secrets.find(keyCheckPlace)).toBeUndefined()
    })

    test('of two processes that bring different keys to a fresh database, one is refused', async () => {
      const other = await fresh().openAgain()
      const settled = await Promise.allSettled(
        (['k1', 'k2'] as const).map((id, index) => {
          const keys = keysWith(id)
          return checkKeys(index ? other.instance : instance(), keys, createSecretBox(keys))
        }),
      )
      const [kept] = await instance().reads.secrets.listKeyIds()
      const refused = settled.filter((one) => one.status === 'rejected')
      expect(refused).toHaveLength(1)
      expect(refused[0]?.reason).toMatchObject(refusedNaming(kept ?? ''))
    })

    test('two processes that start together on a fresh database agree on one key', async () => {
      const other = await fresh().openAgain()
      const boxes = await Promise.all([
        openSealing(fileOf('key.json'), instance()),
        openSealing(fileOf('key.json'), other.instance),
      ])
      const keyIds = boxes.map((box) => box.seal(place, 'x').keyId)
      expect(new Set(keyIds).size).toBe(1)
      expect(await instance().reads.secrets.listKeyIds()).toEqual([keyIds[0]])
    })
  })
}

function keysWith(id: string): SealingKeys {
  const secret = new Uint8Array(32).fill(7)
  return { keys: [{ id, secret }], current: id, hashSecret: secret }
}
