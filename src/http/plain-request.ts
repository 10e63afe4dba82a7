/** From the server's request to plain data, and from a plain response to the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpRequest, HttpResponse } from '../ports/route.ts'
import { readWholeBody } from './request-body.ts'

type Known = Pick<HttpRequest, 'id' | 'target' | 'origin' | 'remoteAddress' | 'headers'>

export function plainRequest(
  message: IncomingMessage,
  response: ServerResponse,
  known: Known,
): HttpRequest {
  return {
    ...known,
    method: message.method ?? '',
    readBody: (limit) => readWholeBody(message, limit, () => bid(message, response)),
  }
}

/** Who asks whether to send the body is bidden to only when somebody wants to read it (RFC 9110 section 10.1.1). */
function bid(message: IncomingMessage, response: ServerResponse): void {
  if (message.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
}

export function joinedHeaders(message: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

/** Of these a second one could tell another reader on the way something else than us. */
const onceOnly = new Set(['host', 'authorization', 'content-type', 'content-length'])

/** The name of a header that stands there twice though it may not; undefined when all is well. */
export function repeatedHeader({ rawHeaders }: IncomingMessage): string | undefined {
  const seen = new Set<string>()
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place]?.toLowerCase() ?? ''
    if (!onceOnly.has(name)) continue
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}

export async function send(
  reply: FastifyReply,
  request: FastifyRequest,
  { status, headers, body }: HttpResponse,
  isLastOnConnection: boolean,
): Promise<FastifyReply> {
  reply.code(status).headers(headers)
  // A body that was not read would be taken for the next request on this connection.
  if (isLastOnConnection || !request.raw.complete) reply.header('Connection', 'close')
  if (request.method === 'HEAD' && body !== undefined)
    return reply.header('Content-Length', Buffer.byteLength(body)).send()
  // Bytes go out as they are; to the type of a text the framework would add a charset.
  return reply.send(body === undefined ? undefined : Buffer.from(body))
}
