/** Bytes as a client puts them on the wire, and the answer taken apart: no library between the test and the socket. */
import { connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { RunningService } from '../running-service.ts'

export interface RawAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The body parsed; undefined when it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  readonly json: any
}

export interface RawRequest {
  /** Without the version: `GET /v1.0/…`. */
  readonly line: string
  readonly headers?: readonly string[]
  readonly body?: string
  /** Of whom the client thinks that it calls; over TLS it asks for the certificate of that name. */
  readonly host?: string
}

/** Sends exactly these lines, in this order, and nothing else; the connection is closed behind the answer. */
export async function sendRaw(service: RunningService, asked: RawRequest): Promise<RawAnswer> {
  const { host: own, hostname, port, protocol } = new URL(service.address)
  const host = asked.host ?? own
  const socket =
    protocol === 'https:'
      ? connectTls({
          ...{ host: '127.0.0.1', port: Number(port), ca: service.caPem },
          servername: asked.host ?? hostname,
        })
      : connectPlain({ host: '127.0.0.1', port: Number(port) })
  const lines = [
    `${asked.line} HTTP/1.1`,
    `Host: ${host}`,
    ...(asked.headers ?? []),
    'Connection: close',
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n${asked.body ?? ''}`)
  const pieces: Buffer[] = []
  for await (const piece of socket) pieces.push(piece)
  return takeApart(Buffer.concat(pieces).toString('utf8'))
}

function takeApart(answer: string): RawAnswer {
  const end = answer.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = answer.slice(0, end).split('\r\n')
  const text = answer.slice(end + 4)
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const isJson = (headers['content-type'] ?? '').startsWith('application/json') && text !== ''
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  }
}
