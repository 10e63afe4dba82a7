/** One listening socket with its limits, whatever it is asked. */
import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { Server as PlainListener, type Socket } from 'node:net'
import type { Observe } from '../ports/observer.ts'
import type { Connections } from './connections.ts'
import type { Limits } from './limits.ts'
import { refuseUnreadable, statusOfClientError } from './unreadable-request.ts'

// An import would read each of the module's exports, of which one loads Node's own HTTP client: 30 ms of a start, and 4 MiB.
const { createServer } = process.getBuiltinModule('node:http')

export interface ServerCertificate {
  /** The server's own first, then those that lead to its authority. */
  readonly certificatePem: string
  readonly privateKeyPem: string
}

export type Listener = Server | TlsServer

export function createListener(given: {
  readonly tls: ServerCertificate | undefined
  readonly limits: Limits
  readonly connections: Connections
  readonly observe: Observe
  readonly handle: RequestListener
}): Listener {
  const { tls, limits, connections, observe, handle } = given
  const options = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkEachMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.headerBytes,
  }
  const server = tls
    ? createTlsServer({
        ...options,
        ...contextOf(tls),
        handshakeTimeout: limits.handshakeTimeoutMs,
      })
    : createServer(options)
  // Their size bounds the headers; by their number they would be left out without a word.
  server.maxHeadersCount = 0
  const take: RequestListener = (request, response) => {
    connections.begin(request, response)
    handle(request, response)
  }
  server.on('request', take)
  // Nobody is bidden to send a body before somebody wants to read it.
  server.on('checkContinue', take)
  server.on('clientError', (error: Error & { readonly code?: string }, socket: Socket) =>
    refuseUnreadable(statusOfClientError(error), socket, connections, observe),
  )
  server.on('connect', (_, socket: Socket) => refuseUnreadable(405, socket, connections, observe))
  connections.watch(server)
  return server
}

export function useCertificate(server: Listener, certificate: ServerCertificate): void {
  if ('setSecureContext' in server) server.setSecureContext(contextOf(certificate))
}

/**
 * Takes no new connection; resolves when the open ones have ended. Unlike the HTTP server's own closing it ends none of
 * them by itself and keeps watch over slow ones.
 */
export function stopListening(server: Listener): Promise<void> {
  return new Promise((resolve) => {
    PlainListener.prototype.close.call(server, () => resolve())
  })
}

function contextOf({ certificatePem: cert, privateKeyPem: key }: ServerCertificate) {
  return { cert, key }
}
