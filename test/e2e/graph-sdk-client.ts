/** Signs in and connects as a tool's author would, with what the environment says. */
import { ClientSecretCredential } from '@azure/identity'
import { Client, type GraphError } from '@microsoft/microsoft-graph-client'
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js'

export const tokens = '/deviceAppManagement/vppTokens'

export function given(name: string): string {
  return process.env[`POMONA_TEST_${name}`] ?? ''
}

export function connect(): Client {
  const origin = given('ORIGIN')
  const credential = new ClientSecretCredential(given('TENANT'), given('CLIENT'), given('SECRET'), {
    authorityHost: origin,
    disableInstanceDiscovery: true,
  })
  return Client.initWithMiddleware({
    baseUrl: `${origin}/`,
    defaultVersion: given('VERSION') || 'beta',
    customHosts: new Set([new URL(origin).hostname]),
    authProvider: new TokenCredentialAuthenticationProvider(credential, {
      scopes: ['https://graph.microsoft.com/.default'],
    }),
  })
}

/** What a refusal shows to a tool; null when there was none. */
export async function refusalOf(asked: Promise<unknown>) {
  return asked.then(
    () => null,
    ({ statusCode, code, message }: GraphError) => ({ statusCode, code, message }),
  )
}

/** Asks again until the answer fits. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await ask()
    if (fits(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('It did not come in time')
}
