/** The HTTP(S) server: listens, hands each request to its door, and closes without cutting one. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fastify, { type FastifyReply } from 'fastify'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { Observe } from '../ports/observer.ts'
import type { HttpResponse } from '../ports/route.ts'
import { answerAtDoor, type Door } from './answer-at-door.ts'
import { openConnections } from './connections.ts'
import { originsOfListener, publicOrigins } from './host-names.ts'
import { type Limits, usualLimits } from './limits.ts'
import {
  createListener,
  type Listener,
  type ServerCertificate,
  stopListening,
  useCertificate,
} from './listener.ts'
import { send } from './plain-request.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface ServerOptions {
  /** A name, or an address without brackets. */
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
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

/** Failure `misconfigured` for a public origin or a trusted proxy that is none. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const configured = publicOrigins(options.publicOrigins)
  const proxies = trustedProxies(options.trustedProxies)
  const limits = { ...usualLimits, ...options.limits }
  const connections = openConnections()
  const listeners: Listener[] = []
  let isDraining = false
  let respond = async (_: FastifyReply): Promise<HttpResponse> => ({
    status: 503,
    headers: { 'Retry-After': '1' },
  })

  const app = fastify({
    serverFactory: (handle) => {
      const { tls, observe } = options
      const listener = createListener({ tls, limits, connections, observe, handle })
      listeners.push(listener)
      return listener as Server
    },
    // Said where the listeners are made, since fastify would say it on the first of them only.
    clientErrorHandler: () => undefined,
    // The router must never judge a URL: whatever was sent reaches the doors as it is.
    rewriteUrl: () => '/',
    forceCloseConnections: false,
  })
  // Answering in this hook keeps the order of checks ours: no body has been read and no content type judged yet.
  app.addHook('onRequest', async (request, reply) => {
    const response = await respond(reply)
    return send(reply, request, response, isDraining && connections.isNewest(request.raw))
  })
  try {
    await app.listen({ host: options.host, port: options.port })
  } catch (error) {
    await app.close()
    throw notListening(options, error)
  }

  const { port } = app.server.address() as AddressInfo
  const scheme = options.tls ? 'https' : 'http'
  const origins = originsOfListener({ ...options, scheme, port, publicOrigins: configured })
  const doors = options.doors(origins.all)
  const doorway = { origins, proxies, doors, isTls: scheme === 'https', observe: options.observe }
  respond = ({ request, raw }) => answerAtDoor(doorway, request.raw, raw, request.originalUrl)

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
    await app.close()
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

function notListening({ host, port }: ServerOptions, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const why = {
    EADDRINUSE: 'something else listens there already',
    EACCES: 'this user may not listen there',
    EADDRNOTAVAIL: 'this machine does not have that address',
    ENOTFOUND: 'nobody knows that name',
  }[code]
  if (why === undefined) return cause
  return new Failure(
    'misconfigured',
    `The service cannot listen on ${host}, port ${port}: ${why}. Choose another with --listen.`,
    { property: 'listen', cause },
  )
}
