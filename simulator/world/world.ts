import type { JournalEntry } from '../journal/entry.ts'
import { type Courier, newCourier } from '../notifications/rounds.ts'
import { loadSeed } from '../seeds/load-seed.ts'
import { findSeed } from '../seeds/seeds.ts'
import { type ClockMode, type RealTime, startClock, virtualNow } from './clock.ts'
import { seedRandom } from './random.ts'
import { defaultSettings } from './settings.ts'
import { defaultSwitches } from './switches.ts'
import type { WorldState } from './world-state.ts'

export interface WorldOrigin {
  seeds: string[]
  rngSeed: number
  atMs: number
  clockMode: ClockMode
}

/** One self-contained Apple (Apple contract 11.1). What no snapshot holds stands beside the state. */
export interface World {
  name: string
  origin: WorldOrigin
  time: RealTime
  state: WorldState
  snapshots: Map<string, WorldState>
  journal: JournalEntry[]
  courier: Courier
  calls: { lastSeq: number; inFlight: Map<string, number> }
}

export function createWorld(name: string, origin: WorldOrigin, time: RealTime): World {
  return {
    name,
    origin,
    time,
    state: freshState(origin, time),
    snapshots: new Map(),
    journal: [],
    courier: newCourier(),
    calls: { lastSeq: 0, inFlight: new Map() },
  }
}

/** Back to the first moment: the same bytes follow again. */
export function resetWorld(world: World, origin: WorldOrigin): void {
  world.origin = origin
  world.state = freshState(origin, world.time)
  world.journal = []
  world.calls = { lastSeq: 0, inFlight: new Map() }
}

export function worldNow(world: World): number {
  return virtualNow(world.state.clock, world.time.now())
}

/** The rate limit counts on real time unless a switch says otherwise: a frozen clock would never let go. */
export function limiterNow(world: World): number {
  return world.state.switches.limiterClock === 'real' ? world.time.now() : worldNow(world)
}

export function takeSnapshot(world: World, name: string): void {
  const copy = structuredClone(world.state)
  copy.clock = startClock(copy.clock.mode, worldNow(world), world.time.now())
  world.snapshots.set(name, copy)
}

export function restoreSnapshot(world: World, name: string): boolean {
  const snapshot = world.snapshots.get(name)
  if (snapshot === undefined) return false
  world.state = structuredClone(snapshot)
  world.state.clock.realMs = world.time.now()
  return true
}

function freshState(origin: WorldOrigin, time: RealTime): WorldState {
  const state: WorldState = {
    clock: startClock(origin.clockMode, origin.atMs, time.now()),
    random: seedRandom(origin.rngSeed),
    switches: defaultSwitches(),
    settings: defaultSettings(),
    libraries: new Map(),
    tokens: [],
    catalog: new Map(),
    faults: [],
    walkScripts: [],
    events: new Map(),
    openEvents: new Set(),
    startsMs: new Map(),
    eventScripts: [],
    notifications: [],
    notificationRules: [],
    made: {
      tokens: 0,
      libraries: 0,
      faults: 0,
      walkScripts: 0,
      events: 0,
      eventScripts: 0,
      notifications: 0,
    },
  }
  for (const name of origin.seeds) {
    const seed = findSeed(name)
    if (seed !== undefined) loadSeed(state, seed, origin.atMs)
  }
  return state
}
