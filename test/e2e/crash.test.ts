/** `kill -9` of the built service at seeded random moments: what was accepted is there, whole, and goes on. */
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instantOf } from '../../src/model/date-time-offset.ts'
import { tenantId } from './cli-world.ts'
import type { Ask } from './crash-caller.ts'
import { type Accepted, openLedger } from './crash-ledger.ts'
import {
  type CrashWorld,
  crashWorld,
  fingerprintOf,
  leaseMs,
  sealedFingerprint,
} from './crash-world.ts'
import { seededRandom } from './seeded-random.ts'

const set = '/beta/deviceAppManagement/vppTokens'
const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const kills = 50
const locations = 10
const tokensPerLocation = 8
const mostRecords = 40

describe(`a service that is killed ${kills} times (POMONA_TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  const ledger = openLedger()
  let world: CrashWorld
  /** Content tokens by location. */
  const files: (readonly string[])[] = []

  beforeAll(async () => {
    world = await crashWorld({
      ...{ name: 'crash', seed: 'empty' },
      settings: {
        ...{ limits: { maxRequestPerSecond: 1_000 }, latencyMs: 15 },
        pageSizes: { assets: 5, assignments: 20, users: 5 },
      },
    })
    await world.control('PATCH', '/switches', { newDownloadRevokes: 'never' })
    for (let index = 0; index < locations; index += 1) files.push(await newLocation(index))
  })
  afterAll(() => world.close())

  async function newLocation(index: number): Promise<readonly string[]> {
    const { control } = world
    const uId = String(7_000_000_000_000_500 + index)
    const path = `/libraries/${uId}`
    await control('POST', '/libraries', { uId, locationName: `Berth ${index}` })
    const adamIds = Array.from({ length: 12 }, (_, at) => String(9_000_050_000 + at))
    for (const adamId of adamIds) await control('POST', `${path}/buy`, { adamId, quantity: 20 })
    await control('POST', `${path}/assignments`, {
      assets: adamIds.map((adamId) => ({ adamId })),
      serialNumbers: Array.from({ length: 10 }, (_, at) => `BERTH${index}N${at}`),
    })
    const issued: string[] = []
    for (let at = 0; at < tokensPerLocation; at += 1)
      issued.push((await control('POST', `${path}/tokens`, {})).file)
    return issued
  }

  const fileAt = (location: number): string =>
    files[location]?.[Math.floor(random() * tokensPerLocation)] ?? ''

  /** What callers do, one after the other, until the service is gone. */
  async function caller(ask: Ask, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const chance = random()
      const isGone = await (chance < 0.35 && ledger.records.size < mostRecords
        ? create(ask)
        : chance < 0.8
          ? renew(ask)
          : sync(ask))
      if (isGone) return
    }
  }

  async function create(ask: Ask): Promise<boolean> {
    const location = Math.floor(random() * locations)
    const token = fileAt(location)
    const displayName = ledger.beginCreate(location, fingerprintOf(token))
    const answer = await ask('POST', set, { displayName, token })
    if (answer === undefined) return true
    expect([displayName, answer.status]).toEqual([displayName, 201])
    ledger.endCreate(displayName, answer.json.id)
    return false
  }

  async function renew(ask: Ask): Promise<boolean> {
    const record = ledger.takeIdle(random)
    if (record === undefined) return pause()
    const token = fileAt(record.location)
    const fingerprint = fingerprintOf(token)
    const isChange = !record.possible.has(fingerprint)
    record.possible.add(fingerprint)
    const answer = await ask('PATCH', `${set}/${record.id}`, { token })
    if (answer === undefined) return true
    expect([answer.status, answer.json]).toEqual([200, expect.anything()])
    record.possible = new Set([fingerprint])
    if (isChange) record.renewals.push(fingerprint)
    record.isBusy = false
    return false
  }

  async function sync(ask: Ask): Promise<boolean> {
    const record = ledger.takeIdle(random)
    if (record === undefined) return pause()
    const answer = await ask('POST', `${set}/${record.id}/syncLicenses`)
    if (answer === undefined) return true
    expect(answer.status).toBe(200)
    record.isBusy = false
    return false
  }

  async function pause(): Promise<boolean> {
    await delay(5)
    return false
  }

  test('loses nothing that it accepted', async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      const { ask, close } = await world.start()
      const listed = await ask('GET', '/pomona/v1/tokens?$top=999')
      expect(ledger.compare(listed?.json.value ?? [])).toEqual([])

      const killed = new AbortController()
      const callers = [1, 2, 3, 4].map(() => caller(ask, killed.signal))
      await delay(20 + random() * 350)
      killed.abort()
      await world.kill()
      await Promise.all(callers)
      await close()
      expect([kill, await integrityOf(world)]).toEqual([kill, 'ok'])
    }
    expect(ledger.records.size).toBeGreaterThan(10)
    expect([...ledger.records.values()].flatMap(({ renewals }) => renewals).length).toBeGreaterThan(
      50,
    )
  }, 900_000)

  test('and tells of every change in its audit, with the very content token that is sealed', async () => {
    await world.withInstance(async (instance) => {
      const { reads } = instance.storage.forTenant(tenantId)
      const { rows } = await reads.audit.list({ limit: 100_000 })
      const events = rows.toReversed()
      const stored = (await reads.tokens.list({ limit: 10_000 })).rows
      expect(ledger.compare(stored.map(({ record }) => record))).toEqual([])
      for (const { record } of stored) {
        const changes = events.filter(
          ({ subject, action }) =>
            subject === record.id && (action === 'token.added' || action === 'token.renewed'),
        )
        const told = changes.map(({ details }) => details.contentFingerprint)
        expect(changes.map(({ action }) => action).indexOf('token.added')).toBe(0)
        expect(told.at(-1)).toBe(record.contentFingerprint)
        const accepted: Accepted | undefined = ledger.records.get(record.id)
        expect(isSubsequence(accepted?.renewals ?? [], told.slice(1))).toBe(true)
        expect(await sealedFingerprint(instance, record.id)).toBe(record.contentFingerprint)
      }
      const asked = events.filter(({ action }) => action === 'token.syncRequested')
      for (const { subject, details } of asked) {
        const runs = (await reads.runs.list(subject, { limit: 10_000 })).rows
        expect(runs.map(({ id }) => id)).toContain(details.runId)
      }
    })
  })

  test('and takes up again the runs that it was killed in, once their leases have ended', async () => {
    world.clock.turn(leaseMs + 1_000)
    await world.withInstance(async (instance, runAllDue) => {
      const { reads } = instance.storage.forTenant(tenantId)
      const { rows } = await reads.tokens.list({ limit: 10_000 })
      const now = instantOf(new Date())
      for (const { record, dueAt } of rows)
        if (await reads.runs.findActive(record.id)) expect(dueAt <= now).toBe(true)

      for (const { record } of rows)
        await instance.storage
          .forTenant(tenantId)
          .transaction(({ tokens }) => tokens.makeDue(record.id, now))
      await runAllDue()
      for (const { record } of rows) {
        expect(await reads.runs.findActive(record.id)).toBeUndefined()
        const after = (await reads.tokens.get(record.id)).record
        expect(after.lastSyncStatus).toBe('completed')
        expect(['valid', 'duplicateLocationId']).toContain(after.state)
        const counts = [
          await reads.assets.count(record.id),
          await reads.assignments.count(record.id),
        ]
        expect([after.state, ...counts]).toEqual(
          after.state === 'valid' ? ['valid', 12, 120] : ['duplicateLocationId', ...counts],
        )
      }
      expect(await integrityOf(world)).toBe('ok')
    })
  }, 60_000)
})

/** Of a copy, so that it is the service itself that recovers the database. */
async function integrityOf({ dataDir, folder }: CrashWorld): Promise<unknown> {
  const copy = join(folder, 'copy.db')
  for (const end of ['', '-wal']) {
    await rm(`${copy}${end}`, { force: true })
    await copyFile(join(dataDir, `pomona.db${end}`), `${copy}${end}`).catch((error: unknown) => {
      if (end === '') throw error
    })
  }
  const database = new Database(copy)
  try {
    return database.pragma('integrity_check', { simple: true })
  } finally {
    database.close()
  }
}

function isSubsequence(part: readonly unknown[], whole: readonly unknown[]): boolean {
  let at = 0
  for (const each of whole) if (at < part.length && each === part[at]) at += 1
  return at === part.length
}
