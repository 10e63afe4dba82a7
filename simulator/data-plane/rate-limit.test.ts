import { afterEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import type { RealTime } from '../world/clock.ts'

const uId = '7000000000000030'
let drive: TestDrive
afterEach(() => drive.stop())

const switchTo = (switches: object) => drive.control('PATCH', '/worlds/main/switches', switches)

async function statuses(token: string, count: number): Promise<number[]> {
  const seen: number[] = []
  for (let call = 0; call < count; call += 1) seen.push((await drive.apple('/users', token)).status)
  return seen
}

describe('the rate limit (Apple contract 11.3 S8)', () => {
  test('the sixteenth start in a second is refused with 9646; a second later it goes on', async () => {
    drive = await testDrive(['duplicate-location'], {}, 0)
    const token = await drive.tokenFile(uId)
    expect(await statuses(token, 15)).toEqual(Array(15).fill(200))
    const refused = await drive.apple('/users', token)
    expect([refused.status, refused.json.errorNumber, refused.headers.get('retry-after')]).toEqual([
      429,
      9646,
      null,
    ])
    drive.passMs(999)
    expect(await statuses(token, 1)).toEqual([429])
    drive.passMs(1)
    expect(await statuses(token, 1)).toEqual([200])
  })

  test('two tokens of one location share it, or by switch have one each', async () => {
    drive = await testDrive(['duplicate-location'], {}, 0)
    const [first, second] = [
      await drive.tokenFile(uId, 'duplicate-30a'),
      await drive.tokenFile(uId, 'duplicate-30b'),
    ]
    await drive.control('PATCH', '/worlds/main/settings', { limits: { maxRequestPerSecond: 2 } })
    expect([...(await statuses(first, 2)), ...(await statuses(second, 1))]).toEqual([200, 200, 429])
    await drive.control('POST', '/worlds/main/reset', {})
    await drive.control('PATCH', '/worlds/main/settings', { limits: { maxRequestPerSecond: 2 } })
    await switchTo({ rateBucket: 'token' })
    expect([...(await statuses(first, 2)), ...(await statuses(second, 1))]).toEqual([200, 200, 200])
  })

  test('with limiterClock virtual a clock that is set back leaves nothing behind', async () => {
    drive = await testDrive(['duplicate-location'], {}, 0)
    const token = await drive.tokenFile(uId)
    await switchTo({ limiterClock: 'virtual' })
    await drive.control('POST', '/worlds/main/clock', { advanceSeconds: 86_400 })
    expect((await statuses(token, 16)).at(-1)).toBe(429)
    await drive.control('POST', '/worlds/main/clock', { set: '2026-12-01T09:00:00Z' })
    expect(await statuses(token, 1)).toEqual([200])
  })

  test('a snapshot holds how many starts the second has had', async () => {
    drive = await testDrive(['duplicate-location'], {}, 0)
    const token = await drive.tokenFile(uId)
    await switchTo({ limiterClock: 'virtual' })
    await statuses(token, 14)
    await drive.control('POST', '/worlds/main/snapshots', { name: 'one-left' })
    for (let round = 0; round < 2; round += 1) {
      expect(await statuses(token, 2)).toEqual([200, 429])
      await drive.control('POST', '/worlds/main/snapshots/one-left/restore')
    }
  })

  test('Retry-After comes by switch, in seconds or as a date', async () => {
    drive = await testDrive(['duplicate-location'], {}, 0)
    const token = await drive.tokenFile(uId)
    await drive.control('PATCH', '/worlds/main/settings', { limits: { maxRequestPerSecond: 1 } })
    await switchTo({ retryAfterOn429: 'present' })
    await statuses(token, 1)
    expect((await drive.apple('/users', token)).headers.get('retry-after')).toBe('1')
    await switchTo({ retryAfterForm: 'httpDate' })
    expect((await drive.apple('/users', token)).headers.get('retry-after')).toBe(
      'Tue, 01 Jan 2030 00:00:01 GMT',
    )
  })

  test('with limiterClock virtual a frozen world never lets go until its clock is moved', async () => {
    drive = await testDrive(['duplicate-location'], {}, 0)
    const token = await drive.tokenFile(uId)
    await drive.control('PATCH', '/worlds/main/settings', { limits: { maxRequestPerSecond: 1 } })
    await switchTo({ limiterClock: 'virtual' })
    await statuses(token, 1)
    drive.passMs(60_000)
    expect(await statuses(token, 1)).toEqual([429])
    await drive.control('POST', '/worlds/main/clock', { advanceSeconds: 1 })
    expect(await statuses(token, 1)).toEqual([200])
  })

  test.each([
    { refuseOverParallel: false, refused: 0 },
    { refuseOverParallel: true, refused: 1 },
  ])('a sixth call in flight is journalled; %j', async ({ refuseOverParallel, refused }) => {
    drive = await testDrive(['duplicate-location'], { time: timeThatWaitsForSix() })
    const token = await drive.tokenFile(uId)
    await drive.control('PATCH', '/worlds/main/settings', { latencyMs: 1, refuseOverParallel })
    const answers = await Promise.all(Array.from({ length: 6 }, () => drive.apple('/users', token)))
    const numbers = answers.map((answer) => answer.json.errorNumber)
    expect(numbers.filter((number) => number === 9646)).toHaveLength(refused)
    const { entries } = (await drive.control('GET', '/worlds/main/journal')).json
    const inFlight = entries.map((entry: { inFlight: number }) => entry.inFlight)
    expect(inFlight).toEqual([1, 2, 3, 4, 5, 6])
  })
})

/** No delay ends before six calls are in theirs. */
function timeThatWaitsForSix(): RealTime {
  const waiting: (() => void)[] = []
  return {
    now: () => 0,
    sleep: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 6) for (const go of waiting) go()
      }),
  }
}

test('maxRequestPerSecondShown no: service/config keeps the limit to itself, it still holds', async () => {
  const drive = await testDrive(['small'], {}, 0)
  const token = await drive.tokenFile('7000000000000001')
  const limits = async () => (await drive.apple('/service/config')).json.limits
  expect((await limits()).maxRequestPerSecond).toBe(15)
  await drive.control('PATCH', '/worlds/main/switches', { maxRequestPerSecondShown: 'no' })
  expect(await limits()).not.toHaveProperty('maxRequestPerSecond')
  for (let call = 0; call < 15; call += 1) await drive.apple('/users', token)
  expect((await drive.apple('/users', token)).json.errorNumber).toBe(9646)
  await drive.stop()
})
