/** What the server itself answers, before any room was asked: in the shape of Graph's errors (graph 7.6). */
import type { FailureCode } from '../model/failure.ts'
import type { HttpResponse } from '../ports/route.ts'

export function refusal(
  status: number,
  code: string,
  message: string,
  observed: { readonly route: string; readonly failureCode: FailureCode },
): HttpResponse & { readonly body: string } {
  return {
    status,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ error: { code, message } }),
    observed,
  }
}
