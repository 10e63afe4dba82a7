import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLimiter } from '../../src/apple/limiter.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { LocationPace } from '../../src/ports/location-pace.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { migrateStorage, openStorage } from '../../src/storage/open.ts'
import { makeSchema, type PostgresSchema, postgresUrl } from '../postgres-schema.ts'
import { createTurnedClock } from '../turned-clock.ts'

const spacingMs = 84
const realClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal })
  },
}

describe('pauses on SQLite', () => {
  test('outlive the process, by its own clock; a shorter one does not shorten a longer one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pomona-pauses-'))
    const clock = createTurnedClock(new Date('2026-12-01T09:00:00Z'))
    const open = () => openStorage({ url: `sqlite:${join(folder, 'pomona.db')}`, clock })
    const before = await open()
    expect(before.instance.pace).toBeUndefined()
    expect(await before.instance.pauses.pausedForMs('a')).toBe(0)
    await before.instance.pauses.pause('a', 600_000)
    await before.instance.pauses.pause('a', 1_000)
    await before.close()
    const { instance, close } = await open()
    clock.turn(60_000)
    expect(await instance.pauses.pausedForMs('a')).toBe(540_000)
    expect(await instance.pauses.pausedForMs('b')).toBe(0)
    clock.turn(540_000)
    expect(await instance.pauses.pausedForMs('a')).toBe(0)
    await instance.pauses.pause('a', 5_000)
    expect(await instance.pauses.pausedForMs('a')).toBe(5_000)
    await close()
    await rm(folder, { recursive: true })
  })
})

