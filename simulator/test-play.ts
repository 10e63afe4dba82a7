import type { ControlPlane } from './control-plane/control-call.ts'
import { answerControlCall } from './control-plane/serve.ts'
import { bytesOf } from './data-plane/answer.ts'
import { takeCall } from './data-plane/one-call.ts'
import type { RealTime } from './world/clock.ts'
import { defaultAtMs } from './world/default-at.ts'
import { createWorld, type World } from './world/world.ts'

/** World `main` and both its sides without sockets, for laws that need thousands of calls. */
export interface TestPlay {
  world: World
  /** One data call of a location's first token; answers everything a client could see. */
  apple(uId: string, method: string, pathAndQuery: string, body?: unknown): Promise<string>
  /** One control call below the world. */
  control(method: string, path: string, body?: unknown): Promise<string>
  /** The same, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  ask(method: string, path: string, body?: unknown): Promise<any>
}

const controlKey = 'made-up-control-key'

/** Its real time moves a second with every data call, so that none runs into the rate limit. */
export function testPlay(seeds: string[], rngSeed = 1): TestPlay {
  let nowMs = Date.parse('2030-01-01T00:00:00Z')
  const time: RealTime = {
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
    },
    alarm: () => () => undefined,
  }
  const world = createWorld(
    'main',
    { seeds, rngSeed, atMs: defaultAtMs, clockMode: 'frozen' },
    time,
  )
  const origins = { data: 'http://data.example', control: 'http://control.example' }
  const plane: ControlPlane = { worlds: new Map([['main', world]]), time, controlKey, origins }

  async function control(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await answerControlCall(plane, {
      method,
      url: `/simulator/worlds/main${path}`,
      key: controlKey,
      bodyText: body === undefined ? '' : JSON.stringify(body),
    })
    return JSON.stringify([answer.status, answer.body])
  }

  return {
    world,
    control,
    async ask(method, path, body) {
      return JSON.parse(await control(method, path, body))[1]
    },
    async apple(uId, method, pathAndQuery, body) {
      nowMs += 1000
      const { pathname, searchParams } = new URL(pathAndQuery, origins.data)
      const token = world.state.tokens.find((candidate) => candidate.uId === uId)
      const headers = {
        authorization: `Bearer ${token?.outer}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      }
      const bodyText = body === undefined ? '' : JSON.stringify(body)
      const call = { method, path: pathname, query: searchParams, headers }
      const { answer, cut } = await takeCall(world, origins.data, call, async () => bodyText)
      return JSON.stringify([answer.status, answer.headers, bytesOf(answer).toString(), cut])
    },
  }
}
