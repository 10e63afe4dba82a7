import { describe, expect, it } from 'vitest'
import { start, troubleOf } from '../../test/apple-conversation.ts'
import { createTurnedClock } from '../../test/turned-clock.ts'
import { type ErrorMeaning, noUsableAnswer } from './errors.ts'
import { refusal } from './refusal.ts'
import { type Tried, withRetries } from './retry.ts'

function refused(retryAfterMs?: number, meaning: ErrorMeaning = noUsableAnswer): Tried<string> {
  const why = refusal(meaning, { detail: 'made up' })
  return { ok: false, refusal: retryAfterMs === undefined ? why : { ...why, retryAfterMs } }
}

const good: Tried<string> = { ok: true, value: 'good' }

function setUp(tried: readonly Tried<string>[], random: () => number = () => 0.5) {
  const clock = createTurnedClock(start)
  const waited: number[] = []
  const state = { clock, random, retriesLeft: 30, waits: (ms: number) => waited.push(ms) }
  let tries = 0
  const attempt = async () => {
    tries += 1
    return tried[Math.min(tries, tried.length) - 1] ?? good
  }
  const run = (signal?: AbortSignal) => withRetries(attempt, state, signal)
  return { clock, state, waited, run, tries: () => tries }
}

describe('retries (Apple 5)', () => {
  it('answers the first good value without waiting', async () => {
    const { run, clock } = setUp([good])
    expect(await run()).toBe('good')
    expect(clock.sleeps).toEqual([])
  })

  it.each([
    [0, [0, 0, 0, 0]],
    [0.5, [500, 1_000, 2_000, 4_000]],
    [0.999_999, [999, 1_999, 3_999, 7_999]],
  ])('doubles the room for the wait and takes %d of it', async (random, expected) => {
    const { run, clock, waited } = setUp([refused()], () => random)
    await troubleOf(run())
    expect(clock.sleeps).toEqual(expected)
    expect(waited).toEqual(expected)
  })

  it('ends after five tries; the next attempt rests five minutes', async () => {
    const { run, tries, clock } = setUp([refused()], () => 0)
    const { finding } = await troubleOf(run())
    expect(tries()).toBe(5)
    expect(clock.now()).toEqual(start)
    expect(finding).toEqual({
      reason: 'appleUnavailable',
      isDefinite: false,
      detail: 'made up',
      notBefore: '2026-12-01T09:05:00.0000000Z',
    })
  })

  it('spends at most 30 retries in one conversation', async () => {
    const { run, tries, state } = setUp([refused()], () => 0)
    for (let request = 0; request < 10; request += 1) await troubleOf(run())
    expect(state.retriesLeft).toBe(0)
    expect(tries()).toBe(10 + 30)
  })

  it('tries nothing again that must not be, or only after a repair', async () => {
    for (const retry of ['never', 'onceRepaired'] as const) {
      const { run, tries } = setUp([refused(5_000, { ...noUsableAnswer, retry })])
      const { finding } = await troubleOf(run())
      expect(tries()).toBe(1)
      expect(finding.notBefore).toBeUndefined()
    }
  })

  it('waits as long as Apple asks when that is longer than its own wait', async () => {
    const { run, clock } = setUp([refused(7_000), refused(100), good])
    expect(await run()).toBe('good')
    expect(clock.sleeps).toEqual([7_000, 1_000])
  })

  it('waits out a minute, but no longer', async () => {
    const minute = setUp([refused(60_000), good])
    expect(await minute.run()).toBe('good')

    const longer = setUp([refused(60_001), good])
    const { finding } = await troubleOf(longer.run())
    expect(longer.tries()).toBe(1)
    expect(finding.notBefore).toBe('2026-12-01T09:01:00.0010000Z')
  })

  it('caps what Apple asks for at an hour', async () => {
    const { run } = setUp([refused(7 * 86_400_000)])
    const { finding } = await troubleOf(run())
    expect(finding.notBefore).toBe('2026-12-01T10:00:00.0000000Z')
  })

  it("rejects with the signal's reason when given up during a wait", async () => {
    const abort = new AbortController()
    const { run } = setUp([refused()])
    const running = run(abort.signal)
    abort.abort(new Error('stopping'))
    await expect(running).rejects.toThrow('stopping')
  })
})
