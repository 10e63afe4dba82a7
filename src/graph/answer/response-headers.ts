/** Headers that every answer of Graph's surface carries (graph 7.1). */
import type { HttpRequest } from '../../ports/route.ts'
import { isLoopback } from './loopback.ts'

const diagnostic = JSON.stringify({
  ServerInfo: {
    DataCenter: 'Self-hosted',
    Slice: 'E',
    Ring: '1',
    ScaleUnit: '001',
    RoleInstance: 'pomona',
  },
})

export function commonHeaders(request: HttpRequest): Record<string, string> {
  return {
    'request-id': request.id,
    'client-request-id': clientRequestId(request),
    'x-ms-ags-diagnostic': diagnostic,
    'OData-Version': '4.0',
    Vary: 'Accept-Encoding',
    'Cache-Control': 'private',
    ...(isPinned(request.origin) ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  }
}

/** The caller's own id for the request when it is plain, printable text; else the service's. */
export function clientRequestId(request: HttpRequest): string {
  const given = request.headers['client-request-id'] ?? ''
  return /^[\x21-\x7e]{1,128}$/.test(given) ? given : request.id
}

/** The origins are our own, so there are few of them (graph H10). */
const pinned = new Map<string, boolean>()

function isPinned(origin: string): boolean {
  const known = pinned.get(origin) ?? isWorthPinning(origin)
  pinned.set(origin, known)
  return known
}

/** On loopback names the header would pin a developer's other servers to HTTPS as well. */
function isWorthPinning(origin: string): boolean {
  return new URL(origin).protocol === 'https:' && !isLoopback(origin)
}
