/** From a request to what its handler is given, the body aside: path, query and headers (graph G11). */
import { Failure } from '../../model/failure.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { Caller } from '../../ports/authenticator.ts'
import type { HttpRequest } from '../../ports/route.ts'
import { readVersions } from '../answer/etag.ts'
import type { Handler, Input } from '../handlers/handler.ts'
import type { ServedOperation } from '../operations.ts'
import type { Route } from './match.ts'
import { readId, readParameter } from './path-values.ts'
import type { Preferences } from './preferences.ts'
import { maxPageSize, type QueryOptions } from './query-options.ts'

/** Rows per page when nobody asks for another number (graph D12). */
const defaultPageSize = 100

export function readInput(given: {
  readonly request: HttpRequest
  readonly route: Route
  readonly operation: ServedOperation
  readonly handler: Handler
  readonly caller: Caller
  readonly tenant: Tenant
  readonly options: QueryOptions
  readonly preferences: Preferences
}): Input {
  const { request, route, operation, handler, caller, tenant, options, preferences } = given
  const wanted = options.top ?? preferences.maxPageSize ?? defaultPageSize
  return {
    actor: { tenantId: caller.tenantId, name: caller.clientId },
    tenant,
    id: (name = 'id') => readId(route.values, name),
    parameter: (name) => readParameter(route.values, name),
    query: { ...options.rows, limit: Math.min(wanted, maxPageSize) },
    isCountWanted: options.isCountWanted,
    expected: handler.isConditional ? readVersions(request.headers['if-match']) : undefined,
    retry: handler.isRecognized ? readRetry(request, caller, operation) : undefined,
  }
}

function readRetry(request: HttpRequest, caller: Caller, { set }: ServedOperation): Input['retry'] {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (/^[\x21-\x7e]{1,255}$/.test(key))
    return { clientId: caller.clientId, key, root: `${set?.version} ${set?.face}` }
  throw new Failure(
    'badRequest',
    'The Idempotency-Key must be 1 to 255 printable characters without blanks, such as a GUID.',
    { property: 'Idempotency-Key' },
  )
}