// Whether they may be skipped is said in postgres.test.ts.
describe.skipIf(!postgresUrl)('the pace of locations on PostgreSQL', () => {
  let schema: PostgresSchema
  const opened: Storage[] = []
  const open = async () => {
    const storage = await openStorage({ url: schema.url, clock: realClock })
    opened.push(storage)
    return storage
  }
  const paceOf = ({ instance }: Storage): LocationPace => {
    if (!instance.pace) throw new Error('PostgreSQL keeps no pace')
    return instance.pace
  }
  beforeEach(async () => {
    schema = await makeSchema(postgresUrl ?? '')
    await migrateStorage({ url: schema.url, clock: realClock })
  })
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close()
    await schema.remove()
  })
  const stored = async () =>
    (await schema.ask('select * from location_pace')).map((row) => ({
      key: row.location_key,
      places: String(row.places),
    }))

  test('grants starts that keep their distance, and none further ahead than a fifth of a second', async () => {
    const pace = paceOf(await open())
    const starts: number[] = []
    const grant = async () => {
      const answer = await pace.reserve('a', spacingMs)
      if (!answer.isGranted) return delay(answer.askAgainInMs)
      expect(answer.startsInMs).toBeLessThanOrEqual(200)
      starts.push(answer.place)
      pace.release('a', answer.place)
    }
    while (starts.length < 8) await Promise.all([grant(), grant()])
    expect(closestOf(starts)).toBeGreaterThanOrEqual(spacingMs)
    // Another location goes its own way.
    expect(await pace.reserve('b', 10_000)).toMatchObject({ isGranted: true, startsInMs: 0 })
    const far = await pace.reserve('b', 10_000)
    const againInMs = far.isGranted ? 0 : far.askAgainInMs
    expect(againInMs).toBeGreaterThan(5_000)
    expect(againInMs).toBeLessThanOrEqual(9_800)
  })

  test('lets five be in flight, and the next one when a place is given back', async () => {
    const [here, there] = [await open(), await open()]
    const places: number[] = []
    for (let index = 0; index < 5; index += 1) {
      const answer = await paceOf(index % 2 === 0 ? here : there).reserve('a', 2)
      if (answer.isGranted) places.push(answer.place)
    }
    expect(new Set(places).size).toBe(5)
    const full = await paceOf(there).reserve('a', 2)
    expect(full).toEqual({ isGranted: false, pausedForMs: 0, askAgainInMs: 50 })
    // Given back with the next question of the same process, without a round trip of its own.
    paceOf(here).release('a', places[0] ?? 0)
    expect(await paceOf(here).reserve('a', 2)).toMatchObject({ isGranted: true })
    expect(await paceOf(there).reserve('a', 2)).toMatchObject({ isGranted: false })
  })

  test('is told of places given back even when nobody asks any more', async () => {
    const storage = await open()
    const answer = await paceOf(storage).reserve('a', 2)
    expect(await stored()).toEqual([{ key: 'a', places: expect.stringMatching(/^\{\d+\}$/) }])
    if (answer.isGranted) paceOf(storage).release('a', answer.place)
    await storage.close()
    expect(await stored()).toEqual([{ key: 'a', places: '{}' }])
  })

  test('frees the places of a dead process after 75 seconds, and those that a clock put back left', async () => {
    const pace = paceOf(await open())
    const [row] = await schema.ask(
      'select floor(extract(epoch from clock_timestamp()) * 1000) as now',
    )
    const now = Number(row?.now)
    const holding = async (ages: readonly number[]) => {
      await schema.ask('delete from location_pace')
      await schema.ask(
        `insert into location_pace values ('a', 0, 0, '{${ages.map((age) => now - age).join(',')}}')`,
      )
      return (await pace.reserve('a', 2)).isGranted
    }
    expect(await holding([1, 2, 3, 4, 60_000])).toBe(false)
    expect(await holding([1, 2, 3, 4, 75_001])).toBe(true)
    expect(await holding([1, 2, 3, 4, -60_000])).toBe(true)
  })

  test('goes on after at most one space when the clock was put back', async () => {
    const pace = paceOf(await open())
    await schema.ask("insert into location_pace values ('a', 0, 99999999999999, '{}')")
    const waiting = await pace.reserve('a', spacingMs)
    expect(waiting).toMatchObject({ isGranted: false, pausedForMs: 0 })
    const againInMs = waiting.isGranted ? 0 : waiting.askAgainInMs
    expect(againInMs).toBeLessThanOrEqual(spacingMs)
    await delay(againInMs)
    expect(await pace.reserve('a', spacingMs)).toMatchObject({ isGranted: true })
  })

  test('pauses for every process, and for one that starts later', async () => {
    const [here, there] = [await open(), await open()]
    await here.instance.pauses.pause('a', 600_000)
    await here.instance.pauses.pause('a', 1_000)
    const answer = await paceOf(there).reserve('a', spacingMs)
    expect(answer).toMatchObject({ isGranted: false })
    const leftMs = answer.isGranted ? 0 : answer.pausedForMs
    expect(leftMs).toBeGreaterThan(590_000)
    expect(leftMs).toBeLessThanOrEqual(600_000)
    await here.close()
    const later = await open()
    expect(await later.instance.pauses.pausedForMs('a')).toBeGreaterThan(590_000)
    expect(await later.instance.pauses.pausedForMs('b')).toBe(0)
    expect(await paceOf(later).reserve('b', spacingMs)).toMatchObject({ isGranted: true })
  })

  test('forgets locations that nobody asks about', async () => {
    await schema.ask(
      `insert into location_pace values ('old', 0, 0, '{}'), ('paused', 99999999999999, 0, '{}')`,
    )
    const storage = await open()
    const answer = await paceOf(storage).reserve('a', 2)
    if (answer.isGranted) paceOf(storage).release('a', answer.place)
    await storage.close()
    expect((await stored()).map(({ key }) => key).sort()).toEqual(['a', 'paused'])
  })

  test('holds for the requests of two processes together: their distance, and five in flight', async () => {
    const starts: number[] = []
    /** As the server granted them: by one clock. */
    const watched = (pace: LocationPace): LocationPace => ({
      ...pace,
      async reserve(...given) {
        const answer = await pace.reserve(...given)
        if (answer.isGranted) starts.push(answer.place)
        return answer
      },
    })
    const limiters = [await open(), await open()].map((storage) => {
      const { pauses } = storage.instance
      return createLimiter(realClock, { pauses, pace: watched(paceOf(storage)) })
    })
    let inFlight = 0
    let mostInFlight = 0
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const leave = await limiters[index % 2]?.enter('a', 20)
        inFlight += 1
        mostInFlight = Math.max(mostInFlight, inFlight)
        await delay(index < 20 ? 5 : 300)
        inFlight -= 1
        leave?.()
      }),
    )
    expect(starts).toHaveLength(40)
    expect(closestOf(starts)).toBeGreaterThanOrEqual(20)
    expect(mostInFlight).toBe(5)
  })
})

/** The shortest time between two of them. */
function closestOf(starts: readonly number[]): number {
  const sorted = [...starts].sort((one, other) => one - other)
  return Math.min(...sorted.slice(1).map((at, index) => at - (sorted[index] ?? 0)))
}
