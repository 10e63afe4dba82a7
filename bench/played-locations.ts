/** Many small locations, each asked only for its few calls, with Apple's limits on; and what the simulator saw of them. */
import { type PlayedWorld, playWorld } from './played-world.ts'

export interface PlayedLocations {
  readonly dataUrl: string
  /** Of each location one. */
  readonly contentTokens: readonly string[]
  /** Forgets what was asked so far. */
  forgetCalls(): Promise<void>
  calls(): Promise<readonly SeenCall[]>
  /** What was broken of Apple's limits, as the simulator judges it; empty = nothing. */
  broken(): Promise<readonly string[]>
  stop(): Promise<void>
}

export interface SeenCall {
  /** Null for a call that names no location. */
  readonly uId: string | null
  readonly status: number | null
  readonly realStart: string
  readonly realEnd: string | null
}

/** What Apple allows each location (Apple 3.1, C4). */
export const maxPerSecond = 15
const maxParallel = 5
const fleet = { assets: 4, devices: 50 }

export async function playLocations(
  count: number,
  prefix: readonly string[],
): Promise<PlayedLocations> {
  const world = await playWorld('empty', prefix)
  const contentTokens: string[] = []
  for (let number = 0; number < count; number += 1)
    contentTokens.push(await makeLocation(world, number))
  return {
    dataUrl: world.dataUrl,
    contentTokens,
    forgetCalls: async () => {
      await world.control('DELETE', '/journal')
    },
    calls: async () => {
      const { entries } = (await world.control('GET', '/journal')) as { entries: SeenCall[] }
      return entries
    },
    broken: async () => {
      const findings = (await world.control('POST', '/journal/assert', [
        { assert: 'maxRate', perSecond: maxPerSecond },
        { assert: 'maxParallel', n: maxParallel },
      ])) as readonly { readonly assert: string; readonly ok: boolean; readonly detail: string }[]
      return findings.filter(({ ok }) => !ok).map(({ assert, detail }) => `${assert}: ${detail}`)
    },
    stop: world.stop,
  }
}

async function makeLocation({ control }: PlayedWorld, number: number): Promise<string> {
  const { uId } = (await control('POST', '/libraries', { locationName: `Depot ${number}` })) as {
    uId: string
  }
  await control('POST', `/libraries/${uId}/generate`, { ...fleet, seed: number })
  const { file } = (await control('POST', `/libraries/${uId}/tokens`, {})) as { file: string }
  return file
}
