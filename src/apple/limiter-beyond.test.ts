import { describe, expect, it } from 'vitest'
import { start } from '../../test/apple-conversation.ts'
import { handClock } from '../../test/hand-clock.ts'
import { createTurnedClock } from '../../test/turned-clock.ts'
import type { LocationPace, Reservation } from '../ports/location-pace.ts'
import { type Beyond, createLimiter, LocationPaused } from './limiter.ts'

const spacingMs = 84

function setUp(beyond: Beyond) {
  const clock = createTurnedClock(start)
  const limiter = createLimiter(clock, beyond)
  const nowMs = () => clock.now().getTime() - start.getTime()
  return {
    clock,
    limiter,
    nowMs,
    enter: (signal?: AbortSignal) => limiter.enter('a', spacingMs, signal),
  }
}

/** Answers one after the other; then it grants at once. A place is the number of its question. */
function scriptedPace(...answers: readonly Reservation[]) {
  const released: number[] = []
  const asked: string[] = []
  const pace: LocationPace = {
    async reserve(key, spacing) {
      asked.push(`${key} ${spacing}`)
      return answers[asked.length - 1] ?? startIn(0, asked.length)
    },
    release: (key, place) => {
      released.push(place)
      asked.push(`${key} released`)
    },
  }
  return { pace, asked, released }
}

const startIn = (startsInMs: number, place = 1): Reservation => ({
  ...{ isGranted: true, place, startsInMs },
})
const againIn = (askAgainInMs: number): Reservation => ({
  ...{ isGranted: false, pausedForMs: 0, askAgainInMs },
})
const pausedFor = (pausedForMs: number): Reservation => ({
  ...{ isGranted: false, pausedForMs, askAgainInMs: 50 },
})

describe('the limiter beside other processes (Apple 5, C4)', () => {
  it('asks the shared pace once for each start, and gives the place back', async () => {
    const { pace, asked } = scriptedPace()
    const { enter } = setUp({ pace })
    const leave = await enter()
    leave()
    leave()
    expect(asked).toEqual(['a 84', 'a released'])
  })

  it('starts when the shared pace says so', async () => {
    const { pace } = scriptedPace(startIn(170))
    const { enter, nowMs } = setUp({ pace })
    await enter()
    expect(nowMs()).toBe(170)
  })

  it('keeps its own distance too, should an answer have been under way for long', async () => {
    const { pace } = scriptedPace()
    const { enter, nowMs } = setUp({ pace })
    await enter()
    await enter()
    expect(nowMs()).toBe(84)
  })

  it('asks again later when no place is free', async () => {
    const { pace, asked } = scriptedPace(againIn(50), againIn(50))
    const { enter, nowMs } = setUp({ pace })
    await enter()
    expect(nowMs()).toBe(100)
    expect(asked).toHaveLength(3)
  })

  it('asks for one start at a time, in turn', async () => {
    const { pace, asked } = scriptedPace(startIn(500))
    const { enter, nowMs } = setUp({ pace })
    const entered: string[] = []
    await Promise.all(
      ['first', 'second'].map(async (name) => {
        await enter()
        entered.push(`${name} ${nowMs()} ${asked.length}`)
      }),
    )
    expect(entered).toEqual(['first 500 1', 'second 584 2'])
  })

  it('waits out a pause that another process was told of', async () => {
    const { pace } = scriptedPace(pausedFor(30_000))
    const { enter, nowMs } = setUp({ pace })
    await enter()
    expect(nowMs()).toBe(30_000)
  })

  it('turns everybody away when that pause is long', async () => {
    const { pace, asked } = scriptedPace(pausedFor(600_000))
    const { enter } = setUp({ pace })
    await expect(enter()).rejects.toMatchObject({ untilMs: start.getTime() + 600_000 })
    await expect(enter()).rejects.toThrow(LocationPaused)
    expect(asked).toEqual(['a 84'])
  })

  it('does not keep a place while it waits out a pause', async () => {
    const { pace, asked } = scriptedPace(startIn(100))
    const { limiter, enter, nowMs } = setUp({ pace })
    const entering = enter()
    await new Promise((resolve) => setImmediate(resolve))
    limiter.pause('a', start.getTime() + 30_000)
    await entering
    expect(nowMs()).toBe(30_000)
    expect(asked).toEqual(['a 84', 'a released', 'a 84'])
  })

  it('gives the place back when whoever waits with it gives up', async () => {
    const { pace, released } = scriptedPace(startIn(100))
    const clock = handClock(start)
    const abort = new AbortController()
    const entering = createLimiter(clock, { pace }).enter('a', spacingMs, abort.signal)
    while (clock.asleep.length === 0) await Promise.resolve()
    abort.abort(new Error('enough'))
    await expect(entering).rejects.toThrow('enough')
    expect(released).toEqual([1])
  })

  it('lets those behind go on when the shared pace cannot be asked', async () => {
    const { pace, asked } = scriptedPace()
    let isDown = true
    const { enter } = setUp({
      pace: {
        ...pace,
        reserve: (...given) => {
          if (!isDown) return pace.reserve(...given)
          isDown = false
          return Promise.reject(new Error('no database'))
        },
      },
    })
    const [first, second] = await Promise.allSettled([enter(), enter()])
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'no database' } })
    expect(second).toMatchObject({ status: 'fulfilled' })
    expect(asked).toEqual(['a 84'])
  })
})

describe('the limiter of a process that starts again', () => {
  const pausesOf = (leftMs: number) => {
    const asked: string[] = []
    const pauses = {
      pause: async () => undefined,
      pausedForMs: async (key: string) => {
        asked.push(key)
        return leftMs
      },
    }
    return { pauses, asked }
  }

  it('waits out what is left of a pause', async () => {
    const { pauses, asked } = pausesOf(30_000)
    const { enter, nowMs } = setUp({ pauses })
    await enter()
    expect(nowMs()).toBe(30_000)
    await enter()
    expect(asked).toEqual(['a'])
  })

  it('turns everybody away when that is long', async () => {
    const { enter } = setUp(pausesOf(600_000))
    await expect(enter()).rejects.toMatchObject({ untilMs: start.getTime() + 600_000 })
  })

  it('does not ask for pauses where the shared pace tells of them', async () => {
    const { pauses, asked } = pausesOf(600_000)
    const { enter } = setUp({ pauses, pace: scriptedPace().pace })
    await enter()
    expect(asked).toEqual([])
  })
})
