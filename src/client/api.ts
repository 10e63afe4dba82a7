/** A client of Pomona's public API for the command line and the pages: signs in, asks, and turns refusals into sentences. */
import { Failure } from '../model/failure.ts'
import { codeOf, jsonObject, refusal } from './refusal.ts'

/** As the web's fetch, so that a caller can hand in one that trusts a private CA. */
export type Fetch = (
  url: string,
  init?: {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>

export interface ApiCredentials {
  readonly origin: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface Api {
  readonly origin: string
  /** The access token in use; signs in when there is none yet. */
  accessToken(): Promise<string>
  /** The JSON of a 2xx answer, null without a body. A Failure tells what the service said otherwise. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
}

export function tokenEndpoint({ origin, tenantId }: ApiCredentials): string {
  return `${origin}/${tenantId}/oauth2/v2.0/token`
}

/** `role`: what opens all that is going to be asked, for whoever lacks it; absent = told request by request. */
export function connectApi(fetch: Fetch, credentials: ApiCredentials, role?: string): Api {
  let signedIn: Promise<string> | undefined
  const accessToken = () => {
    signedIn ??= signIn(fetch, credentials)
    return signedIn
  }
  const send = async (method: string, path: string, body: unknown) =>
    fetch(`${credentials.origin}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${await accessToken()}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    origin: credentials.origin,
    accessToken,
    ask: async (method, path, body) => {
      const isFresh = signedIn === undefined
      let response = await send(method, path, body)
      if (response.status === 401 && !isFresh) {
        // Access tokens live a quarter of an hour; waiting for a long sync outlasts them.
        signedIn = undefined
        response = await send(method, path, body)
      }
      const text = await response.text()
      const { tenantId } = credentials
      const asked = { method, path, tenantId, ...(role === undefined ? {} : { role }) }
      if (response.status >= 300) throw refusal(asked, response.status, text)
      return text === '' ? null : answered(method, path, text)
    },
  }
}

async function signIn(fetch: Fetch, credentials: ApiCredentials): Promise<string> {
  const response = await fetch(tokenEndpoint(credentials), {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    }).toString(),
  })
  const text = await response.text()
  const answer = jsonObject(text)
  if (response.status === 200 && typeof answer?.access_token === 'string')
    return answer.access_token
  const why = String(answer?.error_description ?? answer?.error ?? 'No reason was given.')
  throw new Failure(
    codeOf(response.status, 'forbidden'),
    `Signing in at ${credentials.origin} was refused (HTTP ${response.status}): ${why} See what there is, where the service's database is: pomona tenant list, pomona client list --tenant ${credentials.tenantId}.`,
  )
}

/** Something between the caller and the service may answer in its place. */
function answered(method: string, path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure(
      'unavailable',
      `${method} ${path} was answered with something that is not JSON, so it did not come from Pomona. Check the origin, and any proxy in front of it.`,
    )
  }
}
