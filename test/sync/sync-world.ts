/** A tenant on the real SQLite storage, a scripted Apple and a turned clock: what a run needs, and what it leaves behind. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type HeldLeases, holdLeases } from '../../src/domain/sync/held-leases.ts'
import type { SyncDeps } from '../../src/domain/sync/run-context.ts'
import { type RunOutcome, runSync } from '../../src/domain/sync/run-sync.ts'
import { addToken } from '../../src/domain/tokens/add-token.ts'
import { type Instant, instantOf, instantPlus } from '../../src/model/date-time-offset.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { StoredToken } from '../../src/model/stored-token.ts'
import type { SyncRun } from '../../src/model/sync-run.ts'
import type { SentVppToken } from '../../src/model/vpp-token.ts'
import type { AppleRowReads } from '../../src/ports/apple-row-store.ts'
import type { TakenToken } from '../../src/ports/instance-store.ts'
import type { SecretBox, SecretPlace } from '../../src/ports/secret-box.ts'
import type { TenantStorage } from '../../src/ports/storage.ts'
import { openTestStorage } from '../test-storage.ts'
import { createTurnedClock, type TurnedClock } from '../turned-clock.ts'
import { type Script, type ScriptedApple, scriptedApple, smallScript } from './scripted-apple.ts'
import { type ScriptedStore, scriptedStore } from './scripted-store.ts'

export const start = new Date('2026-12-01T09:00:00.000Z')
export const leaseMs = 120_000
export const tenantId = '11111111-1111-4111-8111-111111111111'

export interface SyncWorld {
  readonly clock: TurnedClock
  readonly apple: ScriptedApple
  readonly store: ScriptedStore
  readonly deps: SyncDeps
  readonly tenant: TenantStorage
  readonly observed: Observation[]
  /** A stored token with its first run queued; `script` is what Apple says to its credential. */
  addToken(name: string, script: Script, sent?: SentVppToken): Promise<string>
  /** Whatever is due now, most overdue first. */
  takeDue(limit?: number): Promise<readonly TakenToken[]>
  /** Takes the one token that is due, runs it and gives its leases back. */
  run(): Promise<RunOutcome>
  runTaken(taken: TakenToken, signal?: AbortSignal): Promise<RunOutcome>
  leasesOf(taken: TakenToken): HeldLeases
  token(id: string): Promise<StoredToken>
  /** `<state> <stateReason> <lastSyncStatus>`. */
  stateOf(id: string): Promise<string>
  lastRun(id: string): Promise<SyncRun>
  /** `<cause> <status>`, newest first. */
  runsOf(id: string): Promise<readonly string[]>
  audited(id: string): Promise<readonly string[]>
  rowCounts(id: string): Promise<readonly [assets: number, assignments: number, users: number]>
  targetsOf(id: string): Promise<readonly string[]>
  /** Turns the clock to the token's due time. */
  turnToDue(id: string): Promise<void>
}

export function contentTokenOf(name: string, expDate = '2027-03-01T08:00:00+0000'): string {
  return Buffer.from(JSON.stringify({ token: name, expDate, orgName: `Org ${name}` })).toString(
    'base64',
  )
}

