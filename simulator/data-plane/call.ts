import type { IncomingHttpHeaders } from 'node:http'

/** A data call as it arrived, below its world: `path` begins with `/mdm/v2` or `/WebObjects`. */
export interface DataCall {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  bodyText: string
}

export interface Location {
  worldName: string
  path: string
}

/** World `main` stands at the root, every other below `/worlds/{world}` (Apple contract 11.1). */
export function locate(path: string): Location {
  const match = /^\/worlds\/([^/]+)(\/.*)$/.exec(path)
  const [, worldName, rest] = match ?? []
  return worldName !== undefined && rest !== undefined
    ? { worldName, path: rest }
    : { worldName: 'main', path }
}
