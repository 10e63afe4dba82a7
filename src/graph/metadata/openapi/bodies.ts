/** What an operation is sent and what it answers, as JSON schemas. */
import { faceMembers } from '../../../model/payload/face-members.ts'
import type { EntitySet } from '../../entity-set.ts'
import type { HandlerName } from '../../handlers/handlers.ts'
import type { Bound, Operation } from '../../operations.ts'
import { batchAnswer, batchBody } from './batch-bodies.ts'
import { checkAnswer, checkBody } from './check-bodies.ts'
import { claimBody } from './claim-body.ts'
import { licensePlanSchema, licenseRequestBody } from './license-bodies.ts'
import { valueSchema } from './parameters.ts'
import { type JsonSchema, rowSchema } from './schemas.ts'

export interface Body {
  readonly schema: JsonSchema
  readonly example: Readonly<Record<string, unknown>>
}

/** Undefined = the operation takes none. */
export function bodyOf(operation: Operation): Body | undefined {
  const { verb, bound, set, use } = operation
  if (verb !== 'POST' && verb !== 'PATCH') return undefined
  const own = use && takenBy[use]
  if (own) return own
  if (bound) return bound.parameters.length === 0 ? undefined : parametersBody(bound)
  if (!set) throw new Error(`Say what the operation ${operation.name} is sent.`)
  return { schema: rowSchema(set), example: entityExample(set, verb) }
}

/** The bodies that are no entities. */
const takenBy: Readonly<Partial<Record<HandlerName, Body>>> = {
  batch: batchBody,
  claimLocation: claimBody,
  planLicenses: licenseRequestBody,
  requestLicenses: licenseRequestBody,
  checkToken: checkBody,
}

function parametersBody({ parameters }: Bound): Body {
  return {
    schema: {
      type: 'object',
      required: parameters.filter(({ nullable }) => !nullable).map(({ name }) => name),
      properties: Object.fromEntries(
        parameters.map(({ name, type, nullable }) => {
          const schema = valueSchema(type)
          return [name, nullable ? { ...schema, type: [schema.type, 'null'] } : schema]
        }),
      ),
    },
    example: Object.fromEntries(
      parameters.map(({ name, type }) => [name, type === 'Edm.Boolean' ? true : `<${name}>`]),
    ),
  }
}

/** To create: the texts that only a caller knows. To update: a switch. */
function entityExample({ type, face }: EntitySet, verb: 'POST' | 'PATCH'): Body['example'] {
  const kind = verb === 'POST' ? 'text' : 'flag'
  const told = faceMembers(type, face).inWireOrder.filter(
    ({ property: { write, shape } }) => write === 'caller' && shape.kind === kind,
  )
  const shown = verb === 'POST' ? told : told.slice(0, 1)
  return Object.fromEntries(shown.map(({ wire }) => [wire, kind === 'flag' ? true : `<${wire}>`]))
}

/** Rows and what stands around them; `@odata.context` is missing in Pomona's own face. */
export function listSchema(set: EntitySet): JsonSchema {
  const context = { '@odata.context': { type: 'string' } }
  return {
    type: 'object',
    required: ['value'],
    properties: {
      ...(set.face === 'pomona' ? {} : context),
      '@odata.count': { type: 'integer', description: 'All rows that match; asked for by $count' },
      '@odata.nextLink': {
        type: 'string',
        description: 'The next page, to be followed as it is; absent on the last one',
      },
      value: { type: 'array', items: rowSchema(set) },
    },
  }
}

/** Answers that show no rows. */
export const givenBy: Readonly<Partial<Record<HandlerName, JsonSchema>>> = {
  batch: batchAnswer,
  planLicenses: licensePlanSchema,
  checkToken: checkAnswer,
}
