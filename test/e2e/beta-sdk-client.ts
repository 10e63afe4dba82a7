/**
 * Signs in and connects with Microsoft's generated SDK for beta. Its package brings the models and no builders for this part of
 * Graph, so requests are described as the generated builders do: by URL template.
 */
import { ClientSecretCredential } from '@azure/identity'
import { HttpMethod, type Parsable, RequestInformation } from '@microsoft/kiota-abstractions'
import { AzureIdentityAuthenticationProvider } from '@microsoft/kiota-authentication-azure'
import { createGraphBetaServiceClient, GraphBetaRequestAdapter } from '@microsoft/msgraph-beta-sdk'
import {
  createODataErrorFromDiscriminatorValue,
  type ODataError,
} from '@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js'
import { given } from './graph-sdk-client.ts'

export const errors = { XXX: createODataErrorFromDiscriminatorValue }
export const json = 'application/json'

const options = '%24count,%24expand,%24filter,%24orderby,%24search,%24select,%24skip,%24top'
export const templates = {
  tokens: `{+baseurl}/deviceAppManagement/vppTokens{?${options}}`,
  token: '{+baseurl}/deviceAppManagement/vppTokens/{vppToken%2Did}{?%24expand,%24select}',
  syncLicenses:
    '{+baseurl}/deviceAppManagement/vppTokens/{vppToken%2Did}/microsoft.graph.syncLicenses',
  licensesForApp: `{+baseurl}/deviceAppManagement/vppTokens/microsoft.graph.getLicensesForApp(bundleId='{bundleId}'){?%24count,%24filter,%24search,%24skip,%24top}`,
  apps: `{+baseurl}/deviceAppManagement/mobileApps{?${options}}`,
  books: `{+baseurl}/deviceAppManagement/managedEBooks{?${options}}`,
  licenses: `{+baseurl}/deviceAppManagement/mobileApps/{mobileApp%2Did}/graph.iosVppApp/assignedLicenses{?${options}}`,
} as const

export function connectBeta(): GraphBetaRequestAdapter {
  const origin = given('ORIGIN')
  const credential = new ClientSecretCredential(given('TENANT'), given('CLIENT'), given('SECRET'), {
    authorityHost: origin,
    disableInstanceDiscovery: true,
  })
  const adapter = new GraphBetaRequestAdapter(
    new AzureIdentityAuthenticationProvider(
      credential,
      ['https://graph.microsoft.com/.default'],
      undefined,
      new Set([new URL(origin).hostname]),
    ),
  )
  adapter.baseUrl = `${origin}/beta`
  createGraphBetaServiceClient(adapter)
  return adapter
}

/** `path` fills the template's names, `query` its options. */
export function asked(
  method: HttpMethod,
  template: keyof typeof templates,
  path: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string | number | boolean | string[]>> = {},
): RequestInformation {
  const request = new RequestInformation(method, templates[template], {
    baseurl: `${given('ORIGIN')}/beta`,
    ...path,
  })
  Object.assign(request.queryParameters, query)
  request.headers.tryAdd('Accept', json)
  return request
}

/** What a refusal shows to a tool; null when there was none. */
export async function refusalOf(request: Promise<unknown>) {
  return request.then(
    () => null,
    ({ responseStatusCode, errorEscaped }: ODataError) => ({
      status: responseStatusCode,
      code: errorEscaped?.code,
      message: errorEscaped?.message,
      hasRequestId: Boolean(errorEscaped?.innerError?.requestId),
    }),
  )
}

/** Absent for what the request must send: the SDK's types allow it. */
export function present<T extends Parsable>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('The SDK found nothing in the answer')
  return answer
}

export { HttpMethod }
