/**
 * The only error that crosses a border between rooms. Its message is for people: what happened, why, what to do; it never
 * holds a secret. Status codes and Graph's error codes belong to the edge (graph/answer/error-response.ts).
 */
export type FailureCode =
  | 'accessTokenMissing'
  | 'accessTokenMalformed'
  | 'accessTokenExpired'
  | 'accessTokenAudience'
  | 'accessTokenRefused'
  | 'unknownSegment'
  | 'unknownVersion'
  | 'badRequest'
  | 'unreadablePayload'
  | 'notJsonContent'
  | 'invalidModel'
  | 'forbidden'
  | 'notFound'
  | 'wrongVerb'
  | 'conflict'
  | 'idempotencyMismatch'
  | 'preconditionFailed'
  | 'payloadTooLarge'
  | 'dependencyFailed'
  | 'throttled'
  | 'notServed'
  | 'unavailable'
  | 'superseded'
  | 'misconfigured'
  | 'internal'

export interface FailureDetails {
  /** The wire name of the property or option at fault. */
  readonly property?: string
  /** For `wrongVerb`: what the route allows. */
  readonly allow?: readonly string[]
  /** For `throttled` and `unavailable`: whole seconds to wait, at least 1. */
  readonly retryAfterSeconds?: number
  /** For people who read traces, never shown to a caller nor logged raw. */
  readonly cause?: unknown
}

export class Failure extends Error {
  readonly code: FailureCode
  readonly property: string | undefined
  readonly allow: readonly string[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'Failure'
    this.code = code
    this.property = details.property
    this.allow = details.allow
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}
