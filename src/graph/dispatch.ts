/**
 * One request of Graph's surface from the socket's data to the answer: match → authenticate → tenant → organization → verb
 * → scope → headers and body → use case → encode. Each step is a function that can only fail with a Failure (graph G11).
 */
import { Failure } from '../model/failure.ts'
import { traceOf } from '../model/observation.ts'
import { vppToken } from '../model/vpp-token.ts'
import type { Authenticator, Caller } from '../ports/authenticator.ts'
import type { Observe } from '../ports/observer.ts'
import type { Answer, HttpRequest, HttpResponse } from '../ports/route.ts'
import { errorResponse } from './error-response.ts'
import { type HandlerName, handlers, type UseCaseDeps } from './handlers.ts'
import { match, type Route } from './match.ts'
import type { Operation } from './operations.ts'
import { readTarget } from './path.ts'
import { etagOf, readMetadataLevel, readPreferences, readVersions } from './preferences.ts'
import { type Answered, readQueryOptions } from './query-options.ts'
import { readInput } from './read-input.ts'
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

export function graphAnswer(deps: GraphDeps): Answer {
  return async (request) => {
    let route: Route | undefined
    let caller: Caller | undefined
    let answered: SuccessResponse & { readonly failureCode?: string }
    try {
      const target = readTarget(request.target)
      route = match(target)
      if (isPublic(route)) answered = answerAnybody(request, route)
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

/** What needs no access token (graph G18). */
function answerAnybody(request: HttpRequest, route: Route): SuccessResponse {
  if (request.method === 'OPTIONS') return optionsResponse(route)
  return notServed(requireOperation(route, request.method))
}

function optionsResponse(route: Route): SuccessResponse {
  return { status: 204, headers: { Allow: allowedVerbs(route).join(', ') } }
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
  if (request.method === 'OPTIONS') return optionsResponse(route)
  const operation = requireOperation(route, request.method)
  requirePermission(operation, caller)
  const { use } = operation
  if (use === undefined || operation.root === undefined) return notServed(operation)
  const root: Root = roots[operation.root]
  const options = readQueryOptions(query, optionsIn[use] ?? 'nothing', {
    type: vppToken,
    face: root.face,
  })
  const preferences = readPreferences(request.headers.prefer)
  const served = { ...operation, use }
  const given = { request, route, operation: served, root, caller, options, preferences }
  const result = await handlers[use](deps, await readInput(given))
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

/** Query options count only on GET (graph 7.4). */
const optionsIn: Partial<Record<HandlerName, Answered>> = {
  list: 'list',
  get: 'entity',
  count: 'count',
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
