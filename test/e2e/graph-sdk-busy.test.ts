/** Microsoft's client meets 429 and 503 from the built program: its own middleware reads Retry-After, waits and asks again. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SdkWorld, sdkWorld } from './graph-sdk-world.ts'

/** The statuses that the service has answered on this route, in order. */
function statuses({ service }: SdkWorld, method: string): readonly number[] {
  return service
    .output()
    .split('\n')
    .filter((line) => line.includes('"route":"/beta/deviceAppManagement/vppTokens"'))
    .map((line) => JSON.parse(line))
    .filter((line) => line.method === method)
    .map(({ status }) => status)
}

// Both wait for real seconds, which a service of its own is worth.
describe.concurrent('Microsoft’s retry middleware', () => {
  let throttled: SdkWorld
  let locked: SdkWorld
  beforeAll(async () => {
    throttled = await sdkWorld(['--throttle-requests', '2'])
    locked = await sdkWorld()
  })
  afterAll(async () => {
    await throttled?.close()
    await locked?.close()
  })

  test('waits out the window of a client that asked too often (429)', async () => {
    const { answers, waitedSeconds } = await throttled.session('graph-sdk-busy-session')
    expect(answers.map(({ value }: { value: unknown[] }) => value)).toEqual([[], [], []])
    expect(statuses(throttled, 'GET')).toEqual([200, 200, 429, 200])
    expect(waitedSeconds).toBeGreaterThanOrEqual(1)
    expect(waitedSeconds).toBeLessThanOrEqual(21)
  }, 60_000)

  test('stores a token once the database can be written again (503)', async () => {
    const other = new Database(join(locked.dataDir, 'pomona.db'))
    other.exec('begin immediate')
    const creating = locked.session('graph-sdk-busy-session', { POMONA_TEST_WORK: 'create' })
    const unlocked = until(() => statuses(locked, 'POST').includes(503)).finally(() => {
      other.exec('rollback')
      other.close()
    })
    const [{ answers }] = await Promise.all([creating, unlocked])
    expect(answers).toMatchObject([{ displayName: 'patient' }])
    expect(statuses(locked, 'POST')).toEqual([503, 201])
  }, 60_000)
})

async function until(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('It did not come in time')
}
