/** What came over a connection was no HTTP, too much or too slow: said in one answer, then the connection is closed. */
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Observe } from '../ports/observer.ts'
import type { Connections } from './connections.ts'
import { refusal } from './refusal.ts'

const reasons = {
  408: ['Request Timeout', 'The request did not arrive in time. Send it again.'],
  431: [
    'Request Header Fields Too Large',
    'The headers are too large. Send fewer or shorter ones.',
  ],
  405: ['Method Not Allowed', 'This server is no proxy and opens no tunnel.'],
  400: ['Bad Request', 'The request is not HTTP/1.1 as it should be. Send it again in its form.'],
} as const

export type UnreadableStatus = keyof typeof reasons

/** Answers on the bare connection, unless an answer to an earlier request on it is still to come: that one must not be taken for it. */
export function refuseUnreadable(
  status: UnreadableStatus,
  socket: Socket,
  connections: Connections,
  observe: Observe,
): void {
  const isEarlierUnanswered = connections.underWay(socket).some(({ complete }) => complete)
  if (!socket.writable || isEarlierUnanswered) {
    socket.destroy()
    return
  }
  const [phrase, message] = reasons[status]
  const id = randomUUID()
  const observed = { route: '(unreadable)', failureCode: 'badRequest' } as const
  const { headers, body } = refusal(status, phrase.replaceAll(' ', ''), message, observed)
  const lines = [
    `HTTP/1.1 ${status} ${phrase}`,
    ...Object.entries({
      ...headers,
      ...(status === 405 ? { Allow: 'GET, HEAD, POST, PATCH, DELETE, OPTIONS' } : {}),
      'request-id': id,
      'Content-Length': String(Buffer.byteLength(body)),
      Connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  observe({
    kind: 'requestAnswered',
    requestId: id,
    method: '(unreadable)',
    status,
    durationMs: 0,
    ...observed,
  })
}

export function statusOfClientError({ code }: { readonly code?: string }): UnreadableStatus {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
}
