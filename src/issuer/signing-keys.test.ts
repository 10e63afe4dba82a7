import { decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../model/audit-event.ts'
import { instantOf } from '../model/date-time-offset.ts'
import { Failure } from '../model/failure.ts'
import type { InstanceReads, InstanceStores, SigningKey } from '../ports/instance-store.ts'
import type { SealedSecret, SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { SecretStore } from '../ports/secret-store.ts'
import { loadSigningKeys } from './signing-keys.ts'

const startMs = Date.parse('2026-11-22T09:00:00Z')
const minuteMs = 60_000

/** Stands for the database of one instance: one unit of work after the other, as both real ones promise. */
function database() {
  const keys: SigningKey[] = []
  const sealed = new Map<string, SealedSecret>()
  const audit: { tenantId: string; event: AuditEvent }[] = []
  const counts = { lists: 0, opened: 0 }
  const at = (place: SecretPlace) => JSON.stringify(place)
  const signingKeys: InstanceStores['signingKeys'] = {
    async list() {
      counts.lists += 1
      return keys.toSorted((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1))
    },
    async insert(key) {
      keys.push(key)
    },
    async update(key) {
      keys[keys.findIndex(({ id }) => id === key.id)] = key
    },
  }
  const secrets: SecretStore = {
    find: async (place) => sealed.get(at(place)),
    async put(place, secret) {
      sealed.set(at(place), secret)
    },
    async remove(place) {
      sealed.delete(at(place))
    },
  }
  const auditOf = (tenantId: string) => ({
    insert: async (event: AuditEvent) => void audit.push({ tenantId, event }),
  })
  let queue: Promise<unknown> = Promise.resolve()
  const instance = {
    reads: { signingKeys, secrets } as unknown as InstanceReads,
    transaction<T>(work: (stores: InstanceStores) => Promise<T>): Promise<T> {
      const done = queue.then(() =>
        work({ signingKeys, secrets, auditOf } as unknown as InstanceStores),
      )
      queue = done.catch(() => undefined)
      return done
    },
  }
  return { keys, sealed, audit, counts, storage: { instance } }
}

/** Not secret, but it opens only under the place it was sealed for. */
const secretBox: SecretBox = {
  seal: (place, secret) => ({
    keyId: 'k',
    box: Buffer.from(JSON.stringify({ place, secret }), 'utf8'),
  }),
  open(place, { box }) {
    const inside = JSON.parse(Buffer.from(box).toString('utf8'))
    if (JSON.stringify(inside.place) === JSON.stringify(place)) return inside.secret
    throw new Failure('misconfigured', 'The box belongs elsewhere.')
  },
  hash: () => '',
}

function world() {
  const time = { nowMs: startMs }
  const stored = database()
  let ids = 0
  const rooms = {
    storage: stored.storage,
    secretBox,
    clock: { now: () => new Date(time.nowMs), sleep: async () => undefined },
    newId: () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`,
  }
  return { ...stored, rooms, time, start: () => loadSigningKeys(rooms) }
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid

describe('the first start', () => {
  it('makes one ES256 key and seals its private half under its own place', async () => {
    const { start, keys, sealed } = world()
    await start()
    expect(keys).toEqual([
      {
        id: '00000000-0000-7000-8000-000000000001',
        algorithm: 'ES256',
        publicJwk: expect.any(String),
        createdAt: '2026-11-22T09:00:00.0000000Z',
        retiredAt: null,
      },
    ])
    expect(Object.keys(JSON.parse(keys[0]?.publicJwk ?? '')).sort()).toEqual([
      'crv',
      'kty',
      'x',
      'y',
    ])
    expect([...sealed.keys()].map((place) => JSON.parse(place))).toEqual([
      { tenantId: '', recordId: '00000000-0000-7000-8000-000000000001', property: 'signingKey' },
    ])
  })

  it('of two nodes at once ends with one key that both use', async () => {
    const { start, keys, sealed } = world()
    const [one, other] = await Promise.all([start(), start()])
    expect(keys).toHaveLength(1)
    expect(sealed.size).toBe(1)
    const token = await one.sign({ sub: 'x' })
    expect(kidOf(token)).toBe(kidOf(await other.sign({})))
    const key = await other.keyFor({ kid: String(kidOf(token)) })
    expect(key).toBeDefined()
    if (key)
      expect((await jwtVerify(token, key, { algorithms: ['ES256'] })).payload).toEqual({ sub: 'x' })
  })

  it('a later start takes the key that is there', async () => {
    const { start, keys } = world()
    const before = kidOf(await (await start()).sign({}))
    expect(kidOf(await (await start()).sign({}))).toBe(before)
    expect(keys).toHaveLength(1)
  })
})

describe('the header of a token and the published keys', () => {
  it('name the key, the algorithm and what it is for, and nothing private', async () => {
    const { start, keys } = world()
    const signingKeys = await start()
    const kid = keys[0]?.id
    expect(decodeProtectedHeader(await signingKeys.sign({}))).toEqual({
      alg: 'ES256',
      typ: 'JWT',
      kid,
    })
    expect(await signingKeys.publicKeys()).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: expect.any(String),
          y: expect.any(String),
          kid,
          alg: 'ES256',
          use: 'sig',
        },
      ],
    })
  })
})

describe('rotation', () => {
  it('signs with the new key; the old one verifies as long as a token of a late node may live', async () => {
    const { start, time, keys } = world()
    const signingKeys = await start()
    const oldKid = String(kidOf(await signingKeys.sign({})))
    await signingKeys.rotate('operator')
    const newKid = String(kidOf(await signingKeys.sign({})))
    expect(newKid).not.toBe(oldKid)
    expect(keys.find(({ id }) => id === oldKid)?.retiredAt).toBe(
      instantOf(new Date(startMs + 21 * minuteMs)),
    )
    const published = async () => (await signingKeys.publicKeys()).keys.map(({ kid }) => kid)
    time.nowMs = startMs + 21 * minuteMs - 1
    expect(await signingKeys.keyFor({ kid: oldKid })).toBeDefined()
    expect(await published()).toEqual([newKid, oldKid])
    time.nowMs = startMs + 21 * minuteMs
    expect(await signingKeys.keyFor({ kid: oldKid })).toBeUndefined()
    expect(await published()).toEqual([newKid])
  })

  it('throws the old private half away and writes the audit in the same transaction', async () => {
    const { start, sealed, audit, keys } = world()
    const signingKeys = await start()
    await signingKeys.rotate('operator')
    const current = keys.find(({ retiredAt }) => retiredAt === null)
    expect([...sealed.keys()].map((place) => JSON.parse(place).recordId)).toEqual([current?.id])
    expect(audit).toEqual([
      {
        tenantId: '',
        event: {
          id: expect.any(String),
          at: '2026-11-22T09:00:00.0000000Z',
          actor: 'operator',
          action: 'key.rotated',
          subject: current?.id,
          details: { algorithm: 'ES256' },
        },
      },
    ])
  })

  it('on one node is known to the other as soon as it meets the new key', async () => {
    const { start, time } = world()
    const [one, other] = [await start(), await start()]
    time.nowMs += 1_000
    await one.rotate('operator')
    const kid = String(kidOf(await one.sign({})))
    expect(await other.keyFor({ kid })).toBeDefined()
    expect(kidOf(await other.sign({}))).toBe(kid)
  })

  it('on one node is taken up by the other within five minutes', async () => {
    const { start, time } = world()
    const [one, other] = [await start(), await start()]
    const oldKid = kidOf(await other.sign({}))
    await one.rotate('operator')
    const newKid = kidOf(await one.sign({}))
    time.nowMs += 5 * minuteMs - 1
    expect(kidOf(await other.sign({}))).toBe(oldKid)
    time.nowMs += 1
    expect(kidOf(await other.sign({}))).toBe(newKid)
  })

  it('by another process is told of at the next reading, once', async () => {
    const { rooms, time } = world()
    let changes = 0
    const here = await loadSigningKeys(rooms, () => {
      changes += 1
    })
    const kid = String(kidOf(await here.sign({})))
    const elsewhere = await loadSigningKeys(rooms)
    time.nowMs += 1_000
    await elsewhere.rotate('operator')
    const newKid = String(kidOf(await elsewhere.sign({})))
    expect(changes).toBe(0)
    expect(await here.keyFor({ kid: newKid })).toBeDefined()
    expect(changes).toBe(1)
    time.nowMs += 5 * minuteMs
    expect(await here.keyFor({ kid: newKid })).toBeDefined()
    expect(await here.keyFor({ kid })).toBeDefined()
    expect(changes).toBe(1)
  })

  it('that withdrew a known key is noticed by who only verifies, within five minutes', async () => {
    const { rooms, time, keys } = world()
    let changes = 0
    const here = await loadSigningKeys(rooms, () => {
      changes += 1
    })
    const kid = String(kidOf(await here.sign({})))
    await (await loadSigningKeys(rooms)).rotate('operator')
    keys.splice(
      keys.findIndex(({ id }) => id === kid),
      1,
    )
    time.nowMs += 5 * minuteMs - 1
    expect(await here.keyFor({ kid })).toBeDefined()
    expect(changes).toBe(0)
    time.nowMs += 1
    expect(await here.keyFor({ kid })).toBeUndefined()
    expect(changes).toBe(1)
  })

  it('twice at the same time leaves one key that signs', async () => {
    const { start, keys } = world()
    const [one, other] = [await start(), await start()]
    await Promise.all([one.rotate('operator'), other.rotate('operator')])
    expect(keys.filter(({ retiredAt }) => retiredAt === null)).toHaveLength(1)
    expect(kidOf(await one.sign({}))).toBeDefined()
  })
})

describe('a key that nobody knows', () => {
  it('is looked for at most once a second, whatever is sent', async () => {
    const { start, time, counts } = world()
    const signingKeys = await start()
    const before = counts.lists
    for (let turn = 0; turn < 20; turn += 1) {
      expect(await signingKeys.keyFor({ kid: `junk ${turn}` })).toBeUndefined()
      time.nowMs += 100
    }
    expect(counts.lists - before).toBe(1)
    expect(await signingKeys.keyFor({})).toBeUndefined()
  })
})

describe('a start that cannot sign', () => {
  it('says that the private half is missing', async () => {
    const { start, sealed, keys } = world()
    await start()
    sealed.clear()
    await expect(start()).rejects.toMatchObject({
      code: 'misconfigured',
      message: `The private half of the signing key ${keys[0]?.id} is missing from the database. Restore the database from a backup.`,
    })
  })

  it('passes on what the box says when it does not open', async () => {
    const { start, sealed, rooms } = world()
    await start()
    const [place] = sealed.keys()
    sealed.set(
      String(place),
      secretBox.seal({ tenantId: 'x', recordId: 'y', property: 'token' }, '{}'),
    )
    await expect(loadSigningKeys(rooms)).rejects.toMatchObject({ code: 'misconfigured' })
  })

  it('does not quote a key that cannot be read', async () => {
    const { start, sealed, keys } = world()
    await start()
    const [place = ''] = sealed.keys()
    sealed.set(place, secretBox.seal(JSON.parse(place), 'planted secret'))
    const error = await start().catch((reason: unknown) => reason as Error)
    expect(String(error)).toBe(
      `Failure: The signing key ${keys[0]?.id} in the database cannot be read. Restore the database from a backup.`,
    )
    expect((error as Error).cause).toBeUndefined()
  })
})
