/** What an operation takes beside its body: places in the path, query options and headers (graph 4, 7.4, 7.7). */

import { expandable } from '../../answer/shown-properties.ts'
import type { Handler } from '../../handlers/handler.ts'
import type { BoundParameter, Operation } from '../../operations.ts'
import { maxPageSize, optionsOf, refusedOnWhole } from '../../request/query-options.ts'
import type { JsonSchema } from './schemas.ts'

const query = (name: string, schema: JsonSchema, description: string) => ({
  name: `$${name}`,
  in: 'query',
  description,
  schema,
})
const header = (name: string, description: string) => ({
  name,
  in: 'header',
  description,
  schema: text,
})
const text = { type: 'string' }

/** Operations refer to these by their keys. */
export const parameters = {
  select: query('select', text, 'Names of the properties to show, separated by commas'),
  filter: query('filter', text, "Which rows to show, such as state eq 'valid'"),
  orderby: query('orderby', text, 'Properties to order by, each with asc or desc'),
  top: query(
    'top',
    { type: 'integer', minimum: 1 },
    `Rows in one page; more than ${maxPageSize} are taken as ${maxPageSize}`,
  ),
  skip: query('skip', { type: 'integer', minimum: 0 }, 'Rows to leave out at the start'),
  count: query('count', { type: 'boolean' }, 'Whether to say how many rows match'),
  skiptoken: query('skiptoken', text, 'From a nextLink, which is to be followed as it is'),
  search: query('search', text, 'Words to look for, in double quotes'),
  expand: query('expand', text, 'Related entities to show, separated by commas'),
  ifMatch: header('If-Match', 'ETags that the record may have for the change to be made'),
  ifNoneMatch: header('If-None-Match', 'ETags that the caller knows; answered with 304'),
  idempotencyKey: header(
    'Idempotency-Key',
    'Any text of the caller that marks this create; sent again it gives the first answer',
  ),
  preferPage: {
    ...header('Prefer', 'odata.maxpagesize=n: rows in one page where $top does not say'),
    example: 'odata.maxpagesize=50',
  },
  preferMinimal: {
    ...header('Prefer', 'return=minimal: 204 instead of the record'),
    example: 'return=minimal',
  },
} as const
type ParameterName = keyof typeof parameters

/** Names of the query options that the operation heeds, without `$`. */
export function queryOptionsOf(
  { set }: Operation,
  handler: Handler | undefined,
): readonly ParameterName[] {
  if (!set || !handler) return []
  return optionsOf[handler.answers].filter(
    (name) =>
      (name !== 'search' || set.searched !== undefined) &&
      (name !== 'expand' || expandable(set).length > 0) &&
      !(set.isWhole && refusedOnWhole.some((refused) => refused === name)),
  )
}

function headersOf(handler: Handler | undefined): readonly ParameterName[] {
  if (!handler) return []
  return [
    ...(handler.isConditional ? (['ifMatch'] as const) : []),
    ...(handler.isRecognized ? (['idempotencyKey'] as const) : []),
    ...(handler.answers === 'entity' ? (['ifNoneMatch'] as const) : []),
    ...(handler.answers === 'list' ? (['preferPage'] as const) : []),
  ]
}

export function parametersOf(
  operation: Operation,
  handler: Handler | undefined,
): readonly JsonSchema[] {
  const canBeMinimal =
    handler?.isRecognized || (handler?.isConditional && operation.verb === 'PATCH')
  const named = [
    ...queryOptionsOf(operation, handler),
    ...headersOf(handler),
    ...(canBeMinimal ? (['preferMinimal'] as const) : []),
  ]
  return [
    ...pathParameters(operation),
    ...named.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ]
}

function pathParameters(operation: Operation): readonly JsonSchema[] {
  const given = operation.bound?.kind === 'function' ? operation.bound.parameters : []
  return [
    ...operation.path.flatMap((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1]
      return name === undefined ? [] : [keyParameter(name, operation)]
    }),
    ...given.map(functionParameter),
  ]
}

function keyParameter(name: string, { verb, path }: Operation): JsonSchema {
  // The seed form: whatever stands there is ignored, the service makes the id (graph D3).
  const isIgnored = verb === 'POST' && path.at(-1) === `{${name}}`
  return {
    name,
    in: 'path',
    required: true,
    ...(isIgnored ? { description: 'Ignored: the service makes the id', schema: text } : {}),
    ...(isIgnored ? {} : { schema: { type: 'string', format: 'uuid' } }),
    ...(name === 'orgId' ? { description: 'The id of the tenant that calls' } : {}),
  }
}

function functionParameter({ name, type }: BoundParameter): JsonSchema {
  return {
    name,
    in: 'path',
    required: true,
    description: 'A quote inside is written twice',
    schema: valueSchema(type),
  }
}

export function valueSchema(type: BoundParameter['type']): JsonSchema {
  switch (type) {
    case 'Edm.Boolean':
      return { type: 'boolean' }
    case 'Edm.String':
      return text
  }
}
