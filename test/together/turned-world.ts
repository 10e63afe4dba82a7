/**
 * The real client of Apple, the real storage and the simulator on one turned clock, which stands still while a request is on
 * its way: waits of minutes take no time, and every instant in the simulator's journal is exact. Runs are driven by hand.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import { startSimulator } from '../../simulator/simulator.ts'
import { createAppMetadata } from '../../src/apple/app-metadata.ts'
import { type AppleVppSettings, createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { runTaken } from '../../src/domain/intents/run-taken.ts'
import { holdLeases } from '../../src/domain/sync/held-leases.ts'
import { requestSync } from '../../src/domain/sync/request-sync.ts'
import type { SyncDeps } from '../../src/domain/sync/run-context.ts'
import type { RunOutcome } from '../../src/domain/sync/run-sync.ts'
import { addToken } from '../../src/domain/tokens/add-token.ts'
import { removeToken } from '../../src/domain/tokens/remove-token.ts'
import { updateToken } from '../../src/domain/tokens/update-token.ts'
import { instantOf, instantPlus, millisecondsAt } from '../../src/model/date-time-offset.ts'
import type { StoredToken } from '../../src/model/stored-token.ts'
import type { SyncRun } from '../../src/model/sync-run.ts'
import type { SentVppToken } from '../../src/model/vpp-token.ts'
import type { Storage, TenantStorage } from '../../src/ports/storage.ts'
import { openSealing } from '../../src/sealing/open-sealing.ts'
import { openTestStorage } from '../test-storage.ts'
import { createTurnedClock, type TurnedClock } from '../turned-clock.ts'
import { type AppleSide, controlledSide } from './apple-side.ts'

export const start = new Date('2026-12-01T09:00:00.000Z')
export const firstTenantId = '11111111-1111-4111-8111-111111111111'
const leaseMs = 120_000

export interface TurnedWorld {
  readonly apple: AppleSide
  readonly clock: TurnedClock
  readonly tenant: TenantStorage
  readonly storage: Storage
  /** The same data through connections of its own, which its user closes. */
  openStorageAgain(): Promise<Storage>
  /** What a run here is given, and how it reaches Apple. */
  readonly deps: SyncDeps
  readonly appleSettings: AppleVppSettings
  readonly newId: () => string
  /** A stored token with its first run queued. */
  addToken(file: string, tenantId?: string): Promise<string>
  addTenant(id: string): Promise<void>
  updateToken(id: string, sent: SentVppToken): Promise<void>
  removeToken(id: string): Promise<void>
  /** As a caller asks for it: the token is due at once. */
  requestSync(id: string): Promise<void>
  /** Takes the one token that is due, runs it and gives its leases back. */
  run(asked?: Partial<AppleVppSettings>, signal?: AbortSignal): Promise<RunOutcome>
  /** Turns the clock to the token's due time and runs it. */
  runWhenDue(id: string, asked?: Partial<AppleVppSettings>, tenantId?: string): Promise<RunOutcome>
  token(id: string): Promise<StoredToken>
  lastRun(id: string): Promise<SyncRun>
  /** Those of the journal's rules that do not hold, with what broke them. */
  brokenRules(rules: readonly object[]): Promise<readonly unknown[]>
  close(): Promise<void>
}

