/** A real HTTP server that answers what a test has written down for it, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface ScriptedAnswer {
  /** 200 unless given. */
  readonly status?: number
  readonly json?: unknown
  /** Instead of `json`: the body as it is. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Ends the connection before anything was sent, or after half of the body. */
  readonly cut?: 'beforeHeaders' | 'midBody'
  /** Never answers. */
  readonly hangs?: true
}

export interface ReceivedRequest {
  readonly method: string
  /** Path and query as received. */
  readonly target: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingMessage['headers']
  /** The body as text; empty when there was none. */
  readonly body: string
}

type Script = ScriptedAnswer | ((request: ReceivedRequest) => ScriptedAnswer)

export interface ScriptedServer {
  readonly origin: string
  readonly requests: readonly ReceivedRequest[]
  /** The requests for one path. */
  of(path: string): readonly ReceivedRequest[]
  /** The answers to the next requests for a path, one after another; the last one stays. */
  script(path: string, ...answers: readonly Script[]): void
}

/** Listens until the test is over. Unscripted paths answer 404 with an empty body. */
export async function startScriptedServer(certificate?: {
  readonly cert: string
  readonly key: string
}): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = []
  const scripts = new Map<string, Script[]>()

  async function respond(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await message.toArray()).join('')
    const { pathname, searchParams } = new URL(message.url ?? '/', 'http://scripted.example')
    const request = {
      method: message.method ?? '',
      target: message.url ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: message.headers,
      body,
    }
    requests.push(request)
    const answers = scripts.get(pathname) ?? [{ status: 404, body: '' }]
    const next = answers.length > 1 ? answers.shift() : answers[0]
    if (next !== undefined) send(typeof next === 'function' ? next(request) : next, response)
  }

  const server =
    certificate === undefined ? createServer(respond) : createTlsServer(certificate, respond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return {
    origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    of: (path) => requests.filter((request) => request.path === path),
    script: (path, ...answers) => {
      scripts.set(path, [...answers])
    },
  }
}

function send(answer: ScriptedAnswer, response: ServerResponse): void {
  if (answer.hangs) return
  if (answer.cut === 'beforeHeaders') {
    response.socket?.destroy()
    return
  }
  const body = answer.body ?? JSON.stringify(answer.json ?? {})
  response.writeHead(answer.status ?? 200, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...answer.headers,
  })
  if (answer.cut !== 'midBody') {
    response.end(body)
    return
  }
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
}
