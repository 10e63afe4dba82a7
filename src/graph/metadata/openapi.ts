/** The description of a version as OpenAPI 3.1, put together from the declarations and the table of operations. */
import type { Version } from '../entity-set.ts'
import { scopeSets } from '../gate/scopes.ts'
import { handlers } from '../handlers/handlers.ts'
import type { Operation } from '../operations.ts'
import { batchSchemas } from './openapi/batch-bodies.ts'
import { bodyOf } from './openapi/bodies.ts'
import { failureRef, failureResponses, failureSchema, failureStatuses } from './openapi/failures.ts'
import { parameters, parametersOf } from './openapi/parameters.ts'
import { type JsonSchema, typeSchemas } from './openapi/schemas.ts'
import { successResponses } from './openapi/success.ts'
import { servedOperations } from './served.ts'
import { addressOf, areaOf, operationId } from './spelling.ts'
import { summaries } from './summaries.ts'

const titles: Readonly<Record<Version, string>> = {
  'v1.0': 'Pomona: Apple VPP tokens behind Microsoft Graph v1.0',
  beta: 'Pomona: Apple VPP tokens behind Microsoft Graph beta',
  'pomona/v1': 'Pomona: what Graph has no word for',
}

const texts = new Map<Version, string>()

/** The whole document as JSON text. `origin`: as the caller reached the service; all else is the same every time. */
export function openapi(version: Version, origin: string): string {
  const rest = texts.get(version) ?? JSON.stringify(sameForAll(version))
  texts.set(version, rest)
  const head = JSON.stringify({
    openapi: '3.1.0',
    info: { title: titles[version], version },
    servers: [{ url: `${origin}/${version}` }],
  })
  return `${head.slice(0, -1)},${rest.slice(1)}`
}

function sameForAll(version: Version) {
  const served = servedOperations(version)
  const takesBatches = served.some(({ use }) => use === 'batch')
  return {
    tags: [...new Set(served.map(areaOf))].map((name) => ({ name })),
    paths: Object.fromEntries(
      [...Map.groupBy(served, ({ path }) => addressOf(path))].map(([address, verbs]) => [
        address,
        Object.fromEntries(verbs.map((one) => [one.verb.toLowerCase(), operationObject(one)])),
      ]),
    ),
    components: {
      schemas: {
        ...typeSchemas(version),
        ...(takesBatches ? batchSchemas : {}),
        error: failureSchema(),
      },
      responses: failureResponses(),
      parameters,
      securitySchemes: { accessToken },
    },
  }
}

/** The names asked of it are permissions: `scp` or `roles` of the token must hold one (graph 6). */
const accessToken = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'An access token of the tenant. The embedded issuer gives one at POST /{tenant}/oauth2/v2.0/token of the same server. Of several security requirements one is enough; the name inside is the permission that the token must hold.',
}

function operationObject(operation: Operation): JsonSchema {
  const handler = operation.use && handlers[operation.use]
  const body = bodyOf(operation)
  const failures = failureStatuses(operation, handler)
  return {
    operationId: operationId(operation),
    summary: summaries[operation.name] ?? operation.name,
    tags: [areaOf(operation)],
    security: securityOf(operation),
    parameters: parametersOf(operation, handler),
    ...(body ? { requestBody: { required: true, content: { 'application/json': body } } } : {}),
    responses: {
      ...successResponses(operation, handler),
      ...Object.fromEntries(failures.map((status) => [status, failureRef(status)])),
    },
  }
}

function securityOf({ publishes, scopes }: Operation): readonly JsonSchema[] {
  if (publishes) return []
  const accepted: readonly string[] = scopeSets[scopes]
  if (accepted.length === 0) return [{ accessToken: [] }]
  return accepted.map((scope) => ({ accessToken: [scope] }))
}
