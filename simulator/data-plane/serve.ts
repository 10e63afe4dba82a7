import type { IncomingMessage, ServerResponse } from 'node:http'
import { readText } from '../server/read-text.ts'
import { goOn } from '../world/going-on.ts'
import type { World } from '../world/world.ts'
import { bytesOf } from './answer.ts'
import { locate } from './call.ts'
import { type Delivery, takeCall } from './one-call.ts'

export interface DataPlane {
  /** Scheme, host and port it listens on. */
  origin: string
  findWorld(name: string): World | undefined
}

/** Reads a data call off its socket and writes the answer back. */
export async function serveDataCall(
  plane: DataPlane,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://data-plane')
  const { worldName, path } = locate(url.pathname)
  const world = plane.findWorld(worldName)
  if (world === undefined) {
    send(response, { answer: { status: 404, headers: {}, body: '' }, cut: 'none' })
    return
  }
  const origin = originOf(plane, request.headers.host)
  const worldUrl = worldName === 'main' ? origin : `${origin}/worlds/${worldName}`
  const { headers, method = 'GET' } = request
  const call = { method, path, query: url.searchParams, headers }
  send(response, await takeCall(world, worldUrl, call, () => readText(request)))
  // Nobody waits for what this brings along: a slow receiver of notifications is not the caller's business.
  void goOn(world)
}

/** As the client knows it: a listener on all addresses, or one behind another name, has none of its own. */
function originOf({ origin }: DataPlane, host: string | undefined): string {
  const isName = host !== undefined && /^[\w.:[\]-]+$/.test(host)
  return isName ? `${new URL(origin).protocol}//${host}` : origin
}

function send(response: ServerResponse, { answer, cut }: Delivery): void {
  if (cut === 'beforeHeaders') {
    response.destroy()
    return
  }
  const { status, headers } = answer
  // These have no body by their nature; a promised length would leave the client waiting.
  if (status === 204 || status === 304) {
    response.writeHead(status, headers).end()
    return
  }
  const bytes = bytesOf(answer)
  response.writeHead(status, { ...headers, 'content-length': bytes.length })
  if (cut === 'midBody') {
    // The length promises the whole body, so that no client can take the half for an answer.
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
    return
  }
  response.end(bytes)
}
