import { allowedValues, switchNames } from '../world/switches.ts'
import { bodyOf, type ControlHandler, ok, worldOf } from './control-call.ts'
import { oneOf, plainObject, whole, wrong } from './decode.ts'
import { nearestHint } from './nearest-name.ts'

export const getSwitches: ControlHandler = (call) => ok(worldOf(call).state.switches)

export const updateSwitches: ControlHandler = (call) => {
  const { state } = worldOf(call)
  const wanted = bodyOf(call, plainObject)
  const changes = Object.entries(wanted).map(([name, value]) => {
    const allowed = allowedValues(name)
    if (allowed === undefined) {
      throw wrong(`There is no switch "${name}". ${nearestHint(name, switchNames)}`)
    }
    const decode = allowed === 'wholeNumber' ? whole(0) : oneOf(allowed)
    return [name, decode(value, `"${name}"`)]
  })
  state.switches = { ...state.switches, ...Object.fromEntries(changes) }
  return ok(state.switches)
}
