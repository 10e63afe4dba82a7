/** The issuer's addresses: those that Microsoft's sign-in libraries call (graph 8.3). */
export type IssuerPlace = 'discovery' | 'keys' | 'token' | 'authorize'

export interface IssuerPath {
  /** First segment as received: a tenant's id, or whatever somebody took for one. */
  readonly tenant: string
  readonly place: IssuerPlace
}

const places = new Map<string, IssuerPlace>([
  ['v2.0/.well-known/openid-configuration', 'discovery'],
  ['discovery/v2.0/keys', 'keys'],
  ['oauth2/v2.0/token', 'token'],
  ['oauth2/v2.0/authorize', 'authorize'],
])

/** Graph's versions are no tenants: an unknown segment below them is Graph's to answer. */
const path = /^\/(?!v1\.0\/|beta\/)([^/]+)\/([^?]+?)\/?(?:\?.*)?$/is

/** Undefined when the target (path and query as received) is none of the issuer's. */
export function issuerPath(target: string): IssuerPath | undefined {
  const [, tenant, rest] = path.exec(target) ?? []
  const place = rest === undefined ? undefined : places.get(rest.toLowerCase())
  return tenant !== undefined && place !== undefined ? { tenant, place } : undefined
}

export function isIssuerPath(target: string): boolean {
  return issuerPath(target) !== undefined
}
