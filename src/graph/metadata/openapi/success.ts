/** What an operation answers when all goes well, by status (graph 4, 7.1). */
import type { Handler } from '../../handlers/handler.ts'
import type { Bound, Operation } from '../../operations.ts'
import { givenBy, listSchema } from './bodies.ts'
import { type JsonSchema, rowSchema } from './schemas.ts'

type Responses = Readonly<Record<string, JsonSchema>>

export function successResponses(operation: Operation, handler: Handler | undefined): Responses {
  const { publishes, bound, verb, set, use } = operation
  if (publishes === 'metadata')
    return { 200: answer('The metadata, CSDL 4.0', {}, 'application/xml') }
  if (publishes === 'serviceDocument') return { 200: answer('What stands here', serviceSchema) }
  if (handler?.answers === 'count')
    return { 200: answer('How many rows match', { type: 'integer' }, 'text/plain') }
  const given = use && givenBy[use]
  if (given) return { 200: answer('The answer', given) }
  if (bound?.returns === 'Edm.Int32') return { 200: answer('The number', numberSchema) }
  if (verb === 'DELETE' || bound?.returns === 'nothing') return { 204: nothing }
  if (!set) throw new Error(`Say what the operation ${operation.name} answers.`)
  if (handler?.answers === 'list') return { 200: answer('Rows', listSchema(set)) }
  const record = { ...answer('The record', rowSchema(set)), headers: etag }
  return recordResponses(record, { verb, bound, isRead: handler?.answers === 'entity' })
}

function recordResponses(
  record: JsonSchema,
  asked: { verb: Operation['verb']; bound: Bound | undefined; isRead: boolean },
): Responses {
  if (asked.isRead) return { 200: record, 304: { description: 'The caller has this one already' } }
  if (asked.bound) return { 200: record }
  const minimal = { description: 'Done, as return=minimal was preferred', headers: etag }
  if (asked.verb === 'PATCH') return { 200: record, 204: minimal }
  return {
    201: { ...record, headers: { ...etag, ...location } },
    204: { ...minimal, headers: { ...etag, ...location } },
  }
}

function answer(description: string, schema: JsonSchema, type = 'application/json'): JsonSchema {
  return { description, content: { [type]: { schema } } }
}

const header = (name: string, description: string) => ({
  [name]: { description, schema: { type: 'string' } },
})
const etag = header('ETag', 'The version of the record, for If-Match')
const location = header('Location', 'Where the new record stands')
const nothing = { description: 'Done' }
const numberSchema = {
  type: 'object',
  required: ['value'],
  properties: { '@odata.context': { type: 'string' }, value: { type: 'integer', format: 'int32' } },
}
const serviceSchema = {
  type: 'object',
  properties: {
    '@odata.context': { type: 'string' },
    value: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          kind: { type: 'string', enum: ['EntitySet', 'Singleton'] },
          url: { type: 'string' },
        },
      },
    },
  },
}
