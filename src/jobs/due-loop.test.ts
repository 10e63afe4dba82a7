import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RunOutcome } from '../domain/sync/run-sync.ts'
import type { Clock } from '../model/clock.ts'
import { type Instant, instantOf, instantPlus } from '../model/date-time-offset.ts'
import { Failure } from '../model/failure.ts'
import type { Observation } from '../model/observation.ts'
import type { Lease, Schedule, TakenToken } from '../ports/instance-store.ts'
import { startDueLoop } from './due-loop.ts'

const start = new Date('2026-12-01T09:00:00.000Z')
const startedAt = instantOf(start)
const leaseMs = 120_000

/** A clock that only moves by hand. */
function handClock() {
  let nowMs = start.getTime()
  const sleepers = new Set<{ readonly dueMs: number; readonly wake: () => void }>()
  const clock: Clock = {
    now: () => new Date(nowMs),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper = { dueMs: nowMs + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
  }
  async function turn(ms: number) {
    nowMs += ms
    for (const sleeper of sleepers) {
      if (sleeper.dueMs > nowMs) continue
      sleepers.delete(sleeper)
      sleeper.wake()
    }
    await atRest()
  }
  return { clock, turn }
}

async function atRest(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await nextTurn()
}

/** A schedule in memory: due times by token, leases by location; the location is the token. */
function memorySchedule(clock: Clock) {
  const dueAt = new Map<string, Instant>()
  const leases = new Map<string, Lease & { readonly until: Instant }>()
  const asked: string[] = []
  let fence = 0
  const isFree = (id: string, now: Instant) => (leases.get(id)?.until ?? '') <= now
  const schedule: Schedule = {
    async takeDue({ now, until, limit }) {
      asked.push(`take ${limit}`)
      const ids = [...dueAt.keys()].filter((id) => (dueAt.get(id) ?? '') <= now && isFree(id, now))
      return ids.slice(0, limit).map((tokenId): TakenToken => {
        fence += 1
        const lease = { locationKey: tokenId, holder: `holder-${fence}` }
        leases.set(tokenId, { ...lease, until })
        return { tenantId: 't', tokenId, fence, lease }
      })
    },
    async extendLease(lease, until) {
      asked.push(`extend ${lease.locationKey}`)
      if (leases.get(lease.locationKey)?.holder !== lease.holder) return false
      leases.set(lease.locationKey, { ...lease, until })
      return true
    },
    async addLease(lease, locationKey, _now, until) {
      leases.set(locationKey, { locationKey, holder: lease.holder, until })
      return true
    },
    async releaseLeases(holder) {
      for (const [key, lease] of leases) if (lease.holder === holder) leases.delete(key)
    },
    async releaseAbandoned() {
      leases.clear()
    },
    async nextDue() {
      return [...dueAt.values()].sort()[0]
    },
  }
  const heldUntil = (id: string) => {
    const now = instantOf(clock.now())
    return isFree(id, now) ? 'free' : leases.get(id)?.until
  }
  return { schedule, dueAt, leases, asked, heldUntil }
}

type Started = {
  readonly tokenId: string
  readonly signal: AbortSignal
} & PromiseWithResolvers<RunOutcome>

/** A loop whose runs end when the test says so. */
function openLoop(given: { due?: readonly string[]; heldElsewhere?: string } = {}) {
  const { clock, turn } = handClock()
  const memory = memorySchedule(clock)
  for (const id of given.due ?? []) memory.dueAt.set(id, startedAt)
  if (given.heldElsewhere) {
    const lease = { locationKey: given.heldElsewhere, holder: 'elsewhere' }
    memory.leases.set(lease.locationKey, { ...lease, until: instantPlus(startedAt, 3_000) })
  }
  const observed: Observation[] = []
  const started: Started[] = []
  const loop = startDueLoop({
    schedule: memory.schedule,
    clock,
    observe: (observation) => observed.push(observation),
    concurrency: 2,
    leaseMs,
    runOne: (taken, _leases, signal) => {
      const run = { tokenId: taken.tokenId, signal, ...Promise.withResolvers<RunOutcome>() }
      started.push(run)
      return run.promise
    },
  })
  /** Ends a run; its token is due again in 6 h. */
  async function end(run: Started | undefined, outcome: RunOutcome = 'completed') {
    if (!run) throw new Error('there is no such run')
    if (outcome === 'completed') memory.dueAt.set(run.tokenId, instantPlus(startedAt, 21_600_000))
    run.resolve(outcome)
    await atRest()
  }
  onTestFinished(async () => {
    const stopped = loop.stop()
    for (const run of started) run.resolve('interrupted')
    await stopped
  })
  return { ...memory, turn, loop, observed, started, end }
}

const idsOf = (started: readonly Started[]) => started.map(({ tokenId }) => tokenId)

describe('the due loop', () => {
  test('starts as many as it has places, and the next when one ends', async () => {
    const { started, end, heldUntil } = openLoop({ due: ['a', 'b', 'c'] })
    await atRest()
    expect(idsOf(started)).toEqual(['a', 'b'])
    await end(started[0])
    expect(idsOf(started)).toEqual(['a', 'b', 'c'])
    expect(heldUntil('a')).toBe('free')
    expect(heldUntil('b')).toBe(instantPlus(startedAt, leaseMs))
  })

  test('sleeps until the next is due', async () => {
    const { started, dueAt, asked, loop, turn } = openLoop()
    await atRest()
    dueAt.set('a', instantPlus(startedAt, 12_000))
    loop.wake()
    await atRest()
    await turn(11_999)
    expect([started.length, asked]).toEqual([0, ['take 2', 'take 2']])
    await turn(1)
    expect(idsOf(started)).toEqual(['a'])
  })

  test('looks every 30 s at least, since other nodes make tokens due too', async () => {
    const { asked, turn } = openLoop()
    await atRest()
    await turn(29_999)
    expect(asked).toEqual(['take 2'])
    await turn(1)
    expect(asked).toEqual(['take 2', 'take 2'])
  })

  test('starts at once what is due when it is woken, also while it is taking', async () => {
    const { started, dueAt, loop } = openLoop()
    // Before the first look has even ended.
    dueAt.set('a', startedAt)
    loop.wake()
    await atRest()
    expect(idsOf(started)).toEqual(['a'])
    dueAt.set('b', startedAt)
    loop.wake()
    await atRest()
    expect(idsOf(started)).toEqual(['a', 'b'])
  })

  test('asks at most once a second for a token that is due and held elsewhere', async () => {
    const { asked, turn } = openLoop({ due: ['a'], heldElsewhere: 'a' })
    await atRest()
    await turn(999)
    expect(asked).toEqual(['take 2'])
    await turn(1)
    expect(asked).toEqual(['take 2', 'take 2'])
  })

  test('keeps the lease of a run while it lasts, and takes no token twice', async () => {
    const { started, turn, heldUntil } = openLoop({ due: ['a'] })
    await atRest()
    for (let times = 0; times < 10; times += 1) await turn(leaseMs / 3)
    expect(heldUntil('a')).toBe(instantPlus(startedAt, (leaseMs * 10) / 3 + leaseMs))
    expect(idsOf(started)).toEqual(['a'])
  })

  test('tells a run that its lease is lost', async () => {
    const { started, leases, turn, end } = openLoop({ due: ['a'] })
    await atRest()
    leases.set('a', { locationKey: 'a', holder: 'elsewhere', until: '9' })
    await turn(leaseMs / 3)
    expect(started[0]?.signal.reason).toBeInstanceOf(Failure)
    expect(started[0]?.signal.reason).toMatchObject({ code: 'superseded' })
    await end(started[0], 'superseded')
    expect(leases.get('a')?.holder).toBe('elsewhere')
  })

  test('observes a crash and lets the location rest for 5 minutes', async () => {
    const { started, observed, turn, heldUntil } = openLoop({ due: ['a'] })
    await atRest()
    started[0]?.reject(new TypeError('a secret may stand here'))
    await atRest()
    expect(observed).toMatchObject([{ kind: 'runCrashed', tenantId: 't', tokenId: 'a' }])
    expect(JSON.stringify(observed)).not.toContain('secret may')
    expect(heldUntil('a')).toBe(instantPlus(startedAt, 300_000))
    await turn(299_999)
    expect(started).toHaveLength(1)
    await turn(1_000)
    expect(started).toHaveLength(2)
  })

  test('asks for a contended location again after 3 seconds', async () => {
    const { started, turn, end } = openLoop({ due: ['a'] })
    await atRest()
    await end(started[0], 'postponed')
    await turn(2_000)
    expect(started).toHaveLength(1)
    await turn(1_000)
    expect(started).toHaveLength(2)
  })

  test('goes on after the database has failed it', async () => {
    const { schedule, started, observed, dueAt, turn } = openLoop()
    await atRest()
    const { takeDue } = schedule
    Object.assign(schedule, { takeDue: () => Promise.reject(new Failure('unavailable', 'full')) })
    await turn(30_000)
    expect(observed).toMatchObject([{ kind: 'dueLoopFailed' }])
    Object.assign(schedule, { takeDue })
    dueAt.set('a', startedAt)
    await turn(30_000)
    expect(idsOf(started)).toEqual(['a'])
  })
})

describe('a stopped due loop', () => {
  test('waits for the runs under way, gives back their leases and takes nothing more', async () => {
    const { started, dueAt, loop, end, leases } = openLoop({ due: ['a'] })
    await atRest()
    const events: string[] = []
    const stopped = loop.stop().then(() => events.push('stopped'))
    await atRest()
    expect(started[0]?.signal.aborted).toBe(true)
    dueAt.set('b', startedAt)
    loop.wake()
    await atRest()
    expect(events).toEqual([])
    await end(started[0], 'interrupted')
    await stopped
    expect(events).toEqual(['stopped'])
    expect(idsOf(started)).toEqual(['a'])
    expect(leases.size).toBe(0)
  })

  test('gives back what it took while it was being stopped', async () => {
    const { started, loop, leases } = openLoop({ due: ['a'] })
    await loop.stop()
    expect(started).toEqual([])
    expect(leases.size).toBe(0)
  })
})
