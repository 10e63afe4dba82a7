/** Requests as the text that goes over the wire. */

export interface Endpoint {
  readonly origin: string
  /** Absent = nobody asks who calls. */
  readonly accessToken?: string
}

export function getRequest({ origin, accessToken }: Endpoint, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n${authorization(accessToken)}Accept: application/json\r\n\r\n`
}

export function postRequest({ origin, accessToken }: Endpoint, path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n${authorization(accessToken)}Content-Type: ${typeOf(body)}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** GETs of one path after the other, in an order that is not that of the rows. */
export function getEach(endpoint: Endpoint, paths: readonly string[]): () => string {
  const [head = '', tail = ''] = getRequest(endpoint, '{path}').split('{path}')
  const step = strideThrough(paths.length)
  let at = 0
  return () => {
    at = (at + step) % paths.length
    return `${head}${paths[at]}${tail}`
  }
}

export function postEach(endpoint: Endpoint, path: string, body: () => string): () => string {
  const [head = ''] = postRequest(endpoint, path, '{}').split('Content-Length')
  return () => {
    const text = body()
    return `${head}Content-Length: ${text.length}\r\n\r\n${text}`
  }
}

/** Steps over many rows each time, and yet comes to every row: it shares no divisor with their number. */
function strideThrough(count: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
  let step = Math.max(Math.floor(count * 0.382), 1)
  while (divisor(step, count) > 1) step += 1
  return step
}

function authorization(accessToken: string | undefined): string {
  return accessToken === undefined ? '' : `Authorization: Bearer ${accessToken}\r\n`
}

function typeOf(body: string): string {
  return body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded'
}
