/** What an operation can answer instead (graph 7.6). */
import { shownAs } from '../../answer/error-response.ts'
import type { Handler } from '../../handlers/handler.ts'
import type { Operation } from '../../operations.ts'
import { type JsonSchema, ref } from './schemas.ts'

const codesByStatus = Map.groupBy(Object.values(shownAs), ({ status }) => status)

function codesOf(status: number): readonly string[] {
  return [...new Set((codesByStatus.get(status) ?? []).map(({ code }) => code))]
}

/** Actions that say so when the world is not as the caller saw it. */
const meetsConflicts: ReadonlySet<string> = new Set(['claimLocation', 'releaseLocation'])

/** The statuses other than success that an operation can answer, in order. */
export function failureStatuses(operation: Operation, handler: Handler | undefined) {
  if (operation.publishes) return [500]
  const isOfOne = operation.path.some((part) => part.startsWith('{') && part !== '{orgId}')
  const writes = operation.verb === 'POST' || operation.verb === 'PATCH'
  const statuses: number[] = [400, 401, 403, 429, 500, 503]
  // The seed form of a create ends in an id that is ignored (graph D3).
  const isMade = handler?.isRecognized && operation.path.at(-1)?.startsWith('{')
  if (isOfOne && !isMade) statuses.push(404)
  if (writes) statuses.push(413)
  // A create meets one still at work under its key, an update a token of another location (graph G10, H5).
  if (
    writes &&
    (handler?.isRecognized || handler?.isConditional || meetsConflicts.has(operation.name))
  )
    statuses.push(409)
  if (handler?.isRecognized) statuses.push(422)
  if (handler?.isConditional) statuses.push(412)
  return statuses.sort((a, b) => a - b)
}

export function failureRef(status: number): JsonSchema {
  return { $ref: `#/components/responses/error${status}` }
}

/** All answers that failures can have, for operations to refer to. */
export function failureResponses(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    [...codesByStatus.keys()].map((status) => [
      `error${status}`,
      {
        description: codesOf(status).join(' or '),
        ...(status === 429 || status === 503 ? { headers: retryAfter } : {}),
        content: { 'application/json': { schema: ref('error') } },
      },
    ]),
  )
}

const retryAfter = {
  'Retry-After': {
    description: 'Whole seconds to wait, at least 1',
    schema: { type: 'integer', minimum: 1 },
  },
}

const text = { type: 'string' }

export function failureSchema(): JsonSchema {
  return {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'innerError'],
        properties: {
          code: { type: 'string', enum: [...codesByStatus.keys()].flatMap(codesOf) },
          message: { ...text, description: 'What happened, why, and what to do; never JSON' },
          target: { ...text, description: 'The property or option at fault' },
          innerError: {
            type: 'object',
            properties: {
              date: { ...text, description: 'In UTC, without a zone' },
              'request-id': { ...text, description: 'Under which the log tells more' },
              'client-request-id': text,
              message: text,
              code: text,
              status: text,
            },
          },
        },
      },
    },
  }
}
