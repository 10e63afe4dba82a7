import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { start } from '../../test/apple-conversation.ts'
import { createTurnedClock } from '../../test/turned-clock.ts'
import { createLimiter, LocationPaused, spacingAt } from './limiter.ts'

const spacingMs = 84

function setUp() {
  const clock = createTurnedClock(start)
  const limiter = createLimiter(clock)
  const starts: { key: string; name: number; atMs: number }[] = []
  let inFlight = 0
  let mostInFlight = 0
  async function request(key: string, name: number, lastsMs: number) {
    const leave = await limiter.enter(key, spacingMs)
    starts.push({ key, name, atMs: clock.now().getTime() - start.getTime() })
    inFlight += 1
    mostInFlight = Math.max(mostInFlight, inFlight)
    await clock.sleep(lastsMs)
    inFlight -= 1
    leave()
  }
  return { clock, limiter, starts, request, mostInFlight: () => mostInFlight }
}

describe('the limiter (Apple 5, C4)', () => {
  it.each([
    [15, 84],
    [10, 125],
    [1, 1_250],
    [1_000, 2],
  ])('spaces %i requests a second by %i ms', (perSecond, expected) => {
    expect(spacingAt(perSecond)).toBe(expected)
  })

  it('spaces starts and goes first come, first served', async () => {
    const { request, starts } = setUp()
    await Promise.all([0, 1, 2].map((name) => request('a', name, 10)))
    expect(starts.map(({ name, atMs }) => [name, atMs])).toEqual([
      [0, 0],
      [1, 84],
      [2, 168],
    ])
  })

  it('keeps five in flight and lets the next one in when a place is free', async () => {
    const { request, starts } = setUp()
    await Promise.all(Array.from({ length: 7 }, (_, name) => request('a', name, 1_000)))
    expect(starts.map(({ atMs }) => atMs)).toEqual([0, 84, 168, 252, 336, 1_000, 1_084])
  })

  it('lets locations go their own ways', async () => {
    const { request, starts } = setUp()
    await Promise.all([request('a', 0, 10), request('b', 1, 10)])
    expect(starts.map(({ atMs }) => atMs)).toEqual([0, 0])
  })

  it('never starts more than 12 in any second nor has more than 5 in flight, and forgets nobody', async () => {
    const requests = fc.array(fc.record({ beginsMs: fc.nat(3_000), lastsMs: fc.nat(2_500) }), {
      minLength: 1,
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(requests, async (given) => {
        const { clock, request, starts, mostInFlight } = setUp()
        await Promise.all(
          given.map(async ({ beginsMs, lastsMs }, name) => {
            await clock.sleep(beginsMs)
            await request('a', name, lastsMs)
          }),
        )
        const times = starts.map(({ atMs }) => atMs)
        const crowded = times.filter(
          (from) => times.filter((at) => at >= from && at < from + 1_000).length > 12,
        )
        expect(crowded).toEqual([])
        expect(mostInFlight()).toBeLessThanOrEqual(5)
        expect(starts).toHaveLength(given.length)
      }),
      { numRuns: 60 },
    )
  })

  it('holds everybody back during a pause', async () => {
    const { limiter, request, starts } = setUp()
    limiter.pause('a', start.getTime() + 30_000)
    limiter.pause('a', start.getTime() + 10_000)
    await Promise.all([request('a', 0, 10), request('a', 1, 10), request('b', 2, 10)])
    expect(starts.map(({ name, atMs }) => [name, atMs])).toEqual([
      [2, 0],
      [0, 30_000],
      [1, 30_084],
    ])
  })

  it('turns everybody away when a pause is longer than a minute', async () => {
    const { clock, limiter } = setUp()
    const leave = await limiter.enter('a', spacingMs)
    const waiting = [limiter.enter('a', spacingMs), limiter.enter('a', spacingMs)]
    limiter.pause('a', start.getTime() + 3_600_000)
    leave()
    const ends = await Promise.allSettled(waiting)
    for (const end of ends)
      expect(end).toMatchObject({
        status: 'rejected',
        reason: { untilMs: start.getTime() + 3_600_000 },
      })
    await expect(limiter.enter('a', spacingMs)).rejects.toThrow(LocationPaused)
    clock.turn(3_600_000)
    await expect(limiter.enter('a', spacingMs)).resolves.toBeTypeOf('function')
  })

  it('lets those behind go on when one in the queue gives up', async () => {
    const { clock, limiter, request, starts } = setUp()
    const abort = new AbortController()
    const first = request('a', 0, 10)
    const given = limiter.enter('a', spacingMs, abort.signal)
    const third = request('a', 2, 10)
    abort.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    await Promise.all([first, third])
    expect(starts.map(({ name, atMs }) => [name, atMs])).toEqual([
      [0, 0],
      [2, 84],
    ])
    expect(clock.now().getTime() - start.getTime()).toBe(94)
  })

  it('keeps the order of the others when one in the queue gives up', async () => {
    const { limiter } = setUp()
    const leaves = await Promise.all(Array.from({ length: 5 }, () => limiter.enter('a', spacingMs)))
    const entered: string[] = []
    const abort = new AbortController()
    const first = limiter.enter('a', spacingMs).then(() => entered.push('first'))
    const given = limiter.enter('a', spacingMs, abort.signal)
    const last = limiter.enter('a', spacingMs).then(() => entered.push('last'))
    abort.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    leaves[0]?.()
    await first
    leaves[1]?.()
    await last
    expect(entered).toEqual(['first', 'last'])
  })

  it('gives a place back once, however often it is left', async () => {
    const { limiter, request, starts } = setUp()
    const leave = await limiter.enter('a', spacingMs)
    leave()
    leave()
    await Promise.all(Array.from({ length: 6 }, (_, name) => request('a', name, 1_000)))
    expect(starts.at(-1)?.atMs).toBe(1_084)
  })

  it('goes on after at most one space when the clock is put back', async () => {
    const { clock, request, starts } = setUp()
    await request('a', 0, 0)
    clock.turn(-86_400_000)
    await request('a', 1, 0)
    expect(starts[1]?.atMs).toBe(84 - 86_400_000)
  })

  it('pauses for at most an hour, also when the clock is put back', async () => {
    const { clock, limiter } = setUp()
    limiter.pause('a', start.getTime() + 3_600_000)
    clock.turn(-86_400_000)
    await expect(limiter.enter('a', spacingMs)).rejects.toMatchObject({
      untilMs: start.getTime() - 86_400_000 + 3_600_000,
    })
  })

  it('forgets idle locations', async () => {
    const { clock, limiter, request } = setUp()
    for (let name = 0; name < 1_000; name += 1) {
      await request(`location ${name}`, name, 10)
      await clock.sleep(100)
    }
    expect(limiter.size).toBeLessThanOrEqual(3)
  })

  it('remembers a location as long as its last start counts', async () => {
    const { limiter, request, starts } = setUp()
    await request('a', 0, 0)
    for (let name = 1; name <= 5; name += 1) await request(`other ${name}`, name, 0)
    expect(limiter.size).toBe(6)
    await request('a', 6, 0)
    expect(starts.at(-1)?.atMs).toBe(84)
  })
})
