/** How the issuer's answers look on the wire: plain JSON, errors in the shape of Entra's. */
import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'
import type { HttpRequest, HttpResponse } from '../ports/route.ts'
import { OAuthRefusal } from './oauth-refusal.ts'

/** What was observed is added by who knows the route. */
type Response = Omit<HttpResponse, 'observed'>

const json = { 'content-type': 'application/json; charset=utf-8' }
const neverStored = { ...json, 'cache-control': 'no-store', pragma: 'no-cache' }

/** A public document; it changes when a key is rotated, which others may learn a few minutes later. */
export function documentResponse(document: object): Response {
  return {
    status: 200,
    headers: { ...json, 'cache-control': 'public, max-age=300' },
    body: JSON.stringify(document),
  }
}

/** Holds an access token: nobody on the way may keep it (RFC 6749 section 5.1). */
export function tokenResponse(token: object): Response {
  return { status: 200, headers: neverStored, body: JSON.stringify(token) }
}

export function refusalResponse(refusal: OAuthRefusal, request: HttpRequest, now: Date): Response {
  const { entraCode } = refusal
  return {
    status: refusal.status,
    headers: { ...neverStored, ...refusal.headers, ...challenge(refusal, request) },
    body: JSON.stringify({
      error: refusal.error,
      error_description:
        entraCode === null ? refusal.message : `AADSTS${entraCode}: ${refusal.message}`,
      error_codes: entraCode === null ? [] : [entraCode],
      timestamp: `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`,
      trace_id: request.id,
      correlation_id: correlationOf(request),
    }),
  }
}

/** The refusal that stands for whatever went wrong on the way to an answer. */
export function refusalFor(error: unknown): OAuthRefusal {
  if (error instanceof OAuthRefusal) return error
  if (error instanceof Failure && error.code === 'payloadTooLarge')
    return new OAuthRefusal('tooLarge', 'The form is larger than 16 KiB. Send only what is needed.')
  if (error instanceof Failure && error.code === 'unavailable')
    return new OAuthRefusal(
      'unavailable',
      'The service cannot reach its database at present. Try again shortly.',
      { 'retry-after': String(error.retryAfterSeconds ?? 5) },
    )
  return new OAuthRefusal(
    'broken',
    'The service failed. Look for this trace id in its log, or give it to the operator.',
  )
}

/** Owed to those who sent a Basic header (RFC 6749 section 5.2); to a page in a browser it would open a dialog. */
function challenge(refusal: OAuthRefusal, request: HttpRequest): Record<string, string> {
  return refusal.status === 401 && /^Basic/i.test(request.headers.authorization ?? '')
    ? { 'www-authenticate': 'Basic realm="token endpoint"' }
    : {}
}

/** The id by which the caller knows this request: sign-in libraries put it into the query. */
function correlationOf(request: HttpRequest): string {
  const query = new URLSearchParams(request.target.split('?', 2)[1])
  const given = query.get('client-request-id') ?? request.headers['client-request-id'] ?? ''
  return isGuid(given) ? given : request.id
}
