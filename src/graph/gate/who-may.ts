/** The checks between a matched path and its operation, in the contract's order (graph G11, D8, D9, 7.6). */
import { Failure } from '../../model/failure.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { Caller } from '../../ports/authenticator.ts'
import type { InstanceReads } from '../../ports/instance-store.ts'
import type { ServedOperation, Verb } from '../operations.ts'
import type { Route } from '../request/match.ts'
import { isPermitted, scopeSets } from './scopes.ts'

/** Client and tenant are looked up for each request: a removed client or a suspended tenant is out at once. */
export async function requireTenant(reads: InstanceReads, caller: Caller): Promise<Tenant> {
  const standing = await reads.findStanding(caller.tenantId, caller.clientId)
  if (!standing)
    throw new Failure(
      'forbidden',
      `The tenant '${caller.tenantId}' is not registered with this service. Ask its operator to add it (pomona tenant add).`,
    )
  if (caller.isOurs && !standing.isClientKnown)
    throw new Failure(
      'accessTokenRefused',
      'The application that this access token was issued to has been removed. Sign in with one that exists.',
    )
  return standing.tenant
}

/** Failure `forbidden` when the tenant is suspended, but for what is open to it all the same. */
export function requireLicensed(tenant: Tenant, operations: Iterable<ServedOperation>): void {
  if (tenant.status === 'active') return
  if ([...operations].some((operation) => operation.isOpenToSuspended)) return
  throw new Failure(
    'forbidden',
    `The tenant '${tenant.id}' is not correctly licensed: it has been suspended. Ask the operator of this service to resume it.`,
  )
}

/** Failure `forbidden` when the path names another organization than the caller's. */
export function requireOwnOrganization(route: Route, caller: Caller): void {
  const { orgId } = route.values
  if (orgId === undefined || orgId.toLowerCase() === caller.tenantId) return
  throw new Failure(
    'forbidden',
    `The organization in the path is not that of the access token. Use '${caller.tenantId}'.`,
  )
}

/** HEAD is a GET without a body. Failure `wrongVerb` with what is allowed. */
export function requireOperation(route: Route, method: string): ServedOperation {
  const verb = method === 'HEAD' ? 'GET' : method
  return route.operations.get(verb as Verb) ?? refuseVerb(route, method)
}

/** Failure `wrongVerb` as for any other path. */
export function requireReading(route: Route, method: string): void {
  if (method !== 'GET' && method !== 'HEAD') refuseVerb(route, method)
}

function refuseVerb(route: Route, method: string): never {
  const allow = allowedVerbs(route)
  throw new Failure(
    'wrongVerb',
    `The verb ${method} cannot be used on ${route.pattern}. Use one of: ${allow.join(', ')}.`,
    { allow },
  )
}

export function allowedVerbs({ document, operations }: Route): readonly string[] {
  const verbs: readonly string[] = document ? ['GET'] : [...operations.keys()]
  return [...verbs, ...(verbs.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
}

export function requirePermission({ scopes }: ServedOperation, caller: Caller): void {
  if (isPermitted(scopes, caller.permissions)) return
  throw new Failure(
    'forbidden',
    `Application is not authorized to perform this operation. Application must have one of the following scopes: ${scopeSets[scopes].join(', ')}`,
  )
}
