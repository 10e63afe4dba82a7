/** How the commands reach a service: with its CA beside the public ones, and with words for what goes wrong on the way. */
import tls from 'node:tls'
import { Agent, fetch } from 'undici'
import type { Fetch } from '../client/api.ts'
import { Failure } from '../model/failure.ts'

const connectTimeoutMs = 10_000

/**
 * A fetch that trusts one more CA (absent = the usual ones), and a way to let go of its connections. `originFrom`: a sentence that
 * says who named the address, for whoever did not; it goes with whatever keeps the service from being reached.
 */
export function trustingFetch(
  caPem?: string,
  originFrom = '',
): {
  readonly fetch: Fetch
  close(): Promise<void>
} {
  const trust = caPem === undefined ? {} : { ca: [...tls.rootCertificates, caPem] }
  const dispatcher = new Agent({ connect: { ...trust, timeout: connectTimeoutMs } })
  return {
    fetch: async (url, init) => {
      try {
        return await fetch(url, { ...init, dispatcher, redirect: 'manual' })
      } catch (error) {
        throw withSource(unreached(new URL(url).origin, error), originFrom)
      }
    },
    close: () => dispatcher.close(),
  }
}

/** Not for a CA that is not trusted: then somebody answers there. */
function withSource(failure: Failure, originFrom: string): Failure {
  const { code, message, property } = failure
  if (originFrom === '' || property === 'ca-file') return failure
  return new Failure(code, `${message} ${originFrom}`, property === undefined ? {} : { property })
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
}

/** As browsers do, fetch calls no port that is known for another protocol; it tells so by its words alone. */
const barredPort = 'bad port'

const untrusted = /SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/

/** Only codes are looked at: the error itself may hold what was sent. */
function unreached(origin: string, error: unknown): Failure {
  const code = codeIn(error)
  if (error instanceof Error && error.cause instanceof Error && error.cause.message === barredPort)
    return new Failure(
      'misconfigured',
      `${origin} cannot be called: its port belongs to another protocol, and web clients refuse to call it. Give the service another port, and name it by --origin.`,
      { property: 'origin' },
    )
  if (untrusted.test(code))
    return new Failure(
      'misconfigured',
      `The certificate of ${origin} is from a CA that is not trusted here. Name the service's CA by --ca-file: it is ca.pem in its data folder.`,
      { property: 'ca-file' },
    )
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new Failure(
      'misconfigured',
      `The certificate of ${origin} is for other names. Call the service by a name in its certificate (--origin).`,
      { property: 'origin' },
    )
  if (/CERT|UNSPECIFIED/.test(code))
    return new Failure(
      'unavailable',
      `The certificate of ${origin} is not accepted (${code}). Mend it at the service.`,
    )
  if (/SSL|EPROTO|HPE_/.test(code))
    return new Failure(
      'misconfigured',
      `${origin} does not speak ${origin.startsWith('https') ? 'https' : 'http'}. Check scheme and port of --origin.`,
      { property: 'origin' },
    )
  const isCut = code === 'ECONNRESET' || code === 'UND_ERR_SOCKET'
  const hint = isCut && origin.startsWith('http:') ? ' Perhaps it speaks https.' : ''
  return new Failure(
    'unavailable',
    `${origin} cannot be reached: ${reasons[code] ?? (code || 'nobody says why')}.${hint} Check --origin, and that the service runs.`,
  )
}

function codeIn(error: unknown): string {
  for (let link = error; link instanceof Error; link = link.cause) {
    const code = (link as { code?: unknown }).code
    if (typeof code === 'string') return code
    // A host with several addresses: every one of them failed.
    if (link instanceof AggregateError && link.errors.length > 0) return codeIn(link.errors[0])
  }
  return ''
}
