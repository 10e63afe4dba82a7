/** Puts the rooms together: storage, Apple, issuer, Graph's surface and the due loop, behind one server. */
import { readFile } from 'node:fs/promises'
import { isIPv4, isIPv6 } from 'node:net'
import { appleBaseUrl, createAppleVpp } from '../apple/apple-vpp.ts'
import { createAppleDispatcher } from '../apple/dispatcher.ts'
import { createAuthenticator } from '../auth/bearer.ts'
import type { ListenAddress } from '../config/settings.ts'
import { runSync } from '../domain/sync/run-sync.ts'
import { graphAnswer } from '../graph/dispatch.ts'
import { healthDoor } from '../http/health.ts'
import { type Door, type RunningServer, startServer } from '../http/server.ts'
import { issuerAnswer } from '../issuer/issuer-answer.ts'
import { isIssuerPath } from '../issuer/issuer-path.ts'
import { loadSigningKeys } from '../issuer/signing-keys.ts'
import { type DueLoop, startDueLoop } from '../jobs/due-loop.ts'
import { Failure } from '../model/failure.ts'
import type { AppleVpp } from '../ports/apple-vpp.ts'
import type { Observe } from '../ports/observer.ts'
import { type Instance, openInstance } from './instance.ts'
import { type HostNames, localCertificate } from './local-certificate.ts'

export interface ServiceSettings {
  readonly 'data-dir': string
  readonly 'key-file': string
  readonly listen: ListenAddress
  readonly 'apple-mode': 'live' | 'simulated' | 'off'
  readonly 'apple-url': string | undefined
  readonly 'apple-ca': string | undefined
}

export interface Service {
  readonly origin: string
  /** The CA certificate that clients trust. */
  readonly caFile: string
  close(): Promise<void>
}

/** The audiences of Graph's own access tokens, which only the embedded issuer may use here (graph 6.2). */
const graphAudiences = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
]
const verifiedTokensKept = 10_000
const appleTimeouts = { connectMs: 10_000, requestMs: 60_000 }
const syncPlaces = 8
const leaseMs = 60_000

export async function startService(given: {
  readonly settings: ServiceSettings
  readonly observe: Observe
}): Promise<Service> {
  const { settings, observe } = given
  const appleUrl = requireAppleUrl(settings)
  const instance = await openInstance({
    dataDir: settings['data-dir'],
    keyFile: settings['key-file'],
  })
  const certificate = await localCertificate({
    ...instance,
    dataDir: settings['data-dir'],
    names: namesOf(settings.listen),
    now: instance.clock.now(),
  })
  const keys = await loadSigningKeys(instance)
  const apple = await startApple(settings, appleUrl, instance, observe)
  const server: RunningServer = await startServer({
    ...settings.listen,
    tls: certificate,
    publicOrigins: [],
    observe,
    doors: (origin): readonly Door[] => [
      healthDoor(() => instance.storage.ping()),
      {
        takes: isIssuerPath,
        answer: issuerAnswer({
          ...instance,
          reads: instance.storage.instance.reads,
          keys,
          observe,
        }),
      },
      {
        takes: () => true,
        answer: graphAnswer({
          ...instance,
          appleMode: settings['apple-mode'],
          apple: apple?.vpp ?? null,
          onDue: () => apple?.loop.wake(),
          observe,
          authenticator: createAuthenticator({
            clock: instance.clock,
            cacheSize: verifiedTokensKept,
            issuers: [
              {
                issuer: `${origin}/{tid}/v2.0`,
                audiences: graphAudiences,
                algorithms: ['ES256'],
                tenants: 'fromIssuer',
                isOurs: true,
                keyFor: keys.keyFor,
              },
            ],
          }),
        }),
      },
    ],
  })
  observe({ kind: 'serving', origin: server.origin, appleMode: settings['apple-mode'] })
  return {
    origin: server.origin,
    caFile: certificate.caFile,
    close: async () => {
      await server.close()
      await apple?.stop()
      await instance.storage.close()
    },
  }
}

/** Mode `simulated` is no second code path: it only demands an address and lets it be another host's (graph H8). */
function requireAppleUrl(settings: ServiceSettings): string {
  const { 'apple-mode': mode, 'apple-url': url } = settings
  if (mode === 'simulated' && url === undefined)
    throw new Failure(
      'misconfigured',
      "The mode 'simulated' needs an address to ask. Give --apple-url, or --apple-mode off to ask nobody.",
      { property: 'apple-url' },
    )
  if (mode === 'live' && url !== undefined && new URL(url).host !== new URL(appleBaseUrl).host)
    throw new Failure(
      'misconfigured',
      `In mode 'live' content tokens go to Apple's host alone, and --apple-url names ${new URL(url).host}. Leave it out, or use --apple-mode simulated.`,
      { property: 'apple-url' },
    )
  return url ?? appleBaseUrl
}

/** Loopback names always; the address that is listened on when it is one of its own. */
function namesOf({ host }: ListenAddress): HostNames {
  const isAny = host === '0.0.0.0' || host === '::'
  const isAddress = isIPv4(host) || isIPv6(host)
  return {
    dnsNames: [...new Set(['localhost', ...(isAddress ? [] : [host])])],
    ipAddresses: [...new Set(['127.0.0.1', '::1', ...(isAddress && !isAny ? [host] : [])])],
  }
}

/** The due loop and its way to Apple; nothing in mode `off` (graph D2). */
async function startApple(
  settings: ServiceSettings,
  baseUrl: string,
  instance: Instance,
  observe: Observe,
): Promise<{ readonly vpp: AppleVpp; readonly loop: DueLoop; stop(): Promise<void> } | undefined> {
  if (settings['apple-mode'] === 'off') return undefined
  const dispatcher = createAppleDispatcher({
    ...(settings['apple-ca'] === undefined
      ? {}
      : { caPem: await readFile(settings['apple-ca'], 'utf8') }),
    connectTimeoutMs: appleTimeouts.connectMs,
    environment: process.env,
  })
  const apple = createAppleVpp({
    baseUrl,
    dispatcher,
    clock: instance.clock,
    random: Math.random,
    requestTimeoutMs: appleTimeouts.requestMs,
    observe,
  })
  const deps = { ...instance, apple, random: Math.random, observe }
  const loop = startDueLoop({
    schedule: instance.storage.instance.schedule,
    clock: instance.clock,
    observe,
    concurrency: syncPlaces,
    leaseMs,
    runOne: (taken, leases, signal) => runSync(deps, taken, leases, signal),
  })
  return {
    vpp: apple,
    loop,
    stop: async () => {
      await loop.stop()
      await dispatcher.close()
    },
  }
}
