/** Who asks a service that may be killed before its answer is whole. */
import { readFile } from 'node:fs/promises'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { tenantId } from './cli-world.ts'

export interface CallingClient {
  readonly clientId: string
  readonly clientSecret: string
}

/** Undefined when the service was killed before the answer was whole: whether it was done, only the data knows. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
) => Promise<{ readonly status: number; readonly json: any } | undefined>

export async function signedIn(
  origin: string,
  caFile: string,
  client: CallingClient,
): Promise<{ readonly ask: Ask; close(): Promise<void> }> {
  const { fetch: send, close } = trustingFetch(await readFile(caFile, 'utf8'))
  const signIn = await send(`${origin}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' },
      ...{ client_id: client.clientId, client_secret: client.clientSecret },
    }).toString(),
  })
  const { access_token: accessToken } = JSON.parse(await signIn.text())
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
  const ask: Ask = async (method, path, body) => {
    try {
      const answer = await send(`${origin}${path}`, {
        ...{ method, headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.status, json: JSON.parse(await answer.text()) }
    } catch {
      return undefined
    }
  }
  return { ask, close }
}
