import type { WalkScript } from '../walk-script.ts'
import {
  bodyOf,
  type ControlHandler,
  created,
  expectNoBody,
  gone,
  libraryOf,
  ok,
  paramOf,
  worldOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import { list, object, oneOf, optional, text, whole } from './decode.ts'
import { libraryWrite } from './library-write-body.ts'

const scriptBody = object({
  id: optional(text),
  endpoint: oneOf(['assets', 'assignments', 'users']),
  beforePage: whole(0),
  uId: optional(text),
  writes: list(libraryWrite),
})

export const listWalkScripts: ControlHandler = (call) =>
  ok({ walkScripts: worldOf(call).state.walkScripts.map(shownScript) })

export const addWalkScript: ControlHandler = (call) => {
  const { state } = worldOf(call)
  const wanted = bodyOf(call, scriptBody)
  if (wanted.uId !== undefined) libraryOf(call, wanted.uId)
  const id = wanted.id ?? `walk-script-${state.made.walkScripts + 1}`
  if (state.walkScripts.some((script) => script.id === id)) {
    throw new ControlError(
      409,
      `There is a walk script "${id}" already. Delete it or choose another id.`,
    )
  }
  state.made.walkScripts += 1
  const script: WalkScript = { ...wanted, id, hasRun: false }
  state.walkScripts.push(script)
  return created(shownScript(script))
}

export const removeWalkScript: ControlHandler = (call) => {
  expectNoBody(call)
  const { state } = worldOf(call)
  const id = paramOf(call, 'id')
  const rest = state.walkScripts.filter((script) => script.id !== id)
  if (rest.length === state.walkScripts.length) {
    throw new ControlError(
      404,
      `There is no walk script "${id}" in this world. List them to see their ids.`,
    )
  }
  state.walkScripts = rest
  return gone
}

function shownScript({ id, endpoint, beforePage, uId, writes, hasRun }: WalkScript) {
  return { id, endpoint, beforePage, uId: uId ?? null, writeCount: writes.length, hasRun }
}
