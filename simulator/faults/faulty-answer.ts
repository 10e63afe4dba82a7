import { type Answer, bytesOf, jsonAnswer } from '../data-plane/answer.ts'
import { errorNumber } from '../error-numbers.ts'
import type { FaultAction } from './fault.ts'

/**
 * What a call gets when a fault meets it (Apple contract 11.7). The real call is made only where it changes
 * nothing (GET), where `applyEffect` asks for it, or where the fault merely delays or decorates the answer.
 */
export async function faultyAnswer(
  action: FaultAction,
  method: string,
  realAnswer: () => Promise<Answer>,
): Promise<Answer> {
  const isReal = method === 'GET' || action.applyEffect || !replacesOutcome(action)
  const real = isReal ? await realAnswer() : undefined
  const answer = truncated(replaced(action, real), action.truncateAt)
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

function replaced(action: FaultAction, real: Answer | undefined): Answer {
  if (action.body !== undefined) {
    return {
      status: action.status ?? 200,
      headers: { 'content-type': contentTypeOf(action.body) },
      body: action.body,
    }
  }
  if (action.errorNumber !== undefined) {
    const { status, message } = errorNumber(action.errorNumber)
    const body = { errorNumber: action.errorNumber, errorMessage: message }
    return { ...jsonAnswer(action.status ?? status, body), errorNumber: action.errorNumber }
  }
  const hasRealBody =
    action.status === undefined || action.status < 300 || action.truncateAt !== undefined
  if (real !== undefined && hasRealBody) return { ...real, status: action.status ?? real.status }
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
