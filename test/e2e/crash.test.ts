/** `kill -9` of the built service at seeded random moments: what was accepted is there, whole, and goes on. */
import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { type Instance, openInstance } from '../../src/compose/instance.ts'
import { systemClock } from '../../src/compose/system-clock.ts'
import { holdLeases } from '../../src/domain/sync/held-leases.ts'
import { runSync } from '../../src/domain/sync/run-sync.ts'
import { instantOf, instantPlus } from '../../src/model/date-time-offset.ts'
import { scriptedStore } from '../sync/scripted-store.ts'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'
import { type Accepted, openLedger } from './crash-ledger.ts'
import { seededRandom } from './seeded-random.ts'

const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
const set = '/beta/deviceAppManagement/vppTokens'
const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const kills = 50
const locations = 10
const tokensPerLocation = 8
const mostRecords = 40
const leaseMs = 60_000

describe(`a service that is killed ${kills} times (POMONA_TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  const ledger = openLedger()
  let folder = ''
  let dataDir = ''
  let apple: Started
  let service: Started | undefined
  let client: { clientId: string; clientSecret: string }
  let place: readonly string[] = []
  /** Content tokens by location. */
  const files: (readonly string[])[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-crash-'))
    dataDir = join(folder, 'data')
    place = ['--data-dir', dataDir, '--key-file', join(folder, 'key.json')]
    apple = await startBuilt(simulator, [
      ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', 'empty'],
      ...['--at', 'now', '-o', 'json'],
    ])
    await control('PATCH', '/switches', { newDownloadRevokes: 'never' })
    await control('PATCH', '/settings', {
      ...{ limits: { maxRequestPerSecond: 1_000 }, latencyMs: 15 },
      pageSizes: { assets: 5, assignments: 20, users: 5 },
    })
    for (let index = 0; index < locations; index += 1) files.push(await newLocation(index))
    await runBuilt(pomona, ['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
    const added = await runBuilt(pomona, [
      ...['client', 'add', '--tenant', tenantId, '-o', 'json', ...place],
      ...['--role', 'DeviceManagementServiceConfig.ReadWrite.All'],
    ])
    client = JSON.parse(added.stdout)
  })
  afterAll(async () => {
    await service?.kill()
    await apple?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the control plane answers
  async function control(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${apple.facts.controlUrl}/worlds/main${path}`, {
      method,
      headers: {
        'X-Simulator-Key': apple.facts.controlKey ?? '',
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }

  async function newLocation(index: number): Promise<readonly string[]> {
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

  async function start(): Promise<{ ask: Ask; close(): Promise<void> }> {
    service = await startBuilt(pomona, [
      ...['serve', '--listen', '127.0.0.1:0', '-o', 'json', '--log-level', 'error', ...place],
      ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? ''],
    ])
    const { origin = '', caFile = '' } = service.facts
    const { fetch: send, close } = trustingFetch(await readFile(caFile, 'utf8'))
    const signIn = await send(`${origin}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' },
        ...{ client_id: client.clientId, client_secret: client.clientSecret },
      }).toString(),
    })
    const { access_token: accessToken } = JSON.parse(await signIn.text())
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
    const ask: Ask = async (method, path, body) => {
      try {
        const answer = await send(`${origin}${path}`, {
          ...{ method, headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        return { status: answer.status, json: JSON.parse(await answer.text()) }
      } catch {
        // Killed before the answer was whole: whether it was done, only the data knows.
        return undefined
      }
    }
    return { ask, close }
  }

  test('loses nothing that it accepted', async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      const { ask, close } = await start()
      const listed = await ask('GET', '/pomona/v1/tokens?$top=999')
      expect(ledger.compare(listed?.json.value ?? [])).toEqual([])

      const killed = new AbortController()
      const callers = [1, 2, 3, 4].map(() => caller(ask, killed.signal))
      await delay(20 + random() * 350)
      killed.abort()
      await service?.kill()
      await Promise.all(callers)
      await close()
      expect([kill, await integrityOf(dataDir, folder)]).toEqual([kill, 'ok'])
    }
    expect(ledger.records.size).toBeGreaterThan(10)
    expect([...ledger.records.values()].flatMap(({ renewals }) => renewals).length).toBeGreaterThan(
      50,
    )
  }, 300_000)

  test('and tells of every change in its audit, with the very content token that is sealed', async () => {
    const instance = await openInstance({ dataDir, keyFile: join(folder, 'key.json') })
    try {
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
    } finally {
      await instance.storage.close()
    }
  })

  test('and takes up again the runs that it was killed in, once their leases have ended', async () => {
    const clock = { ...systemClock, now: () => new Date(Date.now() + 61_000) }
    const instance = await openInstance({ dataDir, keyFile: join(folder, 'key.json'), clock })
    const dispatcher = new Agent()
    try {
      const { reads } = instance.storage.forTenant(tenantId)
      const { rows } = await reads.tokens.list({ limit: 10_000 })
      const now = instantOf(new Date())
      for (const { record, dueAt } of rows)
        if (await reads.runs.findActive(record.id)) expect(dueAt <= now).toBe(true)

      for (const { record } of rows)
        await instance.storage
          .forTenant(tenantId)
          .transaction(({ tokens }) => tokens.makeDue(record.id, now))
      await runAllDue(instance, dispatcher)
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
      expect(await integrityOf(dataDir, folder)).toBe('ok')
    } finally {
      await dispatcher.close()
      await instance.storage.close()
    }
  }, 60_000)

  /** What the due loop does, at an instant when every lease of a dead process has ended. */
  async function runAllDue(instance: Instance, dispatcher: Agent): Promise<void> {
    const { clock } = instance
    const { schedule } = instance.storage.instance
    const apple = createAppleVpp({
      ...{ baseUrl: appleUrl(), dispatcher, clock, random: Math.random },
      ...{ requestTimeoutMs: 10_000, observe: () => undefined },
    })
    const deps = {
      ...{ ...instance, apple, random: Math.random, observe: () => undefined },
      ...{ metadata: scriptedStore(), instanceName: 'Pomona', notificationUrl: null },
    }
    for (;;) {
      const now = instantOf(clock.now())
      const taken = await schedule.takeDue({ now, until: instantPlus(now, leaseMs), limit: 8 })
      if (taken.length === 0) return
      await Promise.all(
        taken.map(async (one) => {
          const leases = holdLeases({ schedule, clock, leaseMs }, one.lease)
          await runSync(deps, one, leases, new AbortController().signal)
          await leases.release()
        }),
      )
    }
  }

  const appleUrl = () => apple.facts.dataUrl ?? ''
})

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
) => Promise<{ readonly status: number; readonly json: any } | undefined>

function fingerprintOf(file: string): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 8)
}

async function sealedFingerprint({ storage, secretBox }: Instance, recordId: string) {
  const place = { tenantId, recordId, property: 'token' } as const
  return storage.forTenant(tenantId).transaction(async ({ secrets }) => {
    const sealed = await secrets.find(place)
    return sealed && fingerprintOf(secretBox.open(place, sealed))
  })
}

/** Of a copy, so that it is the service itself that recovers the database. */
async function integrityOf(dataDir: string, folder: string): Promise<unknown> {
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
