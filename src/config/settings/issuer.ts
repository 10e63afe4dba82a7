/** Whose access tokens count beside those of the embedded issuer. */
import { setting } from '../setting.ts'
import { anyText, issuer } from '../setting-kinds.ts'

export const issuerSettings = {
  issuer: setting({
    reader: 'service',
    argument: 'URL=TENANT',
    description:
      'OpenID Connect issuer whose access tokens count, and its tenants (commas between); or a URL with {tid}',
    kind: issuer,
    isList: true,
  }),
  'issuer-audience': setting({
    reader: 'service',
    argument: 'AUDIENCE',
    description: 'Audience that access tokens of these issuers must carry',
    kind: anyText,
    isList: true,
  }),
} as const
