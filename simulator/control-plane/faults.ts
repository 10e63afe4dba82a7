import type { CallMatch, Fault } from '../faults/fault.ts'
import {
  bodyOf,
  type ControlHandler,
  created,
  expectNoBody,
  gone,
  ok,
  paramOf,
  worldOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import { type Decode, flag, object, oneOf, optional, or, text, textMap, whole } from './decode.ts'

const matchParts = object({
  method: optional(text),
  path: optional(text),
  uId: optional(text),
  query: optional(textMap),
  bodyIncludes: optional(text),
})

export const callMatch: Decode<CallMatch> = (value, name) => {
  const parts = Object.entries(matchParts(value, name)).filter(([, part]) => part !== undefined)
  return Object.fromEntries(parts)
}

/** A number of seconds is welcome as text and as number. */
const retryAfter: Decode<string> = (value, name) =>
  typeof value === 'number' ? String(whole(0)(value, name)) : text(value, name)

const faultBody = object({
  id: optional(text),
  match: or(callMatch, {}),
  nth: or(whole(1), 1),
  count: or(whole(0), 1),
  action: object({
    status: optional(whole(200, 599)),
    errorNumber: optional(whole(1)),
    retryAfter: optional(retryAfter),
    delayMs: or(whole(0, 600_000), 0),
    cut: or(oneOf(['none', 'beforeHeaders', 'midBody']), 'none' as const),
    truncateAt: optional(whole(0)),
    headers: or(textMap, {}),
    body: optional((value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))),
    applyEffect: or(flag, false),
  }),
})

export const listFaults: ControlHandler = (call) =>
  ok({ faults: worldOf(call).state.faults.map(shownFault) })

export const addFault: ControlHandler = (call) => {
  const { state } = worldOf(call)
  const wanted = bodyOf(call, faultBody)
  const id = wanted.id ?? `fault-${state.made.faults + 1}`
  if (state.faults.some((fault) => fault.id === id)) {
    throw new ControlError(409, `There is a fault "${id}" already. Delete it or choose another id.`)
  }
  state.made.faults += 1
  const fault: Fault = { ...wanted, id, seen: 0 }
  state.faults.push(fault)
  return created(shownFault(fault))
}

export const removeFault: ControlHandler = (call) => {
  expectNoBody(call)
  const { state } = worldOf(call)
  const id = paramOf(call, 'id')
  const rest = state.faults.filter((fault) => fault.id !== id)
  if (rest.length === state.faults.length) {
    throw new ControlError(
      404,
      `There is no fault "${id}" in this world. List the faults to see them.`,
    )
  }
  state.faults = rest
  return gone
}

function shownFault({ action, ...fault }: Fault) {
  const {
    status = null,
    errorNumber = null,
    retryAfter = null,
    truncateAt = null,
    body = null,
  } = action
  return { ...fault, action: { ...action, status, errorNumber, retryAfter, truncateAt, body } }
}
