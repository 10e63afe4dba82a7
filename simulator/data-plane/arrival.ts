import { limiterNow, type World } from '../world/world.ts'
import { bearerText } from './bearer.ts'
import type { DataCall } from './call.ts'
import type { Arrival } from './request.ts'

const oneSecondMs = 1000

/**
 * Counts a call in before anything judges it: every start of a location weighs on its rate, faulted and refused
 * ones too (Apple contract 11.3 S8). Has to run in the moment the call comes in.
 */
export function countIn(world: World, worldUrl: string, call: DataCall): Arrival {
  const bearer = bearerText(call.headers.authorization)
  const token = world.state.tokens.find((candidate) => candidate.outer === bearer)
  const library = token && world.state.libraries.get(token.uId)
  const { inFlight } = world.calls
  const open = token ? (inFlight.get(token.uId) ?? 0) + 1 : 1
  if (token) inFlight.set(token.uId, open)
  const bucket = token && (world.state.switches.rateBucket === 'token' ? token.tokenId : token.uId)
  return {
    world,
    worldUrl,
    call,
    token,
    library,
    inFlight: open,
    overRate: bucket !== undefined && countStart(world, bucket),
  }
}

export function countOut({ world, token }: Arrival): void {
  if (!token) return
  const { inFlight } = world.calls
  inFlight.set(token.uId, Math.max((inFlight.get(token.uId) ?? 1) - 1, 0))
}

function countStart(world: World, bucket: string): boolean {
  const now = limiterNow(world)
  const { startsMs } = world.state
  // A clock that was set back leaves starts ahead of it: they count no more.
  const recent = (startsMs.get(bucket) ?? []).filter(
    (start) => start <= now && now - start < oneSecondMs,
  )
  recent.push(now)
  startsMs.set(bucket, recent)
  return recent.length > world.state.settings.limits.maxRequestPerSecond
}
