import { describe, expect, it } from 'vitest'
import { credential, goodConfig, open, start } from '../../test/apple-conversation.ts'
import { createTurnedClock } from '../../test/turned-clock.ts'
import type { LocationPace } from '../ports/location-pace.ts'
import type { Outcome } from './call.ts'
import { noUsableAnswer } from './errors.ts'
import { createLimitsReader, defaultLimits, type KeptLimits, type ToldLimits } from './limits.ts'
import { refusal } from './refusal.ts'

const failed: Outcome = { ok: false, refusal: refusal(noUsableAnswer, { detail: 'made up' }) }

function told(limits: unknown): Outcome {
  return { ok: true, body: { limits } }
}

function setUp(...outcomes: readonly Outcome[]) {
  const clock = createTurnedClock(start)
  let asked = 0
  const reader = createLimitsReader(async () => {
    asked += 1
    return outcomes[Math.min(asked, outcomes.length) - 1] ?? failed
  }, clock)
  return { clock, reader, asked: () => asked }
}

function createKept(): KeptLimits {
  let told: ToldLimits | undefined
  return {
    find: async () => told,
    put: async (given) => {
      told = given
    },
  }
}

describe('limits (Apple 3.1, C3)', () => {
  it('are what Apple says, and the defaults where it says nothing', async () => {
    const { reader } = setUp(told({ maxRequestPerSecond: 8, maxAssets: 30 }))
    expect(await reader.read()).toEqual({ ...defaultLimits, maxRequestPerSecond: 8, maxAssets: 30 })
  })

  it('are the defaults when Apple cannot be asked', async () => {
    const { reader, asked } = setUp(failed)
    expect((await reader.read()).maxRequestPerSecond).toBe(15)
    await reader.read()
    expect(asked()).toBe(1)
  })

  it('stay as last known when a later answer fails or cannot be read', async () => {
    const { clock, reader } = setUp(
      told({ maxRequestPerSecond: 8 }),
      failed,
      told('none'),
      told({ maxRequestPerSecond: 'many' }),
      told({ maxRequestPerSecond: 0 }),
    )
    for (let answer = 0; answer < 5; answer += 1) {
      expect((await reader.read()).maxRequestPerSecond).toBe(8)
      clock.turn(300_000)
    }
  })

  it('are asked for again before five minutes are over, or when the clock was put back', async () => {
    const { clock, reader, asked } = setUp(told({ maxRequestPerSecond: 8 }), told({}))
    await reader.read()
    clock.turn(269_999)
    expect((await reader.read()).maxRequestPerSecond).toBe(8)
    clock.turn(1)
    expect((await reader.read()).maxRequestPerSecond).toBe(15)
    clock.turn(-1)
    await reader.read()
    expect(asked()).toBe(3)
  })

  it('that Apple has shown to be wrong are asked for anew, whatever another process was told', async () => {
    const clock = createTurnedClock(start)
    const outcomes = [told({ maxAssets: 20 }), told({ maxAssets: 10 })]
    const kept = createKept()
    const reader = createLimitsReader(async () => outcomes.shift() ?? failed, clock, kept)
    expect((await reader.read()).maxAssets).toBe(20)
    reader.expire()
    expect((await reader.read()).maxAssets).toBe(10)
    expect((await kept.find())?.limits.maxAssets).toBe(10)
    reader.expire()
    expect((await reader.read()).maxAssets).toBe(10)
  })

  it('cannot be read while nobody can say what was told before, and then they can', async () => {
    const clock = createTurnedClock(start)
    const kept = createKept()
    let isReachable = false
    const find = async () => {
      if (!isReachable) throw new Error('no database')
      return kept.find()
    }
    const reader = createLimitsReader(async () => told({}), clock, { ...kept, find })
    await expect(reader.read()).rejects.toThrow('no database')
    isReachable = true
    expect(await reader.read()).toEqual(defaultLimits)
  })

  it('are asked for once by callers at the same time, each of whom may give up alone', async () => {
    const { reader, asked } = setUp(told({}))
    const abort = new AbortController()
    const [patient, impatient] = [reader.read(), reader.read(abort.signal)]
    abort.abort(new Error('enough'))
    await expect(impatient).rejects.toThrow('enough')
    expect(await patient).toEqual(defaultLimits)
    expect(asked()).toBe(1)
  })
})

const servicePath = '/mdm/v2/service/config'

describe('limits, asked for by name', () => {
  it('are asked for once by all conversations, and stay as last known', async () => {
    const { server, clock, vpp, conversation } = await open()
    server.script(servicePath, { json: { limits: { maxUsers: 50 } } }, { status: 500, body: '' })
    expect(await conversation.readLimits()).toMatchObject({ maxUsers: 50, maxAssets: 25 })
    expect(await vpp.converse(credential, 'other').readLimits()).toMatchObject({ maxUsers: 50 })
    expect(server.requests).toHaveLength(1)
    clock.turn(300_000)
    expect(await conversation.readLimits()).toMatchObject({ maxUsers: 50 })
    expect(server.requests).toHaveLength(2)
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('are asked for anew by a request that had to wait until they were old', async () => {
    let pausedForMs = 0
    const pace: LocationPace = {
      async reserve() {
        const ms = pausedForMs
        pausedForMs = 0
        return ms === 0
          ? { isGranted: true, place: 0, startsInMs: 0 }
          : { isGranted: false, pausedForMs: ms, askAgainInMs: 0 }
      },
      release: () => undefined,
    }
    const { server, clock, conversation } = await open({ pace })
    const configPath = '/mdm/v2/client/config'
    server.script(configPath, goodConfig)
    await conversation.readConfig()
    clock.turn(250_000)
    pausedForMs = 60_000
    await conversation.readConfig()
    const asked = server.requests.map(({ path }) => path)
    expect(asked).toEqual([servicePath, configPath, servicePath, configPath])
  })

  it('that Apple does not tell are in the record of those who asked', async () => {
    const { server, conversation } = await open()
    server.script(servicePath, { status: 410, json: { errorNumber: 9634, errorMessage: 'Gone.' } })
    server.script('/mdm/v2/client/config', goodConfig)
    await conversation.readConfig()
    expect(conversation.log.refusals).toEqual([
      { errorNumber: 9634, httpStatus: 410, text: 'service/config: Gone.', times: 1 },
    ])
  })

  it('are those of the contract when Apple has told none', async () => {
    const { server, conversation } = await open()
    server.script(servicePath, { status: 503, body: '' })
    expect(await conversation.readLimits()).toMatchObject({
      ...{ maxAssets: 25, maxSerialNumbers: 1_000, maxClientUserIds: 1_000, maxUsers: 100 },
      ...{ maxRevokeSerialNumbers: 100, maxRevokeClientUserIds: 100, maxNotificationLength: 512 },
    })
  })
})
