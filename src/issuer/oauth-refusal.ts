/**
 * Why the issuer does not do what was asked: an OAuth error (RFC 6749 section 5.2), in the shape that Entra gives it and
 * with the numbers of Entra's that scripts look for. Stays inside this room; `issuer-answer.ts` turns it into a response.
 */
const kinds = {
  unknownTenant: { status: 400, error: 'invalid_tenant', entraCode: 90002 },
  malformed: { status: 400, error: 'invalid_request', entraCode: null },
  missingParameter: { status: 400, error: 'invalid_request', entraCode: 900144 },
  tooLarge: { status: 413, error: 'invalid_request', entraCode: null },
  wrongMethod: { status: 405, error: 'invalid_request', entraCode: null },
  unsupportedGrant: { status: 400, error: 'unsupported_grant_type', entraCode: 70003 },
  unsupportedResponse: { status: 400, error: 'unsupported_response_type', entraCode: null },
  invalidScope: { status: 400, error: 'invalid_scope', entraCode: 1002012 },
  missingSecret: { status: 401, error: 'invalid_client', entraCode: 7000216 },
  wrongSecret: { status: 401, error: 'invalid_client', entraCode: 7000215 },
  tooManyFailures: { status: 429, error: 'invalid_client', entraCode: 50053 },
  unavailable: { status: 503, error: 'temporarily_unavailable', entraCode: null },
  broken: { status: 500, error: 'server_error', entraCode: null },
} as const

export type OAuthRefusalKind = keyof typeof kinds

export class OAuthRefusal extends Error {
  readonly kind: OAuthRefusalKind
  readonly status: number
  /** The OAuth error code. */
  readonly error: string
  /** The number of Entra's error, null when Entra has none for it. */
  readonly entraCode: number | null
  readonly headers: Readonly<Record<string, string>>

  /** `description`: what happened and what to do; holds nothing that the caller sent but names of parameters. */
  constructor(
    kind: OAuthRefusalKind,
    description: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(description)
    this.name = 'OAuthRefusal'
    this.kind = kind
    this.status = kinds[kind].status
    this.error = kinds[kind].error
    this.entraCode = kinds[kind].entraCode
    this.headers = headers
  }
}
