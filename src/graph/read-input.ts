/** From a request to what its handler is given: headers, query and body, read only after the scope was checked (graph G11). */
import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'
import { decode } from '../model/payload/decode.ts'
import { vppToken } from '../model/vpp-token.ts'
import type { Caller } from '../ports/authenticator.ts'
import type { HttpRequest } from '../ports/route.ts'
import type { HandlerName, Input } from './handlers.ts'
import type { Route } from './match.ts'
import type { Operation } from './operations.ts'
import { type Preferences, readVersions } from './preferences.ts'
import { maxPageSize, type QueryOptions } from './query-options.ts'
import { readEmptyActionBody, readEntityBody, readTokenToCheck } from './request-body.ts'
import type { Root } from './roots.ts'

/** An operation that is served: it has a handler and a root. */
export type ServedOperation = Operation & { readonly use: HandlerName }

/** Rows per page when nobody asks for another number (graph D12). */
const defaultPageSize = 100

/** Steps are taken in this order, so a bad header is named before a bad body. */
export async function readInput(given: {
  readonly request: HttpRequest
  readonly route: Route
  readonly operation: ServedOperation
  readonly root: Root
  readonly caller: Caller
  readonly options: QueryOptions
  readonly preferences: Preferences
}): Promise<Input> {
  const { request, route, operation, root, caller, options, preferences } = given
  return {
    actor: { tenantId: caller.tenantId, name: caller.clientId },
    id: () => requireGuid(route.values.id),
    page: pageOf(options, preferences),
    isCountWanted: options.isCountWanted,
    expected: isConditional(operation) ? readVersions(request.headers['if-match']) : undefined,
    retry: operation.use === 'create' ? readRetry(request, caller, root) : undefined,
    ...(await readBody(operation, root, request)),
  }
}

/** `If-Match` guards changes of a record (graph D13). */
function isConditional({ use }: ServedOperation): boolean {
  return use === 'update' || use === 'remove'
}

async function readBody(
  operation: ServedOperation,
  root: Root,
  request: HttpRequest,
): Promise<Pick<Input, 'sent' | 'toCheck'>> {
  const nothing = { sent: {}, toCheck: { token: '' } }
  switch (operation.use) {
    case 'create':
    case 'update':
      return { ...nothing, sent: decode(vppToken, root.face, await readEntityBody(request)) }
    case 'check':
      return { ...nothing, toCheck: await readTokenToCheck(request) }
    case 'sync':
      await readEmptyActionBody(request, operation.name)
      return nothing
    default:
      return nothing
  }
}

function pageOf(options: QueryOptions, preferences: Preferences): Input['page'] {
  const wanted = options.top ?? preferences.maxPageSize ?? defaultPageSize
  return {
    limit: Math.min(wanted, maxPageSize),
    ...(options.after === undefined ? {} : { after: options.after }),
  }
}

/** Failure `badRequest` for an id that no record can have (graph 7.6). */
function requireGuid(id: string | undefined): string {
  if (id !== undefined && isGuid(id)) return id.toLowerCase()
  throw new Failure(
    'badRequest',
    `The id '${(id ?? '').slice(0, 128)}' is not a GUID. Use an id as the list of tokens shows it.`,
    { property: 'id' },
  )
}

function readRetry(request: HttpRequest, caller: Caller, root: Root): Input['retry'] {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (/^[\x21-\x7e]{1,255}$/.test(key))
    return { clientId: caller.clientId, key, root: `${root.version} ${root.face}` }
  throw new Failure(
    'badRequest',
    'The Idempotency-Key must be 1 to 255 printable characters without blanks, such as a GUID.',
    { property: 'Idempotency-Key' },
  )
}
