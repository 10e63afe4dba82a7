/** The HTTP(S) server: listens, hands each request to its door, and closes without cutting one. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../model/clock.ts'
import { traceOf } from '../model/observation.ts'
import type { Observe } from '../ports/observer.ts'
import type { HttpResponse } from '../ports/route.ts'
import { answerAtDoor, type Door, type Doorway } from './answer-at-door.ts'
import { openConnections } from './connections.ts'
import { originsOfListener, publicOrigins } from './host-names.ts'
import { type Limits, usualLimits } from './limits.ts'
import { type ListenAt, listenAt } from './listen.ts'
import {
  createListener,
  type ServerCertificate,
  stopListening,
  useCertificate,
} from './listener.ts'
import { send } from './plain-request.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface ServerOptions extends ListenAt {
  /** Absent = plain HTTP. */
  readonly tls?: ServerCertificate
  /** The origins that links carry; none = the loopback names of the port that is listened on. */
  readonly publicOrigins: readonly string[]
  /** Addresses and ranges of those whose word about the caller counts. */
  readonly trustedProxies: readonly string[]
  /** Made once the origins are known. */
  readonly doors: (origins: readonly string[]) => readonly Door[]
  readonly clock: Clock
  readonly observe: Observe
  readonly limits?: Partial<Limits>
}

export interface RunningServer {
  readonly origin: string
  readonly port: number
  /** For connections from now on; those that are open keep theirs. */
  useCertificate(certificate: ServerCertificate): void
  /** Takes no new connection, answers every request that has arrived, then closes. */
  close(): Promise<void>
}

/** Failure `misconfigured` for a public origin or a trusted proxy that is none, and for a place where it cannot listen. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const configured = publicOrigins(options.publicOrigins)
  const proxies = trustedProxies(options.trustedProxies)
  const limits = { ...usualLimits, ...options.limits }
  const { tls, observe } = options
  const connections = openConnections()
  let isDraining = false
  let doorway: Doorway | undefined
  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const answered = doorway ? await answerAtDoor(doorway, message, response) : notYet
    const isLastOnConnection = isDraining && connections.isNewest(message)
    try {
      send(response, message, answered, isLastOnConnection)
    } catch (error) {
      // Its headers cannot be written: a fault of the room that answered.
      const requestId = answered.headers['request-id'] ?? ''
      observe({ kind: 'requestCrashed', requestId, error: traceOf(error) })
      const headers = { 'request-id': requestId, 'Content-Length': 0 }
      response.writeHead(500, 'Internal Server Error', headers).end()
    }
  }
  const { port, listeners } = await listenAt(options, () =>
    createListener({ tls, limits, connections, observe, handle }),
  )
  const scheme = tls ? 'https' : 'http'
  const origins = originsOfListener({ ...options, scheme, port, publicOrigins: configured })
  const doors = options.doors(origins.all)
  doorway = { origins, proxies, doors, isTls: tls !== undefined, observe }

  async function drain(): Promise<void> {
    isDraining = true
    const silent = Promise.all(listeners.map(stopListening))
    // What has reached this machine already is read first, so that it counts as under way.
    for (let turn = 0; turn < 2; turn += 1) await nextTurn()
    connections.closeWhenIdle()
    const ended = new AbortController()
    const limit = options.clock.sleep(limits.drainMs, ended.signal).then(
      () => connections.closeAll(),
      () => undefined,
    )
    await silent
    ended.abort()
    await limit
  }

  let closing: Promise<void> | undefined
  return {
    origin: origins.main,
    port,
    useCertificate(certificate) {
      for (const listener of listeners) useCertificate(listener, certificate)
    },
    close() {
      closing ??= drain()
      return closing
    },
  }
}

/** One of its addresses is open and the others are about to be. */
const notYet: HttpResponse = { status: 503, headers: { 'Retry-After': '1' } }
