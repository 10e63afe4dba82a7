import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { CallMatch, Fault } from '../faults/fault.ts'
import { bodyOf, type ControlHandler } from './control-call.ts'
import {
  type Decode,
  flag,
  object,
  oneOf,
  optional,
  or,
  text,
  textMap,
  whole,
  wrong,
} from './decode.ts'
import { keptRules } from './kept-rules.ts'

/** As calls carry it. */
const method: Decode<string> = (value, name) => text(value, name).toUpperCase()

/** Below its world, without the query: that has a member of its own. */
const path: Decode<string> = (value, name) => {
  const pattern = text(value, name)
  if (!/^[/*]/.test(pattern)) throw wrong(`${name} has to begin with "/": "/mdm/v2/assets".`)
  if (pattern.startsWith('/worlds/')) {
    throw wrong(
      `${name} begins behind the world: "/mdm/v2/assets". This world sees its own calls only.`,
    )
  }
  if (pattern.includes('?')) throw wrong(`${name} holds a query. Use "query": {"pageIndex": "1"}.`)
  return pattern
}

const matchParts = object({
  method: optional(method),
  path: optional(path),
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
  typeof value === 'number'
    ? String(whole(0)(value, name))
    : sendable(text(value, name), 'Retry-After', name)

const ownHeaders = ['content-length', 'transfer-encoding', 'connection']

/** Only what can be sent; how long the body is says the simulator itself. */
const headers: Decode<Record<string, string>> = (value, name) => {
  const said = textMap(value, name)
  for (const [header, content] of Object.entries(said)) {
    if (ownHeaders.includes(header.toLowerCase())) {
      throw wrong(
        `"${header}" in ${name} is set by the simulator. Use "cut" or "truncateAt" instead.`,
      )
    }
    sendable(content, header, `"${header}" in ${name}`)
  }
  return said
}

function sendable(content: string, header: string, name: string): string {
  try {
    validateHeaderName(header)
    validateHeaderValue(header, content)
  } catch {
    throw wrong(`${name} cannot be sent as a header. Use ASCII without line ends.`)
  }
  return content
}

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
    headers: or(headers, {}),
    body: optional((value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))),
    applyEffect: or(flag, false),
  }),
})

const kept = keptRules('faults', 'a fault', shownFault)
export const { list: listFaults, remove: removeFault } = kept

export const addFault: ControlHandler = (call) => {
  const { id: wanted, ...rule } = bodyOf(call, faultBody)
  return kept.add(call, wanted, (id) => ({ id, ...rule, seen: 0 }))
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
