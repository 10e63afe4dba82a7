/** What the service said instead of doing it, as a Failure: its words first, then what was asked. */
import { Failure, type FailureCode } from '../model/failure.ts'

interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly tenantId: string
  /** Opens everything that the caller is about to do, not just this request; absent = the least that opens it is enough. */
  readonly role?: string
}

export function refusal(
  { method, path, tenantId, role }: Asked,
  status: number,
  text: string,
): Failure {
  const error = jsonObject(text)?.error as { message?: unknown } | undefined
  const said = typeof error?.message === 'string' ? error.message : text.slice(0, 200)
  const asked = `(${method} ${path.split('?', 1)[0]}, HTTP ${status})`
  const lacking = status === 403 ? roleFor(method, rolesIn(said), role) : undefined
  const words =
    lacking === undefined ? said || 'No reason was given.' : lacksRole(lacking, tenantId)
  return new Failure(codeOf(status, 'badRequest'), `${words} ${asked}`)
}

/** Graph's sentence ends with the permissions, one of which is enough (graph 6.1). */
function rolesIn(said: string): readonly string[] {
  const listed = /following scopes: (.+)$/.exec(said)?.[1] ?? ''
  return listed.split(', ').filter((name) => name !== '')
}

/** One of those that are enough: the first ones only read, and whoever writes reads as well. */
function roleFor(
  method: string,
  roles: readonly string[],
  wanted: string | undefined,
): string | undefined {
  if (wanted !== undefined && roles.includes(wanted)) return wanted
  const writing = method === 'GET' ? undefined : roles.find((role) => role.includes('ReadWrite'))
  return writing ?? roles[0]
}

function lacksRole(role: string, tenantId: string): string {
  return `This client may not do that: it needs a role such as ${role}. Register one that has it, where the service's database is: pomona client add --tenant ${tenantId} --role ${role} --profile NAME.`
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
