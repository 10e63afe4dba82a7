/** Puts the rooms together: storage, Apple, issuer, Graph's surface and the due loop, behind one server. */
import { dirname } from 'node:path'
import { hastenEvent } from '../domain/licenses/hasten-event.ts'
import { graphAnswer } from '../graph/dispatch.ts'
import { requestLimiter } from '../graph/gate/throttle.ts'
import { docsAnswer, isDocsPath } from '../graph/metadata/docs-page.ts'
import type { Door } from '../http/answer-at-door.ts'
import { healthDoor } from '../http/health.ts'
import { publicOrigins } from '../http/host-names.ts'
import { startServer } from '../http/server.ts'
import { issuerAnswer } from '../issuer/issuer-answer.ts'
import { isIssuerPath } from '../issuer/issuer-path.ts'
import { startRetention } from '../jobs/retention.ts'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import { notifyAnswer } from '../notify/notify-answer.ts'
import { isNotifyPath } from '../notify/notify-path.ts'
import type { Observe } from '../ports/observer.ts'
import { lockFolder } from '../storage/sqlite/lock-folder.ts'
import { type AccessTokens, openAccessTokens } from './access-tokens.ts'
import type { AppleSide } from './apple-side.ts'
import { type CertificateSource, keepCertificateFresh } from './certificate-source.ts'
import { givenCertificate } from './given-certificate.ts'
import { embeddedFile, type Instance, openInstance } from './instance.ts'
import { type LocalCertificate, localCertificate, localNames } from './local-certificate.ts'
import { requireNotificationOrigin } from './ownership-settings.ts'
import {
  requireAppleUrl,
  requireTls,
  type ServiceSettings,
  type TlsChoice,
} from './service-settings.ts'

const dayMs = 86_400_000

export interface Service {
  /** The first public origin, or where it listens. */
  readonly origin: string
  /** The one that is listened on. */
  readonly port: number
  /** The local CA's certificate, for clients to trust; undefined when the certificate was given, or there is none. */
  readonly caFile: string | undefined
  /** Answers what has arrived, finishes the running chunks, gives leases back, then closes the storage. */
  close(): Promise<void>
}

/** Failure `misconfigured` names the setting at fault; whatever was opened by then is closed again. */
export async function startService(given: {
  readonly settings: ServiceSettings
  readonly observe: Observe
  /** Absent = real time. */
  readonly clock?: Clock
}): Promise<Service> {
  const { settings, observe } = given
  const appleUrl = requireAppleUrl(settings)
  const tls = requireTls(settings)
  requireNotificationOrigin(settings)
  const opened: (() => Promise<void>)[] = []
  // What was opened last is closed first; one that fails must not keep the others open, the storage least of all.
  const closeAll = async () => {
    const errors: unknown[] = []
    for (const close of opened.splice(0).reverse())
      await close().catch((error: unknown) => errors.push(error))
    if (errors.length > 0) throw errors[0]
  }
  try {
    const instance = await openInstance({
      dataDir: settings['data-dir'],
      keyFile: settings['key-file'],
      storageUrl: settings['storage-url'],
      ...(given.clock ? { clock: given.clock } : {}),
    })
    opened.push(() => instance.storage.close())
    // Before anything of the running service's is touched, its local CA above all.
    const file = embeddedFile(settings['data-dir'], settings['storage-url'])
    if (file !== undefined) {
      const release = lockFolder(dirname(file))
      opened.push(async () => release())
      // Alone with the data: whoever held these is dead, and what it had begun goes on at once.
      await instance.storage.instance.schedule.releaseAbandoned()
    }
    const certificate = await certificateFor(tls, settings, instance, observe)
    const caFile = certificate && 'caFile' in certificate ? certificate.caFile : undefined
    const tokens = await openAccessTokens(settings, instance, observe)
    opened.push(() => tokens.stop())
    const apple = await appleSideOf(settings, appleUrl, instance, observe)
    opened.push(() => apple.stop())
    const retention = startRetention({
      ...instance,
      instance: instance.storage.instance,
      observe,
      days: {
        audit: settings['retain-audit-days'],
        runs: settings['retain-runs-days'],
        intents: settings['retain-receipts-days'],
        idempotency: settings['retain-idempotency-days'],
      },
    })
    opened.push(() => retention.stop())
    let isStopping = false
    const checkReady = async () => {
      if (isStopping) throw new Failure('unavailable', 'The service is being stopped.')
      await instance.storage.ping()
    }
    const server = await startServer({
      ...settings.listen,
      ...(certificate ? { tls: certificate.first } : {}),
      publicOrigins: settings['public-origin'] ?? [],
      trustedProxies: settings['trusted-proxy'] ?? [],
      clock: instance.clock,
      observe,
      doors: (origins) => [
        healthDoor(checkReady),
        ...doorsOf({ settings, instance, tokens, apple, observe, origins, caFile }),
      ],
    })
    const stopped = new AbortController()
    const fresh = certificate
      ? keepCertificateFresh({
          source: certificate,
          use: server.useCertificate,
          clock: instance.clock,
          observe,
          stopped: stopped.signal,
        })
      : Promise.resolve()
    // No new work is taken while the last requests are answered; both take their time side by side.
    opened.push(async () => {
      isStopping = true
      stopped.abort()
      await Promise.all([server.close(), apple.drain(), fresh])
    })
    observe({ kind: 'serving', origin: server.origin, appleMode: settings['apple-mode'] })
    let closing: Promise<void> | undefined
    return {
      origin: server.origin,
      port: server.port,
      caFile,
      close() {
        closing ??= closeAll()
        return closing
      },
    }
  } catch (error) {
    // The first trouble is the one to be told of.
    await closeAll().catch(() => undefined)
    throw error
  }
}

