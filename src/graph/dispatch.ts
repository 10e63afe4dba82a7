/**
 * One request of Graph's surface from the socket's data to the answer: match → authenticate → tenant → organization → verb
 * → scope → headers and body → use case → encode. Each step is a function that can only fail with a Failure (graph G11).
 */
import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'
import { traceOf } from '../model/observation.ts'
import { decode } from '../model/payload/decode.ts'
import { type SentVppToken, vppToken } from '../model/vpp-token.ts'
import type { Authenticator, Caller } from '../ports/authenticator.ts'
import type { Observe } from '../ports/observer.ts'
import type { Answer, HttpRequest, HttpResponse } from '../ports/route.ts'
import { errorResponse } from './error-response.ts'
import { type HandlerName, handlers, type Input, type UseCaseDeps } from './handlers.ts'
import { match, type Route } from './match.ts'
import type { Operation } from './operations.ts'
import { readTarget } from './path.ts'
import {
  etagOf,
  type Preferences,
  readMetadataLevel,
  readPreferences,
  readVersions,
} from './preferences.ts'
import { maxPageSize, type QueryOptions, readQueryOptions } from './query-options.ts'
import { readEmptyActionBody, readEntityBody } from './request-body.ts'
import { clientRequestId, commonHeaders } from './response-headers.ts'
import { type Root, roots } from './roots.ts'
import { type SuccessResponse, successResponse } from './success-response.ts'
import {
  allowedVerbs,
  requireLicensed,
  requireOperation,
  requireOwnOrganization,
  requirePermission,
  requireTenant,
} from './who-may.ts'

export interface GraphDeps extends UseCaseDeps {
  readonly authenticator: Authenticator
  readonly observe: Observe
}

/** Rows per page when nobody asks for another number (graph D12). */
const defaultPageSize = 100

export function graphAnswer(deps: GraphDeps): Answer {
  return async (request) => {
    let route: Route | undefined
    let caller: Caller | undefined
    let answered: SuccessResponse & { readonly failureCode?: string }
    try {
      const target = readTarget(request.target)
      route = match(target)
      if (isPublic(route)) answered = notServed(requireOperation(route, request.method))
      else {
        caller = await deps.authenticator.authenticate(request.headers.authorization)
        answered = await answerCaller(deps, request, route, caller, target.query)
      }
    } catch (error) {
      answered = refuse(deps, request, error)
    }
    return withHeaders(request, answered, {
      route: route?.pattern ?? '(no route)',
      ...(caller ? { tenantId: caller.tenantId, clientId: caller.clientId } : {}),
      ...(answered.failureCode === undefined ? {} : { failureCode: answered.failureCode }),
    })
  }
}

async function answerCaller(
  deps: GraphDeps,
  request: HttpRequest,
  route: Route,
  caller: Caller,
  query: string,
): Promise<SuccessResponse> {
  const tenant = await requireTenant(deps.storage.instance.reads, caller)
  requireLicensed(tenant, route.operations.values())
  requireOwnOrganization(route, caller)
  if (request.method === 'OPTIONS')
    return { status: 204, headers: { Allow: allowedVerbs(route).join(', ') } }
  const operation = requireOperation(route, request.method)
  requirePermission(operation, caller)
  if (operation.use === undefined || operation.root === undefined) return notServed(operation)
  const root: Root = roots[operation.root]
  const options = readOptions(operation, root, query)
  const preferences = readPreferences(request.headers.prefer)
  const input: Input = {
    actor: { tenantId: caller.tenantId, name: caller.clientId },
    id: () => requireGuid(route.values.id),
    sent: await readSent(operation, root, request),
    page: pageOf(options, preferences),
    isCountWanted: options.isCountWanted,
    expected: readVersions(request.headers['if-match']),
  }
  const result = await handlers[operation.use](deps, input)
  if (result.kind === 'token' && isUnchanged(request, result.token.version))
    return { status: 304, headers: { ETag: etagOf(result.token.version) } }
  return successResponse(result, {
    root,
    origin: request.origin,
    orgId: caller.tenantId,
    level: readMetadataLevel(request.headers.accept),
    preferences,
    options,
  })
}

function isPublic(route: Route): boolean {
  return [...route.operations.values()].every((operation) => operation.scopes === 'nobody')
}

function notServed(operation: Operation): never {
  throw new Failure(
    'notServed',
    `The operation ${operation.name} is part of the API but not served by this version of Pomona yet.`,
  )
}

const noOptions: QueryOptions = { isCountWanted: false, repeated: [] }

/** Query options count only on GET (graph 7.4). */
function readOptions(operation: Operation, root: Root, query: string): QueryOptions {
  return operation.verb === 'GET' ? readQueryOptions(query, vppToken, root.face) : noOptions
}

/** What each kind of operation expects in its body. */
const bodies: Partial<Record<HandlerName, 'entity' | 'emptyAction'>> = {
  create: 'entity',
  update: 'entity',
  sync: 'emptyAction',
}

async function readSent(
  operation: Operation,
  root: Root,
  request: HttpRequest,
): Promise<SentVppToken> {
  const body = operation.use && bodies[operation.use]
  if (body === 'entity') return decode(vppToken, root.face, await readEntityBody(request))
  if (body === 'emptyAction') await readEmptyActionBody(request, operation.name)
  return {}
}

function pageOf(options: QueryOptions, preferences: Preferences) {
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

/** `If-None-Match` on a GET: the caller has this version already (graph D13). */
function isUnchanged(request: HttpRequest, version: number): boolean {
  const known = readVersions(request.headers['if-none-match'])
  return known === 'any' || (known?.has(version) ?? false)
}

function refuse(
  deps: GraphDeps,
  request: HttpRequest,
  error: unknown,
): SuccessResponse & { readonly failureCode: string } {
  if (!(error instanceof Failure) || error.code === 'internal')
    deps.observe({ kind: 'requestCrashed', requestId: request.id, error: traceOf(error) })
  return errorResponse(error, {
    requestId: request.id,
    clientRequestId: clientRequestId(request),
    now: deps.clock.now(),
    origin: request.origin,
  })
}

function withHeaders(
  request: HttpRequest,
  { status, headers, body }: SuccessResponse,
  observed: NonNullable<HttpResponse['observed']>,
): HttpResponse {
  const contentType = body === undefined ? {} : { 'Content-Type': 'application/json' }
  return {
    status,
    headers: { ...contentType, ...commonHeaders(request), ...headers },
    ...(body === undefined ? {} : { body }),
    observed,
  }
}