export async function openSyncWorld(): Promise<SyncWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-sync-'))
  const kept = await openTestStorage(folder)
  const { storage } = kept
  const clock = createTurnedClock(start, kept.isBusy)
  onTestFinished(async () => {
    await kept.close()
    await rm(folder, { recursive: true })
  })
  const createdAt = instantOf(start)
  await storage.instance.transaction((stores) =>
    stores.tenants.insert({ id: tenantId, name: 'Harbour', status: 'active', createdAt }),
  )
  const apple = scriptedApple()
  const store = scriptedStore()
  const observed: Observation[] = []
  const deps: SyncDeps = {
    storage,
    apple,
    metadata: store,
    secretBox: openBox,
    clock,
    newId: countedIds(),
    random: () => 0.5,
    observe: (observation) => observed.push(observation),
    instanceName: 'Pomona',
    notificationUrl: null,
  }
  const tenant = storage.forTenant(tenantId)
  const { schedule } = storage.instance

  const world: SyncWorld = {
    clock,
    apple,
    store,
    deps,
    tenant,
    observed,
    async addToken(name, script, sent = {}) {
      const content = contentTokenOf(name)
      apple.scripts.set(content, script)
      const actor = { tenantId, name: 'client' }
      const added = await addToken(deps, actor, { token: content, displayName: name, ...sent })
      // Two tokens of one instant would be told apart by their ids alone.
      clock.turn(1)
      return added.record.id
    },
    takeDue(limit = 10) {
      const now = instantOf(clock.now())
      return schedule.takeDue({ now, until: instantPlus(now, leaseMs), limit })
    },
    async run() {
      const [taken, ...others] = await world.takeDue()
      if (!taken || others.length > 0)
        throw new Error(`${others.length + (taken ? 1 : 0)} tokens are due instead of one`)
      return world.runTaken(taken)
    },
    async runTaken(taken, signal = new AbortController().signal) {
      const leases = world.leasesOf(taken)
      try {
        return await runSync(deps, taken, leases, signal)
      } finally {
        await leases.release()
      }
    },
    leasesOf: (taken) => holdLeases({ schedule, clock, leaseMs }, taken.lease),
    token: (id) => tenant.reads.tokens.get(id),
    async stateOf(id) {
      const { state, stateReason, lastSyncStatus } = (await world.token(id)).record
      return `${state} ${stateReason} ${lastSyncStatus}`
    },
    async lastRun(id) {
      const { rows } = await tenant.reads.runs.list(id, { limit: 1 })
      const [run] = rows
      if (!run) throw new Error('the token has no run')
      return run
    },
    async runsOf(id) {
      const { rows } = await tenant.reads.runs.list(id, { limit: 100 })
      return rows.map(({ cause, status }) => `${cause} ${status}`)
    },
    async audited(id) {
      const { rows } = await tenant.reads.audit.list({ limit: 100 })
      return rows.filter(({ subject }) => subject === id).map(({ action }) => action)
    },
    async rowCounts(id) {
      const { assets, assignments, users } = tenant.reads
      return [await assets.count(id), await assignments.count(id), await users.count(id)]
    },
    async targetsOf(id) {
      const rows = await allRows(tenant.reads.assignments, id)
      return rows.map(({ target }) => target).sort()
    },
    async turnToDue(id) {
      const { dueAt } = await world.token(id)
      clock.turn(msBetween(instantOf(clock.now()), dueAt))
    },
  }
  return world
}

export async function worldWithToken(script: Script = smallScript(), sent?: SentVppToken) {
  const world = await openSyncWorld()
  const id = await world.addToken('Kiel', script, sent)
  return { world, id }
}

async function allRows<Row>(reads: AppleRowReads<Row>, id: string): Promise<readonly Row[]> {
  return (await reads.list(id, 0, 10_000)).map(({ row }) => row)
}

function msBetween(from: Instant, to: Instant): number {
  return Date.parse(to) - Date.parse(from)
}

function countedIds(): () => string {
  let count = 0
  return () => {
    count += 1
    return `01900000-0000-7000-8000-${String(count).padStart(12, '0')}`
  }
}

/** Seals nothing, but minds the place. */
const openBox: SecretBox = {
  seal: (place, secret) => ({ keyId: 'k', box: Buffer.from(`${placeOf(place)}\n${secret}`) }),
  open(place, { box }) {
    const [sealedFor, secret = ''] = Buffer.from(box).toString().split('\n')
    if (sealedFor !== placeOf(place)) throw new Error('sealed for another place')
    return secret
  },
  hash: (secret) => createHash('sha256').update(secret).digest('hex'),
}

function placeOf({ tenantId, recordId, property }: SecretPlace): string {
  return [tenantId, recordId, property].join('|')
}
