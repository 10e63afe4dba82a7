import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

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
    serve(request, response).catch(() => response.destroy())
  }
  const server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return {
    origin: `${tls ? 'https' : 'http'}://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
