/** The parameters of an action, read by its declaration (graph 4, 5.1). */
import { Failure } from '../model/failure.ts'
import { isStorable } from '../model/storable-text.ts'
import type { HttpRequest } from '../ports/route.ts'
import type { BoundParameter, ServedOperation } from './operations.ts'
import { readEntityBody } from './request-body.ts'

export type ActionParameters = Readonly<Record<string, string | boolean | null>>

/** Names in any case, as paths have them. Failures `badRequest` (missing, graph 7.6) and `invalidModel` name the parameter at fault. */
export async function readActionBody(
  request: HttpRequest,
  { name, bound }: ServedOperation,
): Promise<ActionParameters> {
  const declared = bound?.parameters ?? []
  const body = await readEntityBody(request)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Failure('invalidModel', `The action ${name} takes a JSON object of its parameters.`)
  const given = new Map(
    Object.entries(body).map(([key, value]) => [key.toLowerCase(), [key, value] as const]),
  )
  const parameters = declared.map((parameter) => {
    const key = parameter.name.toLowerCase()
    const value = given.get(key)?.[1] ?? null
    given.delete(key)
    return [parameter.name, parameterValue(parameter, value)] as const
  })
  const [unknown] = [...given.values()].filter(([key]) => !key.includes('@odata.'))
  if (unknown) throw unknownParameter(name, unknown[0], declared)
  return Object.fromEntries(parameters)
}

function parameterValue({ name, type, nullable }: BoundParameter, value: unknown) {
  if (value === null) {
    if (nullable) return null
    throw new Failure('badRequest', `The parameter '${name}' is missing. Give it in the body.`, {
      property: name,
    })
  }
  if (type === 'Edm.Boolean' && typeof value === 'boolean') return value
  if (type !== 'Edm.Boolean' && typeof value === 'string' && isStorable(value)) return value
  throw new Failure('invalidModel', `The parameter '${name}' must be of the type ${type}.`, {
    property: name,
  })
}

function unknownParameter(
  action: string,
  given: string,
  declared: readonly BoundParameter[],
): Failure {
  const known = declared.map(({ name }) => name).join(', ')
  return new Failure(
    'invalidModel',
    `The action ${action} has no parameter '${given.slice(0, 128)}'. It takes: ${known}.`,
    { property: given.slice(0, 128) },
  )
}
