import { latestMs, startClock, virtualNow } from '../world/clock.ts'
import type { World } from '../world/world.ts'
import { worldNow } from '../world/world.ts'
import { bodyOf, type ControlHandler, ok, worldOf } from './control-call.ts'
import { dateTime, object, oneOf, optional, whole, wrong } from './decode.ts'

const clockChange = object({
  set: optional(dateTime),
  advanceSeconds: optional(whole(0, 10_000_000_000)),
  mode: optional(oneOf(['frozen', 'running'])),
})

export const getClock: ControlHandler = (call) => ok(shownClock(worldOf(call)))

export const postClock: ControlHandler = (call) => {
  const world = worldOf(call)
  const { set, advanceSeconds, mode } = bodyOf(call, clockChange)
  if (set !== undefined && advanceSeconds !== undefined) {
    throw wrong('"set" and "advanceSeconds" contradict each other. Send one of them.')
  }
  if (set === undefined && advanceSeconds === undefined && mode === undefined) {
    throw wrong('Nothing to change. Send "set", "advanceSeconds" or "mode".')
  }
  const { clock } = world.state
  const realNowMs = world.time.now()
  const virtualMs = set ?? virtualNow(clock, realNowMs) + (advanceSeconds ?? 0) * 1000
  if (virtualMs > latestMs) {
    throw wrong(`"advanceSeconds" leads beyond the year 8999. Set the clock back first.`)
  }
  world.state.clock = startClock(mode ?? clock.mode, virtualMs, realNowMs)
  return ok(shownClock(world))
}

function shownClock(world: World) {
  return { now: new Date(worldNow(world)).toISOString(), mode: world.state.clock.mode }
}
