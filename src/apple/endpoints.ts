/** The endpoints and how their addresses are built (Apple 2.1, C18). The base is a setting, the paths are fixed. */

/** Apple's own base address; another one is a setting. */
export const appleBaseUrl = 'https://vpp.itunes.apple.com/mdm/v2'

export type ReadEndpoint =
  | 'service/config'
  | 'client/config'
  | 'assets'
  | 'assignments'
  | 'users'
  | 'status'

export type WriteEndpoint =
  | 'client/config'
  | 'assets/associate'
  | 'assets/disassociate'
  | 'assets/revoke'
  | 'users/create'
  | 'users/update'
  | 'users/retire'

/** Values are sent percent-encoded, one each; a flag that is not true is not sent at all. */
export type Query = Readonly<Record<string, string | number | boolean>>

/** `base` may have a path of its own and may end in a slash. */
export function addressOf(
  base: string,
  endpoint: ReadEndpoint | WriteEndpoint,
  query: Query = {},
): URL {
  const parts = sent(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  return new URL(
    `${base.replace(/\/+$/, '')}/${endpoint}${parts.length === 0 ? '' : `?${parts.join('&')}`}`,
  )
}

/** What is wrong where somebody answers that there is no such thing as an endpoint of Apple's. */
export function wrongAddress(base: string): string {
  const isComplete = /\/mdm\/v2\/*$/.test(base)
  return `it answers, but not as Apple's service does${isComplete ? '' : '; the address must end in /mdm/v2'}`
}

/** `GET /assets with pageIndex`: the request for people, by names only. */
export function shapeOf(endpoint: ReadEndpoint, query: Query = {}): string {
  const names = sent(query).map(([name]) => name)
  return `GET /${endpoint}${names.length === 0 ? '' : ` with ${names.join(', ')}`}`
}

export function writeShapeOf(endpoint: WriteEndpoint): string {
  return `POST /${endpoint}`
}

function sent(query: Query): readonly (readonly [string, string])[] {
  return Object.entries(query)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => [name, String(value)])
}