export async function turnedWorld(seeds: readonly string[]): Promise<TurnedWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-turned-'))
  const wire = countedWire()
  const kept = await openTestStorage(folder)
  const { storage } = kept
  const clock = createTurnedClock(start, () => wire.isBusy() || kept.isBusy())
  const simulator = await startSimulator({
    ...{ listen: '127.0.0.1:0', control: '127.0.0.1:0', seeds: [...seeds] },
    at: start.toISOString(),
    // Delays are real, as the time-outs are that they shall meet.
    time: { now: () => clock.now().getTime(), sleep: (ms) => delay(ms) },
  })
  const apple = controlledSide(simulator, start.toISOString())
  const secretBox = await openSealing(join(folder, 'key.json'), storage.instance)
  const settings: AppleVppSettings = {
    baseUrl: simulator.dataUrl,
    dispatcher: wire.dispatcher,
    clock,
    random: () => 0.5,
    requestTimeoutMs: 60_000,
    observe: () => undefined,
  }
  const usual = createAppleVpp(settings)
  const host = new URL(simulator.dataUrl).host
  const metadata = createAppMetadata({
    ...settings,
    lookup: { fallbackUrl: simulator.dataUrl, credentialHosts: [host], isSimulated: true },
    iconHosts: [host],
  })
  const depsWith = (asked?: Partial<AppleVppSettings>): SyncDeps => ({
    ...{ storage, secretBox, clock, newId: randomUUID, random: () => 0.5 },
    apple: asked ? createAppleVpp({ ...settings, ...asked }) : usual,
    metadata,
    observe: () => undefined,
    instanceName: 'Pomona',
    notificationUrl: null,
  })
  const addTenant = (id: string) =>
    storage.instance.transaction(({ tenants }) =>
      tenants.insert({ ...{ id, name: 'Harbour', status: 'active' }, createdAt: instantOf(start) }),
    )
  await addTenant(firstTenantId)
  const tenant = storage.forTenant(firstTenantId)
  const actor = { tenantId: firstTenantId, name: 'client' }
  const { schedule } = storage.instance

  const world: TurnedWorld = {
    ...{ apple, clock, tenant, storage, addTenant, newId: randomUUID },
    ...{ deps: depsWith(), appleSettings: settings, openStorageAgain: kept.openAgain },
    async addToken(file, tenantId = firstTenantId) {
      const { record } = await addToken(
        depsWith(),
        { ...actor, tenantId },
        { token: file, displayName: 'Kiel' },
      )
      // Two tokens of one instant would be told apart by their ids alone.
      clock.turn(1)
      return record.id
    },
    async updateToken(id, sent) {
      await updateToken(depsWith(), actor, id, sent, undefined)
    },
    removeToken: (id) => removeToken(depsWith(), actor, id, undefined),
    async requestSync(id) {
      await requestSync({ ...depsWith(), appleMode: 'simulated' }, actor, id)
    },
    async run(asked, signal = new AbortController().signal) {
      const now = instantOf(clock.now())
      const taking = { now, until: instantPlus(now, leaseMs), limit: 10 }
      const [taken, ...others] = await schedule.takeDue(taking)
      if (!taken || others.length > 0)
        throw new Error(`${others.length + (taken ? 1 : 0)} tokens are due instead of one`)
      const leases = holdLeases({ schedule, clock, leaseMs }, taken.lease)
      try {
        return await runTaken(depsWith(asked), taken, leases, signal)
      } finally {
        await leases.release()
      }
    },
    async runWhenDue(id, asked, tenantId = firstTenantId) {
      const { dueAt } = await storage.forTenant(tenantId).reads.tokens.get(id)
      clock.turn(Math.max(0, millisecondsAt(dueAt) - clock.now().getTime()))
      return world.run(asked)
    },
    token: (id) => tenant.reads.tokens.get(id),
    async lastRun(id) {
      const [run] = (await tenant.reads.runs.list(id, { limit: 1 })).rows
      if (!run) throw new Error('the token has no run')
      return run
    },
    async brokenRules(rules) {
      const verdicts = await apple.control('POST', '/journal/assert', rules)
      return verdicts.flatMap((verdict: { ok: boolean }, index: number) =>
        verdict.ok ? [] : [{ ...rules[index], ...verdict }],
      )
    },
    async close() {
      await wire.dispatcher.close()
      await kept.close()
      await simulator.close()
      await rm(folder, { recursive: true })
    },
  }
  return world
}

/** A way to Apple that knows whether a request is on it. */
function countedWire(): { readonly dispatcher: Dispatcher; isBusy(): boolean } {
  let inFlight = 0
  const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
    inFlight += 1
    return dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart: (controller, status, headers, statusText) =>
        handler.onResponseStart?.(controller, status, headers, statusText),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd(controller, trailers) {
        inFlight -= 1
        handler.onResponseEnd?.(controller, trailers)
      },
      onResponseError(controller, error) {
        inFlight -= 1
        handler.onResponseError?.(controller, error)
      },
    })
  })
  return { dispatcher, isBusy: () => inFlight > 0 }
}
