/**
 * The service as the due loop drives it, on a turned clock, with two locations: one that is its own and one that it may only
 * read. It can be killed at any of its uses of database and network; then another one begins on the same data.
 */
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { runTaken } from '../../src/domain/intents/run-taken.ts'
import { requestLicenses } from '../../src/domain/licenses/request-licenses.ts'
import { requestClaim } from '../../src/domain/ownership/request-claim.ts'
import { requestSync } from '../../src/domain/sync/request-sync.ts'
import type { SyncDeps } from '../../src/domain/sync/run-context.ts'
import { type LeasedRunDeps, runUnderLease } from '../../src/jobs/run-under-lease.ts'
import { instantOf, instantPlus, millisecondsAt } from '../../src/model/date-time-offset.ts'
import type { StoredIntent } from '../../src/model/license-intent.ts'
import type { LicenseRequest } from '../../src/model/license-request.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { LocationPauses } from '../../src/ports/location-pace.ts'
import type { SimulatedToken } from './apple-side.ts'
import { beginLife, type Life } from './truth-life.ts'
import { firstTenantId, type TurnedWorld, turnedWorld } from './turned-world.ts'

export const ours = '7000000000000001'
export const observed = '7000000000000030'
/** What a service takes its leases for. */
const leaseMs = 60_000
/** No process is there again sooner. */
const startMs = 1_000
/** Of those that Apple asks for (Apple 5). */
const longestPauseMs = 3_600_000

export interface Place {
  readonly uId: string
  readonly tokenId: string
  readonly content: SimulatedToken
}

export interface TruthWorld extends TurnedWorld {
  /** Pomona's own, and the one that it only reads. */
  readonly places: readonly [Place, Place]
  readonly kills: number
  /** What no run may end with. */
  readonly crashes: readonly Observation[]
  /** Runs whatever is due now, side by side. */
  runDue(): Promise<void>
  /** Turns the clock to the next thing that is due, and runs it. */
  runNext(): Promise<void>
  /** As `runNext`, in a service that dies at so many uses of database and network, if not when all is done; then starts another. */
  runKilled(uses: number): Promise<void>
  /** As callers ask; Failure `conflict` where it may not be. */
  ask(place: Place, request: LicenseRequest): Promise<StoredIntent>
  askForSync(place: Place): Promise<void>
}

interface Service {
  readonly life: Life
  readonly deps: SyncDeps
  close(): Promise<void>
}

export async function truthWorld(): Promise<TruthWorld> {
  const world = await turnedWorld(['small', 'duplicate-location'])
  // Short pages make every list a walk.
  await world.apple.control('PATCH', '/settings', {
    pageSizes: { assets: 2, assignments: 2, users: 2 },
  })
  await world.apple.control('POST', `/libraries/${ours}/assignments`, {
    assets: ['9000000001', '9000000002', '9000000004'].map((adamId) => ({ adamId })),
    serialNumbers: ['S1', 'S2', 'S3', 'S4'],
  })
  const crashes: Observation[] = []
  const pauses = pausesBy(world.clock)
  const actor = { tenantId: firstTenantId, name: 'client' }
  let kills = 0
  let service = await start()

  async function start(): Promise<Service> {
    const life = beginLife()
    const opened = await world.openStorageAgain()
    const clock = life.clock(world.clock)
    const storage = life.storage(opened)
    const observe = (observation: Observation) => {
      if (observation.kind === 'runCrashed' || observation.kind === 'dueLoopFailed')
        crashes.push(observation)
    }
    const { appleSettings } = world
    const dispatcher = life.dispatcher(appleSettings.dispatcher)
    const apple = createAppleVpp({ ...appleSettings, clock, observe, dispatcher, pauses })
    return {
      life,
      deps: { ...world.deps, storage, clock, observe, apple },
      close: () => opened.close(),
    }
  }

  async function restart(): Promise<void> {
    kills += 1
    service.life.endAfter(0)
    const wasPauseMissed = await service.life.settled()
    await service.close()
    world.clock.turn(wasPauseMissed ? longestPauseMs : startMs)
    service = await start()
    const { pace, schedule } = service.deps.storage.instance
    // One process alone with its data knows that whoever held leases is dead; beside others it waits for their end.
    if (pace === undefined) await schedule.releaseAbandoned()
    else world.clock.turn(leaseMs)
  }

  async function runDue(): Promise<void> {
    const { deps } = service
    const { storage, clock, observe } = deps
    const { schedule } = storage.instance
    const now = instantOf(clock.now())
    const taken = await schedule.takeDue({ now, until: instantPlus(now, leaseMs), limit: 8 })
    const leased: LeasedRunDeps = {
      ...{ schedule, clock, observe, leaseMs },
      runOne: (one, leases, signal) => runTaken(deps, one, leases, signal),
    }
    const { signal } = new AbortController()
    await Promise.all(taken.map((one) => runUnderLease(leased, one, signal)))
    // What is due may lie at a location that rests.
    if (taken.length === 0) world.clock.turn(leaseMs)
  }

  async function turnToNext(): Promise<void> {
    const next = await world.storage.instance.schedule.nextDue()
    if (next === undefined) throw new Error('nothing will ever be due')
    world.clock.turn(Math.max(0, millisecondsAt(next) - world.clock.now().getTime()))
  }

  async function addToken(uId: string): Promise<Place> {
    const [content] = await world.apple.tokensOf(uId)
    if (content === undefined) throw new Error(`location ${uId} has no token`)
    return { uId, content, tokenId: await world.addToken(content.file) }
  }

  const places = [await addToken(ours), await addToken(observed)] as const
  await runDue()
  await requestClaim({ ...service.deps, appleMode: 'simulated' }, actor, places[0].tokenId, {
    id: null,
  })
  await runDue()
  await turnToNext()
  await runDue()

  return {
    ...{ ...world, places, crashes, runDue },
    get kills() {
      return kills
    },
    async runNext() {
      await turnToNext()
      await runDue()
    },
    async runKilled(uses) {
      await turnToNext()
      service.life.endAfter(uses)
      await Promise.race([runDue(), service.life.end])
      await restart()
    },
    ask: ({ tokenId }, request) =>
      requestLicenses({ ...service.deps, appleMode: 'simulated' }, actor, tokenId, request),
    askForSync: async ({ tokenId }) => {
      await requestSync({ ...service.deps, appleMode: 'simulated' }, actor, tokenId)
    },
    async close() {
      await service.close()
      await world.close()
    },
  }
}

/** They outlive the service; databases keep them by clocks of their own. */
function pausesBy(clock: TurnedWorld['clock']): LocationPauses {
  const untilMs = new Map<string, number>()
  const left = (key: string) => Math.max(0, (untilMs.get(key) ?? 0) - clock.now().getTime())
  return {
    async pause(key, forMs) {
      untilMs.set(key, clock.now().getTime() + Math.max(forMs, left(key)))
    },
    pausedForMs: async (key) => left(key),
  }
}
