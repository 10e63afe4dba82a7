/** The discovery document of a tenant (OpenID Connect Discovery 1.0 section 3). */
import { issuerOf } from './access-token.ts'
import { signingAlgorithm } from './signing-key.ts'

/**
 * Microsoft's sign-in library reads `issuer` (its origin must be the one it called), `token_endpoint`, `jwks_uri` and
 * `authorization_endpoint`, and gives up without any of them (graph 8.3); nobody is sent to the last one here.
 */
export function discoveryDocument(origin: string, tenantId: string): object {
  const base = `${origin}/${tenantId}`
  return {
    issuer: issuerOf(origin, tenantId),
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [signingAlgorithm],
    scopes_supported: ['https://graph.microsoft.com/.default'],
  }
}
