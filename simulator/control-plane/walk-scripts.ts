import type { WalkScript } from '../world/walk-script.ts'
import { bodyOf, type ControlHandler, libraryOf } from './control-call.ts'
import { list, object, oneOf, optional, text, whole } from './decode.ts'
import { keptRules } from './kept-rules.ts'
import { libraryWrite } from './library-write-body.ts'

const scriptBody = object({
  id: optional(text),
  endpoint: oneOf(['assets', 'assignments', 'users']),
  beforePage: whole(0),
  uId: optional(text),
  writes: list(libraryWrite),
})

const kept = keptRules('walkScripts', 'a walk script', shownScript)
export const { list: listWalkScripts, remove: removeWalkScript } = kept

export const addWalkScript: ControlHandler = (call) => {
  const { id: wanted, ...script } = bodyOf(call, scriptBody)
  if (script.uId !== undefined) libraryOf(call, script.uId)
  return kept.add(call, wanted, (id) => ({ id, ...script, hasRun: false }))
}

function shownScript({ id, endpoint, beforePage, uId, writes, hasRun }: WalkScript) {
  return { id, endpoint, beforePage, uId: uId ?? null, writeCount: writes.length, hasRun }
}
