/** An issuer elsewhere as the settings name it, made into one whose access tokens count (graph 6.2). */
import { Failure } from '../model/failure.ts'
import { isGuid, type TenantId } from '../model/ids.ts'
import { notBound } from './access-token-claims.ts'
import { isSafeAddress } from './issuer-address.ts'
import { type IssuerKeys, type IssuerKeysDeps, issuerKeys } from './issuer-keys.ts'
import { type TrustedIssuer, tenantInIssuer, tenantMark } from './trusted-issuer.ts'

export interface IssuerSetting {
  /** As tokens carry it in `iss`, with `{tid}` where the tenant's id stands. */
  readonly issuer: string
  readonly tenants: readonly TenantId[] | 'fromIssuer'
}

export interface ForeignIssuerDeps extends IssuerKeysDeps {
  readonly audiences: readonly string[]
  /** JWS names; absent = RS256, ES256 and PS256, what nearly every provider signs with. */
  readonly algorithms?: readonly string[]
  /** Whether a tenant is registered: only such a tenant's issuer is ever asked for keys. */
  readonly isTenantKnown: (tenantId: TenantId) => Promise<boolean>
}

export interface ForeignIssuer extends TrustedIssuer {
  /** Reads the keys ahead of the first token, again and again until it works. Ends when the service stops. Never rejects. */
  warmUp(): Promise<void>
}

const usualAlgorithms = ['RS256', 'ES256', 'PS256']

/** Failure `misconfigured` when a URL or tenant cannot be used, or one issuer is named twice. */
export function foreignIssuers(
  settings: readonly IssuerSetting[],
  deps: ForeignIssuerDeps,
): readonly ForeignIssuer[] {
  const urls = settings.map(({ issuer }) => issuer)
  const twice = urls.find((url, place) => urls.indexOf(url) !== place)
  if (twice !== undefined)
    throw wrong(twice, 'is named twice. Name it once, with all of its tenants')
  return settings.map((setting) => foreignIssuer(setting, deps))
}

function foreignIssuer(
  { issuer: url, tenants }: IssuerSetting,
  deps: ForeignIssuerDeps,
): ForeignIssuer {
  checkUrl(url)
  checkTenants(url, tenants)
  const byUrl = new Map<string, IssuerKeys>()
  const keysAt = (concreteUrl: string) => {
    const keys = byUrl.get(concreteUrl) ?? issuerKeys(concreteUrl, deps)
    byUrl.set(concreteUrl, keys)
    return keys
  }
  return {
    issuer: url,
    tenants,
    audiences: deps.audiences,
    algorithms: deps.algorithms ?? usualAlgorithms,
    isOurs: false,
    async keyFor(header, iss) {
      const tenantId = tenantInIssuer({ issuer: url }, iss)
      if (tenantId === undefined) return keysAt(url).keyFor(header)
      // Anybody can write a token that names any tenant: it must not send this service to any number of addresses.
      if (tenants !== 'fromIssuer' && !tenants.some((bound) => bound.toLowerCase() === tenantId))
        throw notBound()
      if (!(await deps.isTenantKnown(tenantId))) throw unknown(tenantId)
      return keysAt(url.replace(tenantMark, tenantId)).keyFor(header)
    },
    warmUp: async () => {
      if (!url.includes(tenantMark)) await keysAt(url).readFirst()
    },
  }
}

function checkUrl(url: string): void {
  const parsed = URL.parse(url.replaceAll(tenantMark, 'tid'))
  if (parsed === null || !isSafeAddress(parsed))
    throw wrong(url, 'must be an https URL (http only for this machine itself)')
  if (parsed.search !== '' || parsed.hash !== '' || parsed.username !== '')
    throw wrong(url, 'must have neither query nor fragment nor credentials')
}

function checkTenants(url: string, tenants: IssuerSetting['tenants']): void {
  if (tenants === 'fromIssuer') return
  if (tenants.length === 0) throw wrong(url, 'speaks for no tenant. Name at least one')
  const odd = tenants.find((tenant) => !isGuid(tenant))
  if (odd !== undefined)
    throw wrong(url, `is bound to '${odd}', which is no tenant's id. Give a GUID`)
}

function wrong(url: string, why: string): Failure {
  return new Failure('misconfigured', `The issuer '${url}' ${why}.`, { property: 'issuer' })
}

function unknown(tenantId: TenantId): Failure {
  return new Failure(
    'forbidden',
    `The tenant '${tenantId}' is not registered with this service. Ask its operator to add it (pomona tenant add).`,
  )
}
