/** From the body and headers of a token request to what is asked for: client credentials only (RFC 6749 section 4.4). */
import type { HttpRequest } from '../ports/route.ts'
import { basicCredentials } from './basic-credentials.ts'
import { OAuthRefusal } from './oauth-refusal.ts'

/** A well-formed wish; whether the credentials are right is not known yet. */
export interface TokenRequest {
  readonly clientId: string
  readonly clientSecret: string
}

const bodyLimitBytes = 16 * 1_024

/** Parameters that mean something here; of these a second one is refused (RFC 6749 section 3.2). */
const knownParameters = [
  'grant_type',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
] as const
type Parameter = (typeof knownParameters)[number]

/** Graph's two names with `/.default`, also behind the slash that Graph's own address may end in; compared in lower case. */
const graphDefaultScopes = new Set([
  'https://graph.microsoft.com/.default',
  'https://graph.microsoft.com//.default',
  '00000003-0000-0000-c000-000000000000/.default',
])

/** OAuthRefusal when the request cannot be read or asks for what is not served. Failure `payloadTooLarge` above 16 KiB. */
export async function readTokenRequest(request: HttpRequest): Promise<TokenRequest> {
  const form = formOf(request, await request.readBody(bodyLimitBytes))
  if (required(form, 'grant_type') !== 'client_credentials')
    throw new OAuthRefusal(
      'unsupportedGrant',
      "Only the grant type 'client_credentials' is served. Sign in as an application, with its id and secret.",
    )
  if (form.has('client_assertion') || form.has('client_assertion_type'))
    throw new OAuthRefusal(
      'missingSecret',
      "Client assertions are not served. Send the application's secret as 'client_secret'.",
    )
  const credentials = credentialsOf(request, form)
  checkScope(required(form, 'scope'))
  return credentials
}

function formOf(request: HttpRequest, body: Uint8Array): ReadonlyMap<Parameter, string> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    throw new OAuthRefusal(
      'malformed',
      'The body must be a form. Send it with the content type application/x-www-form-urlencoded.',
    )
  const sent = new URLSearchParams(textOf(body))
  const form = new Map<Parameter, string>()
  for (const name of knownParameters) {
    const values = sent.getAll(name)
    if (values.length > 1)
      throw new OAuthRefusal(
        'malformed',
        `The parameter '${name}' came more than once. Send it once.`,
      )
    // A parameter without a value counts as not sent (RFC 6749 section 3.2).
    if (values[0]) form.set(name, values[0])
  }
  return form
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new OAuthRefusal('malformed', 'The body is not UTF-8 text. Send a form in UTF-8.')
  }
}

function required(form: ReadonlyMap<Parameter, string>, name: Parameter): string {
  const value = form.get(name)
  if (value !== undefined) return value
  throw new OAuthRefusal(
    'missingParameter',
    `The form lacks the parameter '${name}'. Add it and send the request again.`,
  )
}

/** From the form or from a Basic header, never from both (RFC 6749 section 2.3). */
function credentialsOf(
  request: HttpRequest,
  form: ReadonlyMap<Parameter, string>,
): { clientId: string; clientSecret: string } {
  const basic = basicCredentials(request.headers.authorization)
  if (!basic) {
    const clientId = required(form, 'client_id')
    const clientSecret = form.get('client_secret')
    if (clientSecret !== undefined) return { clientId, clientSecret }
    throw new OAuthRefusal(
      'missingSecret',
      "The form lacks the parameter 'client_secret'. Add the application's secret.",
    )
  }
  const formClientId = form.get('client_id')
  if (form.has('client_secret') || (formClientId !== undefined && formClientId !== basic.clientId))
    throw new OAuthRefusal(
      'malformed',
      'Credentials came in the form and in the Authorization header. Send them in one place only.',
    )
  return basic
}

function checkScope(scope: string): void {
  if (graphDefaultScopes.has(scope.trim().toLowerCase())) return
  throw new OAuthRefusal(
    'invalidScope',
    "Only the scope 'https://graph.microsoft.com/.default' is served: it stands for every role of the application.",
  )
}
