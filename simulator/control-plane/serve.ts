import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readText } from '../server/read-text.ts'
import { goOn } from '../world/going-on.ts'
import type { ControlAnswer, ControlPlane } from './control-call.ts'
import { ControlError } from './control-error.ts'
import { findRoute } from './routes.ts'

/** They tell nothing that is worth a key. */
const openPaths = ['/simulator/health', '/simulator/openapi.json']

export async function serveControlCall(
  plane: ControlPlane,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { url = '/', method = 'GET', headers } = request
  const key = headers['x-simulator-key']
  const bodyText = await readText(request)
  const { status, body } = await answerControlCall(plane, { method, url, key, bodyText })
  const bytes = Buffer.from(body === undefined ? '' : `${JSON.stringify(body)}\n`, 'utf8')
  response.writeHead(status, {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(status !== 204 && { 'content-length': bytes.length }),
  })
  response.end(bytes)
}

/** A control call as it arrived; `url` is its path and query. */
export interface SentControlCall {
  method: string
  url: string
  key: string | string[] | undefined
  bodyText: string
}

/** Never fails: what goes wrong is an answer, too. */
export async function answerControlCall(
  plane: ControlPlane,
  { method, url: target, key, bodyText }: SentControlCall,
): Promise<ControlAnswer> {
  try {
    const url = new URL(target, 'http://control-plane')
    const isOpen = method === 'GET' && openPaths.includes(url.pathname)
    if (!isOpen) checkKey(plane.controlKey, key)
    const { handle, params } = findRoute(method, url.pathname)
    const call = { plane, params, query: url.searchParams, body: jsonOf(bodyText) }
    const answer = await handle(call)
    // Whoever changed something may rely on it that everything due by then has been brought to its receiver.
    const world = plane.worlds.get(params.world ?? '')
    if (method !== 'GET' && world !== undefined) await goOn(world)
    return answer
  } catch (cause) {
    if (cause instanceof ControlError) {
      return { status: cause.status, body: { error: cause.message } }
    }
    if (cause instanceof URIError) {
      const error = 'The path holds a lone percent sign. Percent-encode its parts once.'
      return { status: 400, body: { error } }
    }
    return { status: 500, body: { error: `The simulator failed: ${String(cause)}. Report this.` } }
  }
}

function checkKey(controlKey: string, presented: string | string[] | undefined): void {
  const digest = (value: string) => createHash('sha256').update(value, 'utf8').digest()
  const isRight =
    typeof presented === 'string' && timingSafeEqual(digest(presented), digest(controlKey))
  if (!isRight) {
    throw new ControlError(
      401,
      'The control key is missing or wrong. The simulator prints it when it starts. Send it as X-Simulator-Key.',
    )
  }
}

function jsonOf(bodyText: string): unknown {
  if (bodyText.trim() === '') return {}
  try {
    return JSON.parse(bodyText)
  } catch {
    throw new ControlError(400, 'The body is not JSON. Send one JSON value, or no body at all.')
  }
}
