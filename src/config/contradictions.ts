/** Settings that are sound one by one and yet cannot stand together. One rule, one entry. */
import { isGraphAudience } from '../auth/graph-audiences.ts'
import { requireNotificationOrigin } from '../compose/ownership-settings.ts'
import {
  requireAppleUrl,
  requireIssuers,
  requireLookupHosts,
  requireTls,
} from '../compose/service-settings.ts'
import { Failure } from '../model/failure.ts'
import type { SettingName, SettingValues } from './settings.ts'
import { isPostgres } from './storage-url.ts'

type Values = SettingValues<SettingName>

export interface Contradiction {
  /** The rule speaks only when all of these are read and sound; the first one is named as the one at fault. */
  readonly between: readonly [SettingName, ...SettingName[]]
  /** Failure `misconfigured` when they contradict each other. */
  readonly check: (values: Values, isGiven: (name: SettingName) => boolean) => void
}

export const contradictions: readonly Contradiction[] = [
  {
    between: ['no-tls', 'tls-cert', 'tls-key', 'listen', 'trusted-proxy'],
    check: (values) => void requireTls(values),
  },
  {
    between: ['apple-notifications', 'public-origin'],
    check: (values) => void requireNotificationOrigin(values),
  },
  {
    between: ['apple-url', 'apple-mode'],
    check: (values) => void requireAppleUrl(values),
  },
  {
    between: ['apple-lookup-host', 'apple-mode'],
    check: (values) => void requireLookupHosts(values),
  },
  {
    between: ['key-file', 'storage-url'],
    check: (values, isGiven) => {
      if (isPostgres(values['storage-url']) && !isGiven('key-file'))
        throw wrong(
          'With PostgreSQL every node must have the same key, so none is made in the folder of a user. Name the key file by --key-file.',
        )
    },
  },
  {
    between: ['no-worker', 'storage-url'],
    check: ({ 'no-worker': isWithout, 'storage-url': url }) => {
      if (isWithout && !isPostgres(url))
        throw wrong(
          'With --no-worker the syncs are left to pomona worker, and the embedded database belongs to one process alone. Leave it out, or name a PostgreSQL database by --storage-url-file.',
        )
    },
  },
  {
    between: ['issuer-audience', 'issuer'],
    check: (values) => {
      requireIssuers(values)
      if (values.issuer.length > 0 && values['issuer-audience'].length === 0)
        throw wrong(
          'A trusted issuer writes access tokens for many services. Name the audience that is meant for Pomona by --issuer-audience.',
        )
    },
  },
  {
    between: ['issuer-audience'],
    check: (values) => {
      // A real access token for Microsoft Graph is not ours to accept (graph 6.2).
      if (values['issuer-audience'].some(isGraphAudience))
        throw wrong(
          '--issuer-audience is that of Microsoft Graph, and an access token for Graph is not meant for Pomona. Register an application of your own at the issuer and give its audience.',
        )
    },
  },
  {
    between: ['issuer'],
    check: ({ issuer }) => {
      const urls = issuer.map((each) => each.issuer)
      const twice = urls.find((url, place) => urls.indexOf(url) !== place)
      if (twice !== undefined)
        throw wrong(
          `--issuer names '${twice}' twice. Name it once, with commas between its tenants.`,
        )
    },
  },
]

/** The sentence of a rule that is broken; undefined when it holds. */
export function brokenBy(
  { check }: Contradiction,
  values: Values,
  isGiven: (name: SettingName) => boolean,
): string | undefined {
  try {
    check(values, isGiven)
    return undefined
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
}

function wrong(message: string): Failure {
  return new Failure('misconfigured', message)
}
