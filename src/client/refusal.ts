/** What the service said instead of doing it, as a Failure: its words first, then what was asked. */
import { Failure, type FailureCode } from '../model/failure.ts'

interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly tenantId: string
}

export function refusal({ method, path, tenantId }: Asked, status: number, text: string): Failure {
  const error = jsonObject(text)?.error as { message?: unknown } | undefined
  const said = typeof error?.message === 'string' ? error.message : text.slice(0, 200)
  const asked = `(${method} ${path.split('?', 1)[0]}, HTTP ${status})`
  const roles = status === 403 ? rolesIn(said) : []
  const words = roles.length > 0 ? lacksRole(roles, tenantId) : said || 'No reason was given.'
  return new Failure(codeOf(status, 'badRequest'), `${words} ${asked}`)
}

/** Graph's sentence ends with the permissions, one of which is enough (graph 6.1). */
function rolesIn(said: string): readonly string[] {
  const listed = /following scopes: (.+)$/.exec(said)?.[1] ?? ''
  return listed.split(', ').filter((name) => name !== '')
}

function lacksRole(roles: readonly string[], tenantId: string): string {
  const which = roles.length === 1 ? `the role ${roles[0]}` : `one of the roles ${roles.join(', ')}`
  return `This client may not do that: it needs ${which}. Register one that has it, where the service's database is: pomona client add --tenant ${tenantId} --role ${roles[0]} --profile NAME.`
}

const codes: Readonly<Record<number, FailureCode>> = {
  401: 'accessTokenRefused',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  412: 'preconditionFailed',
  429: 'throttled',
  501: 'notServed',
}

export function codeOf(status: number, otherwise: FailureCode): FailureCode {
  return codes[status] ?? (status >= 500 ? 'unavailable' : otherwise)
}

/** Undefined when the text is anything else: something between the caller and the service may answer in its place. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
