/** How Apple is reached: proxies from the environment, a private CA beside the public ones, certificates always verified. */
import tls from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'

export interface DispatcherSettings {
  /** Certificates in PEM trusted in addition to the ones Node trusts; for a private CA (Apple C14). */
  readonly caPem?: string
  readonly connectTimeoutMs: number
  /** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` in either case. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Close it when the service stops. */
export function createAppleDispatcher(settings: DispatcherSettings): Dispatcher {
  const { caPem, connectTimeoutMs, environment } = settings
  const trust = {
    // Said here, since Node has an environment variable that says otherwise for the whole process (Apple C14).
    rejectUnauthorized: true,
    ...(caPem === undefined ? {} : { secureContext: trusting(caPem) }),
  }
  const named = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? ''
  const bypassed = [named('NO_PROXY'), 'localhost', '127.0.0.1', '[::1]']
  return new EnvHttpProxyAgent({
    httpProxy: named('HTTP_PROXY'),
    httpsProxy: named('HTTPS_PROXY'),
    // What runs on this machine, such as a simulator, is never asked of a proxy.
    noProxy: bypassed.filter((host) => host !== '').join(','),
    allowH2: false,
    connect: { ...trust, timeout: connectTimeoutMs },
    proxyTls: { ...trust, timeout: connectTimeoutMs },
    requestTls: { ...trust, timeout: connectTimeoutMs },
  })
}

/** One context for all connections: reading the list of trusted certificates takes longer than connecting. */
function trusting(caPem: string): tls.SecureContext {
  // Older Nodes know only the list they bring along, not the one that their settings extend.
  const usual = tls.getCACertificates?.('default') ?? tls.rootCertificates
  return tls.createSecureContext({ ca: [...usual, caPem] })
}
