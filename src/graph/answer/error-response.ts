/** From a failure to Graph's error body (graph 7.6). The one table of statuses and codes. */
import { Failure, type FailureCode } from '../../model/failure.ts'

interface Shown {
  readonly status: number
  /** Graph's word for it. */
  readonly code: string
}

export const shownAs: Readonly<Record<FailureCode, Shown>> = {
  accessTokenMissing: { status: 401, code: 'InvalidAuthenticationToken' },
  accessTokenMalformed: { status: 401, code: 'InvalidAuthenticationToken' },
  accessTokenExpired: { status: 401, code: 'InvalidAuthenticationToken' },
  accessTokenAudience: { status: 401, code: 'InvalidAuthenticationToken' },
  accessTokenRefused: { status: 401, code: 'InvalidAuthenticationToken' },
  unknownSegment: { status: 400, code: 'BadRequest' },
  unknownVersion: { status: 404, code: 'ResourceNotFound' },
  badRequest: { status: 400, code: 'BadRequest' },
  unreadablePayload: { status: 400, code: 'BadRequest' },
  notJsonContent: { status: 400, code: 'BadRequest' },
  invalidModel: { status: 400, code: 'ModelValidationFailure' },
  forbidden: { status: 403, code: 'Forbidden' },
  notFound: { status: 404, code: 'ResourceNotFound' },
  wrongVerb: { status: 405, code: 'MethodNotAllowed' },
  conflict: { status: 409, code: 'Conflict' },
  idempotencyMismatch: { status: 422, code: 'UnprocessableEntity' },
  preconditionFailed: { status: 412, code: 'PreconditionFailed' },
  payloadTooLarge: { status: 413, code: 'RequestEntityTooLarge' },
  dependencyFailed: { status: 424, code: 'FailedDependency' },
  throttled: { status: 429, code: 'TooManyRequests' },
  notServed: { status: 501, code: 'NotImplemented' },
  unavailable: { status: 503, code: 'ServiceUnavailable' },
  // These three are not for callers: what happened stands in the log under the request-id.
  superseded: { status: 500, code: 'InternalError' },
  misconfigured: { status: 500, code: 'InternalError' },
  internal: { status: 500, code: 'InternalError' },
}

export interface ErrorContext {
  readonly requestId: string
  readonly clientRequestId: string
  readonly now: Date
  readonly origin: string
}

export interface ErrorResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly failureCode: FailureCode
}

/** Anything that is not a Failure is a fault of Pomona's: the caller learns only where to look. */
export function errorResponse(error: unknown, context: ErrorContext): ErrorResponse {
  const failure = error instanceof Failure ? error : undefined
  const failureCode = failure?.code ?? 'internal'
  const { status, code } = shownAs[failureCode]
  const message =
    failure && status !== 500
      ? failure.message
      : `Something went wrong inside Pomona. Nothing was lost; look in its log for request-id ${context.requestId}.`
  const target = failure?.property === undefined ? {} : { target: failure.property }
  return {
    status,
    failureCode,
    headers: headersOf(failure, status, context),
    body: JSON.stringify({
      error: {
        code,
        message,
        ...target,
        innerError: innerError(failureCode, message, failure, context),
      },
    }),
  }
}

function innerError(
  failureCode: FailureCode,
  message: string,
  failure: Failure | undefined,
  { requestId, clientRequestId, now }: ErrorContext,
) {
  const ids = {
    date: now.toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': clientRequestId,
  }
  if (failureCode === 'invalidModel') return { message, ...ids }
  if (failureCode === 'throttled')
    return {
      code: '429',
      date: ids.date,
      message: `Please retry after ${failure?.retryAfterSeconds ?? 1} seconds`,
      'request-id': requestId,
      'client-request-id': clientRequestId,
      status: '429',
    }
  return ids
}

function headersOf(
  failure: Failure | undefined,
  status: number,
  { origin }: ErrorContext,
): Record<string, string> {
  if (status === 401) {
    const authorize = `${origin}/common/oauth2/v2.0/authorize`
    return {
      'WWW-Authenticate': `Bearer realm="", authorization_uri="${authorize}", client_id="00000003-0000-0000-c000-000000000000"`,
    }
  }
  if (status === 405) return { Allow: (failure?.allow ?? []).join(', ') }
  if (status === 429 || status === 503)
    return { 'Retry-After': String(Math.max(1, Math.ceil(failure?.retryAfterSeconds ?? 1))) }
  return {}
}
