/**
 * One request of Graph's surface from the socket's data to the answer: match → authenticate → tenant → organization → verb
 * → scope → headers and body → use case → encode. Each step is a function that can only fail with a Failure (graph G11).
 */
import { Failure } from '../model/failure.ts'
import { traceOf } from '../model/observation.ts'
import type { Authenticator, Caller } from '../ports/authenticator.ts'
import type { Observe } from '../ports/observer.ts'
import type { Answer, HttpRequest, HttpResponse } from '../ports/route.ts'
import { errorResponse } from './answer/error-response.ts'
import { etagOf, isKnown } from './answer/etag.ts'
import type { SuccessResponse } from './answer/json-answer.ts'
import { clientRequestId, commonHeaders } from './answer/response-headers.ts'
import { successResponse } from './answer/success-response.ts'
import type { RequestLimiter } from './gate/throttle.ts'
import {
  allowedVerbs,
  requireLicensed,
  requireOperation,
  requireOwnOrganization,
  requirePermission,
  requireReading,
  requireTenant,
} from './gate/who-may.ts'
import type { Handler, UseCaseDeps } from './handlers/handler.ts'
import { handlers } from './handlers/handlers.ts'
import { published } from './metadata/published.ts'
import type { PublishedDocument } from './operations.ts'
import { match, type Route } from './request/match.ts'
import { readTarget } from './request/path.ts'
import { readMetadataLevel, readPreferences } from './request/preferences.ts'
import { readQueryOptions } from './request/query-options.ts'
import { readInput } from './request/read-input.ts'

export interface GraphDeps extends Omit<UseCaseDeps, 'answer'> {
  readonly authenticator: Authenticator
  readonly observe: Observe
  /** Absent = callers may ask as often as they like. */
  readonly throttle?: RequestLimiter
}

export function graphAnswer(given: GraphDeps): Answer {
  const answer: Answer = async (request) => {
    let route: Route | undefined
    let caller: Caller | undefined
    let answered: SuccessResponse & { readonly failureCode?: string }
    try {
      const target = readTarget(request.target)
      route = match(target)
      if (route.document) answered = answerAnybody(request, route, route.document)
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
  const deps = { ...given, answer }
  return answer
}

type Deps = GraphDeps & UseCaseDeps

/** What needs no access token (graph G18). */
function answerAnybody(
  request: HttpRequest,
  route: Route,
  document: PublishedDocument,
): SuccessResponse {
  if (request.method === 'OPTIONS') return optionsResponse(route)
  requireReading(route, request.method)
  return published(document, request.origin)
}

function optionsResponse(route: Route): SuccessResponse {
  return { status: 204, headers: { Allow: allowedVerbs(route).join(', ') } }
}

async function answerCaller(
  deps: Deps,
  request: HttpRequest,
  route: Route,
  caller: Caller,
  query: string,
): Promise<SuccessResponse> {
  const tenant = await requireTenant(deps.storage.instance.reads, caller)
  // Whatever becomes of a request, it counts; of a batch the items do, not their envelope (graph H11).
  if (!isBatch(route)) deps.throttle?.take(caller, request.method)
  requireLicensed(tenant, route.operations.values())
  requireOwnOrganization(route, caller)
  if (request.method === 'OPTIONS') return optionsResponse(route)
  const operation = requireOperation(route, request.method)
  requirePermission(operation, caller)
  const handler: Handler = handlers[operation.use]
  const options = readQueryOptions(query, handler.answers, operation.set, request.sharedBy)
  const preferences = readPreferences(request.headers.prefer)
  const input = readInput({
    request,
    route,
    operation,
    handler,
    caller,
    tenant,
    options,
    preferences,
  })
  const result = await handler.run(deps, input, request, operation)
  if (result.kind === 'entity' && isKnown(result.row, request.headers['if-none-match']))
    return { status: 304, headers: { ETag: etagOf(result.row) } }
  return successResponse(result, {
    operation,
    origin: request.origin,
    values: { ...route.values, orgId: caller.tenantId },
    level: readMetadataLevel(request.headers.accept),
    preferences,
    options,
    sharedBy: request.sharedBy ?? 1,
  })
}

function isBatch({ operations }: Route): boolean {
  return [...operations.values()].every(({ use }) => use === 'batch')
}

function refuse(
  deps: Deps,
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
