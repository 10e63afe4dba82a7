import { describe, expect, it } from 'vitest'
import { createTurnedClock } from './turned-clock.ts'

const start = new Date('2026-12-01T09:00:00.000Z')

describe('the turned clock', () => {
  it('stands still until somebody sleeps', async () => {
    const clock = createTurnedClock(start)
    await Promise.resolve()
    expect(clock.now()).toEqual(start)
  })

  it('is later by the length of a sleep once that has ended', async () => {
    const clock = createTurnedClock(start)
    await clock.sleep(3_600_000)
    expect(clock.now()).toEqual(new Date('2026-12-01T10:00:00.000Z'))
    expect(clock.sleeps).toEqual([3_600_000])
  })

  it('wakes concurrent sleepers by their times, and equal ones as they fell asleep', async () => {
    const clock = createTurnedClock(start)
    const woken: string[] = []
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms)
      woken.push(`${name} at ${clock.now().getTime() - start.getTime()}`)
    }
    await Promise.all([sleeper('late', 50), sleeper('first', 10), sleeper('second', 10)])
    expect(woken).toEqual(['first at 10', 'second at 10', 'late at 50'])
  })

  it('lets a sleeper that falls asleep again wake before a later one', async () => {
    const clock = createTurnedClock(start)
    const woken: string[] = []
    const twice = async () => {
      await clock.sleep(10)
      await clock.sleep(10)
      woken.push('twice')
    }
    const once = async () => {
      await clock.sleep(25)
      woken.push('once')
    }
    await Promise.all([once(), twice()])
    expect(woken).toEqual(['twice', 'once'])
  })

  it("rejects with the signal's reason and leaves the time alone when a sleep is aborted", async () => {
    const clock = createTurnedClock(start)
    const abort = new AbortController()
    const asleep = clock.sleep(1_000, abort.signal)
    abort.abort(new Error('enough'))
    await expect(asleep).rejects.toThrow('enough')
    await expect(clock.sleep(1_000, abort.signal)).rejects.toThrow('enough')
    expect(clock.now()).toEqual(start)
  })

  it('wakes sleepers when it is turned by hand, and can be put back', async () => {
    const clock = createTurnedClock(start)
    const asleep = clock.sleep(1_000)
    clock.turn(5_000)
    await asleep
    expect(clock.now()).toEqual(new Date('2026-12-01T09:00:05.000Z'))
    clock.turn(-5_000)
    expect(clock.now()).toEqual(start)
  })
})
