/**
 * `GET /health/live`: the process answers. `GET /health/ready`: it can also do its work. No access token needed, and any `Host`
 * will do, since probes ask by address.
 */
import { Failure } from '../model/failure.ts'
import type { Answer, HttpResponse } from '../ports/route.ts'
import type { Door } from './answer-at-door.ts'

/** `checkReady` rejects, with a Failure that says why, while requests should rather go to another node. */
export function healthDoor(checkReady: () => Promise<void>): Door {
  const answer: Answer = async ({ method, target: asked }) => {
    const target = asked.split('?', 1)[0]
    if (method !== 'GET' && method !== 'HEAD')
      return { ...said(405, 'Use GET.'), headers: { Allow: 'GET, HEAD' } }
    if (target === '/health/live') return said(200, 'live')
    if (target !== '/health/ready') return said(404, 'Ask /health/live or /health/ready.')
    try {
      await checkReady()
      return said(200, 'ready')
    } catch (error) {
      const why = error instanceof Failure ? error.message : 'The database does not answer.'
      return { ...said(503, why), headers: { 'Retry-After': '5' } }
    }
  }
  return { takes: (target) => target.startsWith('/health/'), answer, isForAnyHost: true }
}

function said(status: number, text: string): HttpResponse {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body: `${text}\n`,
    observed: { route: '/health' },
  }
}
