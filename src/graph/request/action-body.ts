/** The parameters of an action, read by its declaration (graph 4, 5.1). */
import { Failure } from '../../model/failure.ts'
import { parseJsonText } from '../../model/payload/json-text.ts'
import { isStorable } from '../../model/storable-text.ts'
import type { HttpRequest } from '../../ports/route.ts'
import type { BoundParameter, ServedOperation } from '../operations.ts'
import { maxBodyBytes, readEntityBody } from './request-body.ts'

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

/** An action without parameters takes no body, `null` or `{}`, whatever the content type says (graph 4.1). */
export async function readEmptyActionBody(request: HttpRequest, action: string): Promise<void> {
  const bytes = await request.readBody(maxBodyBytes)
  if (bytes.every((byte) => byte <= 0x20)) return
  const value = parseJsonText(bytes)
  if (value === null) return
  const isObject = typeof value === 'object' && !Array.isArray(value)
  const parameters = isObject
    ? Object.keys(value).filter((name) => !name.includes('@odata.'))
    : ['(not an object)']
  if (parameters.length === 0) return
  throw new Failure(
    'badRequest',
    `The action ${action} takes no parameters, but the body holds '${parameters[0]?.slice(0, 128)}'. Send no body.`,
  )
}
