/** What the service is told at start, by the names of the settings table, and what of it contradicts itself. */
import { appleBaseUrl } from '../apple/endpoints.ts'
import { appleLookupUrl, type LookupPlaceSettings, lookupPath } from '../apple/lookup-place.ts'
import type { IssuerSetting } from '../auth/foreign-issuer.ts'
import type { ListenAddress } from '../config/setting-kinds.ts'
import { isLoopbackHost } from '../http/host-names.ts'
import { Failure } from '../model/failure.ts'

export interface ServiceSettings {
  readonly 'data-dir': string
  readonly 'key-file': string
  /** Absent = SQLite in the data folder. */
  readonly 'storage-url'?: string | undefined
  readonly listen: ListenAddress
  /** Absent or empty = the loopback names of the listener. */
  readonly 'public-origin'?: readonly string[] | undefined
  /** Addresses and ranges. */
  readonly 'trusted-proxy'?: readonly string[] | undefined
  /** PEM files, both or neither; neither = the local CA. */
  readonly 'tls-cert'?: string | undefined
  readonly 'tls-key'?: string | undefined
  readonly 'no-tls'?: boolean | undefined
  readonly issuer?: readonly IssuerSetting[] | undefined
  readonly 'issuer-audience'?: readonly string[] | undefined
  readonly 'apple-mode': 'live' | 'simulated' | 'off'
  readonly 'apple-url': string | undefined
  readonly 'apple-ca': string | undefined
  /** Absent = 10. */
  readonly 'apple-connect-seconds'?: number | undefined
  /** Absent = 60. */
  readonly 'apple-request-seconds'?: number | undefined
  readonly 'apple-lookup-url'?: string | undefined
  /** Absent or empty = Apple's own, or those of the stand-in. */
  readonly 'apple-lookup-host'?: readonly string[] | undefined
  readonly 'apple-lookup-language'?: string | undefined
  readonly 'apple-icon-host'?: readonly string[] | undefined
  /** Absent = Pomona. */
  readonly 'instance-name'?: string | undefined
  readonly 'apple-notifications'?: boolean | undefined
  /** The due loop is left to other processes. */
  readonly 'no-worker'?: boolean | undefined
  /** In 20 seconds; absent = no limit. */
  readonly 'throttle-requests'?: number | undefined
  readonly 'throttle-writes'?: number | undefined
  /** Absent = for ever. */
  readonly 'retain-audit-days'?: number | 'forever' | undefined
  readonly 'retain-runs-days'?: number | 'forever' | undefined
  readonly 'retain-receipts-days'?: number | 'forever' | undefined
  readonly 'retain-idempotency-days'?: number | 'forever' | undefined
}

/** Mode `simulated` is no second code path: it only demands an address and lets it be another host's (graph H8). */
export function requireAppleUrl(settings: ServiceSettings): string {
  const { 'apple-mode': mode, 'apple-url': url } = settings
  if (mode === 'simulated' && url === undefined)
    throw wrong(
      'apple-url',
      "The mode 'simulated' needs an address to ask. Give --apple-url, or --apple-mode off to ask nobody.",
    )
  const given = new URL(url ?? appleBaseUrl)
  if (given.username !== '' || given.password !== '' || given.search !== '' || given.hash !== '')
    throw wrong(
      'apple-url',
      'The setting --apple-url may hold a host and a path only: no user, password, query or fragment. Leave those out.',
    )
  if (mode === 'live' && given.origin !== new URL(appleBaseUrl).origin)
    throw wrong(
      'apple-url',
      `In mode 'live' content tokens go to Apple's host alone, over HTTPS, and --apple-url names ${given.origin}. Leave it out, or use --apple-mode simulated.`,
    )
  return url ?? appleBaseUrl
}

export interface LookupChoice {
  readonly lookup: LookupPlaceSettings
  readonly iconHosts: readonly string[]
}

/** Where names and icons come from; a stand-in for Apple is not mixed with Apple's own hosts. */
export function lookupChoice(settings: ServiceSettings, appleUrl: string): LookupChoice {
  const { 'apple-lookup-url': url, 'apple-icon-host': iconHosts = [] } = settings
  const isSimulated = settings['apple-mode'] === 'simulated'
  const hosts = requireLookupHosts(settings)
  const standIns = [appleUrl, ...(url === undefined ? [] : [url])].map((each) => new URL(each).host)
  const usual = isSimulated
    ? { fallbackUrl: new URL(lookupPath, appleUrl).href, hosts: standIns, iconHosts: standIns }
    : {
        fallbackUrl: appleLookupUrl,
        hosts: [new URL(appleLookupUrl).host],
        iconHosts: ['*.mzstatic.com'],
      }
  return {
    lookup: {
      ...(url === undefined ? {} : { url }),
      fallbackUrl: usual.fallbackUrl,
      credentialHosts: hosts.length > 0 ? hosts : usual.hosts,
      isSimulated,
    },
    iconHosts: iconHosts.length > 0 ? iconHosts : usual.iconHosts,
  }
}

/** Failure `misconfigured` for a host that must not get content tokens (graph H8). */
export function requireLookupHosts(settings: ServiceSettings): readonly string[] {
  const hosts = settings['apple-lookup-host'] ?? []
  const foreign = hosts.find((host) => !host.endsWith('.apple.com'))
  if (settings['apple-mode'] === 'live' && foreign !== undefined)
    throw wrong(
      'apple-lookup-host',
      `In mode 'live' content tokens go to Apple's hosts alone, and --apple-lookup-host names ${foreign}. Leave it out, or use --apple-mode simulated.`,
    )
  return hosts
}

export type TlsChoice =
  | { readonly kind: 'localCa' }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
  | { readonly kind: 'none' }

/** Failure `misconfigured` when the settings contradict each other, or access tokens would cross a network in the clear. */
export function requireTls(settings: ServiceSettings): TlsChoice {
  const { 'tls-cert': certFile, 'tls-key': keyFile, listen } = settings
  if (settings['no-tls']) {
    if (certFile !== undefined || keyFile !== undefined)
      throw wrong(
        'no-tls',
        '--no-tls contradicts --tls-cert and --tls-key. Give either the one or the others.',
      )
    if (!isLoopbackHost(listen.host) && (settings['trusted-proxy'] ?? []).length === 0)
      throw wrong(
        'no-tls',
        `--no-tls would send access tokens in the clear to ${listen.host}. Listen on 127.0.0.1, or name the proxies that speak HTTPS for the service with --trusted-proxy.`,
      )
    return { kind: 'none' }
  }
  if (certFile === undefined && keyFile === undefined) return { kind: 'localCa' }
  if (certFile !== undefined && keyFile !== undefined) return { kind: 'files', certFile, keyFile }
  const missing = certFile === undefined ? 'tls-cert' : 'tls-key'
  throw wrong(missing, `--tls-cert and --tls-key belong together. Give --${missing} as well.`)
}

/** Failure `misconfigured` for audiences without anybody who writes them; the other way round the issuer's check says it. */
export function requireIssuers(settings: ServiceSettings): readonly IssuerSetting[] {
  const issuers = settings.issuer ?? []
  if (issuers.length === 0 && (settings['issuer-audience'] ?? []).length > 0)
    throw wrong(
      'issuer-audience',
      '--issuer-audience is for the tokens of other issuers, and none is named. Give --issuer, or leave it out: the embedded issuer has its own audience.',
    )
  return issuers
}

function wrong(property: string, message: string): Failure {
  return new Failure('misconfigured', message, { property })
}
