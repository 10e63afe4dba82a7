/** From the server's request to plain data, and from a plain response to the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http'
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

export function joinedHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  const joined: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(headers))
    joined[name] = Array.isArray(value) ? value.join(', ') : value
  return joined
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

/** Throws, with nothing sent, when a header holds what none may hold. */
export function send(
  response: ServerResponse,
  message: IncomingMessage,
  { status, headers, body = '' }: HttpResponse,
  isLastOnConnection: boolean,
): void {
  const mayHaveBody = status !== 204 && status !== 304
  response.writeHead(status, {
    ...headers,
    ...(mayHaveBody ? { 'Content-Length': Buffer.byteLength(body) } : {}),
    // A body that was not read would be taken for the next request on this connection.
    ...(isLastOnConnection || !message.complete ? { Connection: 'close' } : {}),
  })
  response.end(message.method === 'HEAD' ? undefined : body)
}
