/** The HTTP(S) server: turns a socket's request into plain data, asks the first door that takes it, writes the answer. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { Failure } from '../model/failure.ts'
import { traceOf } from '../model/observation.ts'
import type { Observe } from '../ports/observer.ts'
import type { Answer, HttpRequest, HttpResponse } from '../ports/route.ts'
import { knownOrigins, type Origins } from './host-names.ts'
import { readWholeBody } from './request-body.ts'

/** One room's entrance: which paths are its own, and who answers there. */
export interface Door {
  readonly takes: (target: string) => boolean
  readonly answer: Answer
}

export interface ServerOptions {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** Absent = plain HTTP. */
  readonly tls?: { readonly certificatePem: string; readonly privateKeyPem: string }
  /** Origins besides the loopback names of the port that is listened on. */
  readonly publicOrigins: readonly string[]
  /** Asked in order; the last one should take everything. Made once the origin is known. */
  readonly doors: (origin: string) => readonly Door[]
  readonly observe: Observe
}

export interface RunningServer {
  readonly origin: string
  readonly port: number
  /** Takes no new connection, lets running requests end, then closes. */
  close(): Promise<void>
}

/** Time for the headers and for the whole request to arrive; beyond it the connection is closed. */
const headersTimeoutMs = 20_000
const requestTimeoutMs = 60_000

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  let respond: (request: FastifyRequest) => Promise<HttpResponse> = async () => ({
    status: 503,
    headers: { 'Retry-After': '1' },
  })
  const app = fastify({
    serverFactory: (handler) => {
      const server: Server | TlsServer = options.tls
        ? createTlsServer(
            { cert: options.tls.certificatePem, key: options.tls.privateKeyPem },
            handler,
          )
        : createServer(handler)
      server.headersTimeout = headersTimeoutMs
      server.requestTimeout = requestTimeoutMs
      return server as Server
    },
    // The router must never judge a URL: whatever was sent reaches the doors as it is.
    rewriteUrl: () => '/',
    forceCloseConnections: 'idle',
  })
  // Answering in this hook keeps the order of checks ours: no body has been read and no content type judged yet.
  app.addHook('onRequest', async (request, reply) => send(reply, request, await respond(request)))
  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  const origins = knownOrigins(originsOf(options, port))
  const doors = options.doors(origins.main)
  respond = (request) => answerAt(request, origins, doors, options.observe)
  return { origin: origins.main, port, close: () => app.close() }
}

/** `localhost` first: it is what the local certificate and people's commands name. */
function originsOf({ publicOrigins, host, tls }: ServerOptions, port: number): readonly string[] {
  const scheme = tls ? 'https' : 'http'
  const names = ['localhost', '127.0.0.1', '[::1]', ...(host.includes(':') ? [] : [host])]
  const own = names
    .filter((name) => name !== '0.0.0.0')
    .map((name) => `${scheme}://${name}:${port}`)
  return [...publicOrigins, ...new Set(own)]
}

async function answerAt(
  request: FastifyRequest,
  origins: Origins,
  doors: readonly Door[],
  observe: Observe,
): Promise<HttpResponse> {
  const startedMs = performance.now()
  const id = randomUUID()
  const target = targetOf(request.originalUrl)
  const origin = origins.originFor(request.headers.host)
  const door = doors.find(({ takes }) => takes(target))
  let response: HttpResponse
  if (origin === undefined) response = foreignHost(id)
  else if (!door) response = { status: 404, headers: {} }
  else {
    try {
      response = await door.answer(plainRequest(request, { id, target, origin }))
    } catch (error) {
      observe({ kind: 'requestCrashed', requestId: id, error: traceOf(error) })
      response = { status: 500, headers: { 'request-id': id } }
    }
  }
  observe({
    kind: 'requestAnswered',
    requestId: id,
    method: request.method,
    status: response.status,
    durationMs: Math.round((performance.now() - startedMs) * 1_000) / 1_000,
    ...(response.observed ?? { route: '(no route)' }),
  })
  return response
}

function plainRequest(
  request: FastifyRequest,
  { id, target, origin }: Pick<HttpRequest, 'id' | 'target' | 'origin'>,
): HttpRequest {
  return {
    id,
    method: request.method,
    target,
    origin,
    headers: joinedHeaders(request.raw),
    remoteAddress: request.raw.socket.remoteAddress ?? '',
    readBody: (limit) => readWholeBody(request.raw, limit),
  }
}

function joinedHeaders(message: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

/** A proxy may send the absolute form; only path and query matter here. */
function targetOf(url: string): string {
  if (url.startsWith('/')) return url
  const absolute = URL.parse(url)
  return absolute ? `${absolute.pathname}${absolute.search}` : '/'
}

function foreignHost(id: string): HttpResponse {
  const failure = new Failure(
    'badRequest',
    'The Host header names a server that this one is not. Use one of its public origins (setting public-origin).',
  )
  return {
    status: 400,
    headers: { 'Content-Type': 'application/json', 'request-id': id },
    body: JSON.stringify({ error: { code: 'BadRequest', message: failure.message } }),
    observed: { route: '(foreign host)', failureCode: failure.code },
  }
}

async function send(
  reply: FastifyReply,
  request: FastifyRequest,
  { status, headers, body }: HttpResponse,
): Promise<FastifyReply> {
  reply.code(status).headers(headers)
  // A body that was not read would be taken for the next request on this connection.
  if (!request.raw.complete) reply.header('Connection', 'close')
  if (request.method === 'HEAD' && body !== undefined)
    return reply.header('Content-Length', Buffer.byteLength(body)).send()
  // Bytes go out as they are; to the type of a text the framework would add a charset.
  return reply.send(body === undefined ? undefined : Buffer.from(body))
}
