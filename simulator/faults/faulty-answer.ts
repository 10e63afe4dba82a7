import { type Answer, bytesOf, jsonAnswer } from '../data-plane/answer.ts'
import { errorNumber, statusOf } from '../data-plane/error-numbers.ts'
import type { Switches } from '../world/switches.ts'
import type { FaultAction } from './fault.ts'

/**
 * What a call gets when a fault meets it (Apple contract 11.7). The real call is made only where `applyEffect` asks
 * for it, where the fault merely delays or decorates the answer, or where a GET shows some of it.
 */
export async function faultyAnswer(
  action: FaultAction,
  { method, switches }: { method: string; switches: Switches },
  realAnswer: () => Promise<Answer>,
): Promise<Answer> {
  const isReal =
    action.applyEffect || !replacesOutcome(action) || (method === 'GET' && showsReal(action))
  const real = isReal ? await realAnswer() : undefined
  const answer = truncated(replaced(action, real, switches), action.truncateAt)
  const headers = { ...answer.headers, ...lowerCased(action.headers) }
  if (action.retryAfter !== undefined) headers['retry-after'] = action.retryAfter
  return {
    ...answer,
    headers,
    ...(real?.effect !== undefined && { effect: real.effect }),
    ...(real?.eventId !== undefined && { eventId: real.eventId }),
  }
}

function replacesOutcome(action: FaultAction): boolean {
  return (
    action.status !== undefined ||
    action.errorNumber !== undefined ||
    action.body !== undefined ||
    action.truncateAt !== undefined ||
    action.cut !== 'none'
  )
}

/** Some of the real JSON reaches the client; otherwise nothing has to happen, walk scripts neither. */
function showsReal({ status, errorNumber, body, truncateAt, cut }: FaultAction): boolean {
  if (cut === 'beforeHeaders' || body !== undefined || errorNumber !== undefined) return false
  return status === undefined || status < 300 || truncateAt !== undefined
}

function replaced(action: FaultAction, real: Answer | undefined, switches: Switches): Answer {
  if (action.body !== undefined) {
    return {
      status: action.status ?? 200,
      headers: { 'content-type': contentTypeOf(action.body) },
      body: action.body,
    }
  }
  if (action.errorNumber !== undefined) {
    const status = action.status ?? statusOf(action.errorNumber, switches)
    const { message } = errorNumber(action.errorNumber)
    const body = { errorNumber: action.errorNumber, errorMessage: message }
    return { ...jsonAnswer(status, body), errorNumber: action.errorNumber }
  }
  if (real !== undefined && showsReal(action))
    return { ...real, status: action.status ?? real.status }
  return { status: action.status ?? 500, headers: {}, body: '' }
}

function contentTypeOf(body: string): string {
  return body.trimStart().startsWith('<') ? 'text/html' : 'application/json'
}

function truncated(answer: Answer, bytes: number | undefined): Answer {
  if (bytes === undefined) return answer
  const { page: _, ...rest } = answer
  return { ...rest, body: bytesOf(answer).subarray(0, bytes) }
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}
