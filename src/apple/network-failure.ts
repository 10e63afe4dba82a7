/** Why a call brought no answer at all (Apple 4.2). Only codes are looked at, and only our own words leave this file. */
import { certificateRefused, noUsableAnswer, unsendable } from './errors.ts'
import { type Refusal, refusal } from './refusal.ts'

const causes: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the host could not be resolved',
  EAI_AGAIN: 'the name of the host could not be resolved',
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'the host could not be reached',
  ENETUNREACH: 'the network could not be reached',
  ETIMEDOUT: 'the connection was not made in time',
  UND_ERR_CONNECT_TIMEOUT: 'the connection was not made in time',
  UND_ERR_HEADERS_TIMEOUT: 'the answer did not come in time',
  UND_ERR_BODY_TIMEOUT: 'the answer did not come in time',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_PRX_CONN: 'the proxy cut the connection',
  UND_ERR_PRX_TLS: 'the certificate of the proxy was refused',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut short',
  UND_ERR_ABORTED: 'the proxy refused the connection',
}

/** What Node calls a certificate that it does not accept. A rule about names in a CA shows as UNSPECIFIED. */
const certificateCodes: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNSPECIFIED',
  'UND_ERR_PRX_TLS',
])

/** The steps before a connection is there, as Node names them in its errors. */
const stepsBeforeSending: ReadonlySet<string> = new Set(['connect', 'getaddrinfo'])
const codesBeforeSending: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  // The tunnel to Apple was never there.
  'UND_ERR_ABORTED',
  'UND_ERR_PRX_CONN',
  'UND_ERR_PRX_TLS',
])

/** Reads an error of the HTTP library. The error itself is left behind: it may hold what was sent. */
export function networkFailure(error: unknown, host: string): Refusal {
  const nothingSent = { isNotTaken: true } as const
  const codes = codesIn(error)
  const certificateCode = codes.find((code) => certificateCodes.has(code))
  if (certificateCode !== undefined)
    return {
      ...refusal(certificateRefused, {
        detail: `the certificate was refused (${certificateCode})`,
        host,
      }),
      ...nothingSent,
    }
  if (codes.includes('UND_ERR_INVALID_ARG'))
    return {
      ...refusal(unsendable, { detail: 'the request could not be sent as it was made', host }),
      ...nothingSent,
    }
  const code = codes[0] ?? (error instanceof Error ? error.name : 'no code')
  return {
    ...refusal(noUsableAnswer, { detail: `${causes[code] ?? 'the call failed'} (${code})`, host }),
    ...(isBeforeSending(error, codes) && nothingSent),
  }
}

/** The same code may come from a connection that was there: only the step tells. */
function isBeforeSending(error: unknown, codes: readonly string[]): boolean {
  if (codes.some((code) => codesBeforeSending.has(code))) return true
  const tried = error instanceof AggregateError ? error.errors : [error]
  return tried.length > 0 && tried.every(isStepBeforeSending)
}

function isStepBeforeSending(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && typeof error.syscall === 'string'
    ? stepsBeforeSending.has(error.syscall)
    : false
}

/** When the whole call has used up its time. */
export function timedOut(afterMs: number, host: string): Refusal {
  return refusal(noUsableAnswer, {
    detail: `the whole answer did not come within ${afterMs / 1_000} s`,
    host,
  })
}

/** Codes of the error, of what caused it, and of the addresses that were tried one after another. */
function codesIn(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 4) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const tried = error instanceof AggregateError ? error.errors : []
  return [...own, ...[error.cause, ...tried].flatMap((inner) => codesIn(inner, depth + 1))]
}
