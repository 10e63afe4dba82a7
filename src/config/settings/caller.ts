/** What a command needs to call a running service. */
import { setting } from '../setting.ts'
import { anyText, guid, path, pathOrInput, safeOrigin } from '../setting-kinds.ts'

export const callerSettings = {
  origin: setting({
    reader: 'caller',
    argument: 'URL',
    description: 'The service to call',
    kind: safeOrigin,
  }),
  tenant: setting({
    reader: 'caller',
    argument: 'ID',
    description: 'Tenant in which the client acts',
    kind: guid,
  }),
  'client-id': setting({
    reader: 'caller',
    argument: 'ID',
    description: 'Client to sign in as',
    kind: guid,
  }),
  'client-secret-file': setting({
    reader: 'caller',
    argument: 'FILE',
    description: "File of the client's secret; - reads standard input",
    kind: pathOrInput,
  }),
  'ca-file': setting({
    reader: 'caller',
    argument: 'FILE',
    description: 'PEM certificate to trust for the service, besides the public ones',
    kind: path,
  }),
  profile: setting({
    reader: 'caller',
    argument: 'NAME',
    description: 'All of the above from the profile that pomona client add --profile wrote',
    kind: anyText,
  }),
} as const