/** In mode `off` nothing is due and nobody is asked (graph D2); the way to Apple is not even loaded. */
async function appleSideOf(
  settings: ServiceSettings,
  appleUrl: string,
  instance: Instance,
  observe: Observe,
): Promise<AppleSide> {
  const nothing = () => Promise.resolve()
  if (settings['apple-mode'] === 'off')
    return { apple: null, wake: () => undefined, drain: nothing, stop: nothing }
  const { startAppleSide } = await import('./apple-side.ts')
  return startAppleSide(settings, appleUrl, instance, observe)
}

/** Undefined = plain HTTP. */
async function certificateFor(
  tls: TlsChoice,
  settings: ServiceSettings,
  instance: Instance,
  observe: Observe,
): Promise<CertificateSource | LocalCertificate | undefined> {
  const { now } = instance.clock
  if (tls.kind === 'none') return undefined
  if (tls.kind === 'files') return givenCertificate({ ...tls, now })
  return localCertificate({
    ...instance,
    dataDir: settings['data-dir'],
    names: localNames(settings.listen, publicOrigins(settings['public-origin'] ?? [])),
    now,
    observe,
  })
}

/** A day unless a setting says otherwise (graph D18). */
function recognizedFor(days: number | 'forever' | undefined): number {
  return days === 'forever' ? Number.POSITIVE_INFINITY : (days ?? 1) * dayMs
}

function doorsOf(rooms: {
  readonly settings: ServiceSettings
  readonly instance: Instance
  readonly tokens: AccessTokens
  readonly apple: AppleSide
  readonly observe: Observe
  readonly origins: readonly string[]
  readonly caFile: string | undefined
}): readonly Door[] {
  const { settings, instance, tokens, apple, observe, origins, caFile } = rooms
  const { reads } = instance.storage.instance
  return [
    {
      takes: isIssuerPath,
      answer: issuerAnswer({ ...instance, reads, keys: tokens.keys, observe }),
    },
    { takes: isDocsPath, answer: docsAnswer(caFile) },
    {
      takes: isNotifyPath,
      answer: notifyAnswer({ ...instance, onDue: apple.wake, observe, hastenEvent }),
    },
    {
      takes: () => true,
      answer: graphAnswer({
        ...instance,
        appleMode: settings['apple-mode'],
        apple: apple.apple,
        onDue: apple.wake,
        recognizeRetriesMs: recognizedFor(settings['retain-idempotency-days']),
        observe,
        authenticator: tokens.authenticatorAt(origins),
        throttle: requestLimiter(instance.clock, {
          requests: settings['throttle-requests'],
          writes: settings['throttle-writes'],
        }),
      }),
    },
  ]
}
