import { tokenError } from '../tokens/token-state.ts'
import { limiterNow, worldNow } from '../world/world.ts'
import { type Answer, Refusal, refusalAnswer } from './answer.ts'
import { bearerText } from './bearer.ts'
import { type Endpoint, type FoundEndpoint, findEndpoint } from './endpoints.ts'
import { statusOf } from './error-numbers.ts'
import { checkQueryNames } from './query.ts'
import type { Arrival, LocationCall } from './request.ts'

const mayBeInFlight = 5

/**
 * Apple contract 11.2, stages 2 to 9, in this order; stage 1 (faults) stands before it, the endpoints' own
 * stages behind it.
 */
export async function answerCall(arrival: Arrival): Promise<Answer> {
  try {
    const { endpoint, params } = knownPath(arrival)
    return await answerAt(endpoint, params, arrival)
  } catch (cause) {
    if (cause instanceof Refusal) return refusalAnswer(cause)
    throw cause
  }
}

async function answerAt(
  endpoint: Endpoint,
  params: Record<string, string>,
  arrival: Arrival,
): Promise<Answer> {
  const { world, worldUrl, call } = arrival
  const open = { world, worldUrl, query: call.query, params, headers: call.headers }
  const { switches } = world.state
  if (!endpoint.login) {
    const handle = knownVerb(endpoint.verbs, call.method)
    if (endpoint.query) checkQueryNames(call.query, endpoint.query, switches)
    return handle(open)
  }
  const handle = knownVerb(endpoint.verbs, call.method)
  bearerForm(arrival)
  const { token, library } = goodToken(arrival)
  withinRate(arrival)
  if (token.rights === 'read-only' && !endpoint.readOnly) throw new Refusal(9637)
  const hasBody = call.method === 'POST' && !(endpoint.takesNoBody && call.bodyText === '')
  const body = hasBody ? jsonBody(arrival) : undefined
  checkQueryNames(call.query, endpoint.query, switches)
  return handle({ ...open, library, token, body, sent: call })
}

function knownPath(arrival: Arrival): FoundEndpoint {
  const found = findEndpoint(arrival.call.path)
  if (found === undefined) throw new Refusal(undefined)
  return found
}

function knownVerb<Handler>(verbs: Partial<Record<string, Handler>>, method: string): Handler {
  const handle = Object.hasOwn(verbs, method) ? verbs[method] : undefined
  if (handle === undefined) throw new Refusal(9726)
  return handle
}

function bearerForm({ world, call }: Arrival): void {
  const header = call.headers.authorization
  if (header === undefined) throw new Refusal(9601)
  if (bearerText(header) === undefined) {
    throw new Refusal(9722, { status: statusOf(9722, world.state.switches) })
  }
}

function goodToken({ world, token, library }: Arrival): Pick<LocationCall, 'token' | 'library'> {
  const { switches } = world.state
  const number = tokenError(token, worldNow(world), switches)
  if (number !== undefined || token === undefined || library === undefined) {
    throw new Refusal(number ?? 9622, { status: statusOf(number ?? 9622, switches) })
  }
  return { token, library }
}

function withinRate({ world, overRate, inFlight }: Arrival): void {
  const { switches, settings } = world.state
  const overParallel = settings.refuseOverParallel && inFlight > mayBeInFlight
  if (!overRate && !overParallel) return
  if (switches.retryAfterOn429 === 'absent') throw new Refusal(9646)
  const retryAfter =
    switches.retryAfterForm === 'seconds'
      ? '1'
      : new Date(Math.ceil((limiterNow(world) + 1000) / 1000) * 1000).toUTCString()
  throw new Refusal(9646, { headers: { 'retry-after': retryAfter } })
}

function jsonBody({ call }: Arrival): unknown {
  const contentType = call.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(contentType)) throw new Refusal(9727)
  try {
    return JSON.parse(call.bodyText)
  } catch {
    throw new Refusal(9602)
  }
}
