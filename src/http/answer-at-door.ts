/** One request from the wire's data to the room that answers it: target → who asks → origin → door. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { traceOf } from '../model/observation.ts'
import type { Observe } from '../ports/observer.ts'
import type { Answer, HttpResponse } from '../ports/route.ts'
import { isLoopbackHost, type Origins } from './host-names.ts'
import { joinedHeaders, plainRequest, repeatedHeader } from './plain-request.ts'
import { refusal } from './refusal.ts'
import { requestTarget } from './request-target.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

/** One room's entrance: which paths are its own, and who answers there. */
export interface Door {
  readonly takes: (target: string) => boolean
  readonly answer: Answer
  /** True where no link is made and no secret travels, so that whatever a probe puts into `Host` will do. */
  readonly isForAnyHost?: boolean
}

export interface Doorway {
  readonly origins: Origins
  readonly proxies: TrustedProxies
  /** Asked in order; the last one should take everything. */
  readonly doors: readonly Door[]
  readonly isTls: boolean
  readonly observe: Observe
}

/** Never rejects. */
export async function answerAtDoor(
  doorway: Doorway,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<HttpResponse> {
  const startedMs = performance.now()
  const id = randomUUID()
  const answered = await respond(doorway, id, message, response).catch(
    (error: unknown): HttpResponse => {
      doorway.observe({ kind: 'requestCrashed', requestId: id, error: traceOf(error) })
      return { status: 500, headers: {} }
    },
  )
  doorway.observe({
    kind: 'requestAnswered',
    requestId: id,
    method: message.method ?? '',
    status: answered.status,
    durationMs: Math.round((performance.now() - startedMs) * 1_000) / 1_000,
    ...(answered.observed ?? { route: '(no route)' }),
  })
  return { ...answered, headers: { 'request-id': id, ...answered.headers } }
}

async function respond(
  { origins, proxies, doors, isTls }: Doorway,
  id: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<HttpResponse> {
  const line = requestTarget(message.url ?? '')
  const repeated = repeatedHeader(message)
  if (repeated !== undefined) return bad(`The header '${repeated}' came twice. Send it once.`)
  if (line.kind === 'server' && message.method === 'OPTIONS') return options
  if (line.kind !== 'path')
    return bad('The request line names no path. Send a path that starts with a slash.')
  const headers = joinedHeaders(message)
  const address = message.socket.remoteAddress ?? ''
  const { remoteAddress, host, protocol } = proxies.seenFrom(address, headers)
  const door = doors.find(({ takes }) => takes(line.target))
  if (!door) return { status: 404, headers: {} }
  const own = origins.originFor(host ?? line.authority ?? headers.host, protocol)
  const origin = own ?? (door.isForAnyHost ? origins.main : undefined)
  if (origin === undefined) return foreignHost
  if (!isTls && !door.isForAnyHost && !isUnheard(address, proxies)) return overheard
  const known = { id, target: line.target, origin, remoteAddress, headers }
  return door.answer(plainRequest(message, response, known))
}

/** Without TLS an access token may only come from this machine or over the way from a trusted proxy. */
function isUnheard(address: string, proxies: TrustedProxies): boolean {
  return isLoopbackHost(address.replace(/^::ffff:/i, '')) || proxies.trusts(address)
}

function bad(message: string): HttpResponse {
  return refusal(400, 'BadRequest', message, { route: '(bad request)', failureCode: 'badRequest' })
}

const foreignHost = refusal(
  400,
  'BadRequest',
  'The Host header names a server that this one is not. Use one of its public origins (setting public-origin).',
  { route: '(foreign host)', failureCode: 'badRequest' },
)

const overheard = refusal(
  403,
  'Forbidden',
  'This address speaks plain HTTP, with its trusted proxies only (setting trusted-proxy). Use its public origin.',
  { route: '(not a trusted proxy)', failureCode: 'forbidden' },
)

const options: HttpResponse = {
  status: 204,
  headers: { Allow: 'GET, HEAD, POST, PATCH, DELETE, OPTIONS' },
  observed: { route: '*' },
}
