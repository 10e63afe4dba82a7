import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { BodyTooLong } from './read-text.ts'

export interface TlsFiles {
  cert: string
  key: string
}

export interface ListenAddress {
  host: string
  port: number
}

export interface Listener {
  /** Scheme, host and port that a client reaches it by. */
  origin: string
  close(): Promise<void>
}

export type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** `HOST:PORT` or `[IPv6]:PORT`; port 0 picks a free one. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65_535) {
    throw new Error(
      `"${text}" is no address to listen on. Write HOST:PORT, for example 127.0.0.1:8443.`,
    )
  }
  return { host, port }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

export async function listen(
  address: ListenAddress,
  tls: TlsFiles | undefined,
  serve: Serve,
): Promise<Listener> {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch((cause: unknown) => tellFailure(response, cause))
  }
  const server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(address, cause)))
    server.listen(address.port, address.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `${tls ? 'https' : 'http'}://${addressText({ ...address, port })}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function addressText({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'another program does already. Choose another port, or 0 for a free one.',
  EADDRNOTAVAIL: 'this machine has no such address. Use one of its own, 127.0.0.1 for example.',
  EACCES: 'this user may not use that port. Choose one above 1023.',
  ENOTFOUND: 'nobody knows that name. Use an address of this machine.',
}

function cannotListen(address: ListenAddress, cause: Error & { code?: string }): Error {
  const reason = reasons[cause.code ?? ''] ?? `${cause.message}. Choose another address.`
  return new Error(`Nothing can listen on ${addressText(address)}: ${reason}`, { cause })
}

/** A call that nobody can answer. A client that went away hears nothing. */
function tellFailure(response: ServerResponse, cause: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const [status, text] =
    cause instanceof BodyTooLong
      ? [413, cause.message]
      : [500, `The simulator failed: ${String(cause)}. Report this.`]
  // The rest of the body may still be on its way: nothing else is read from this connection.
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${text}\n`)
}
