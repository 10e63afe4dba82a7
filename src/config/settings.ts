/**
 * THE table of settings. Flags, `POMONA_*` variables, the settings file, help and docs/operations.md are read off it: a new
 * setting is one entry here. Docs are made anew by `npx node tools/settings-docs.js`.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { usualInstanceName } from '../domain/ownership/own-registration.ts'
import {
  anyText,
  days,
  guid,
  issuer,
  type Kind,
  languageTag,
  limit,
  listenAddress,
  network,
  oneOf,
  onOrOff,
  path,
  pathOrInput,
  safeOrigin,
  shortName,
  webAddress,
  webHost,
  webHostPattern,
  webOrigin,
} from './setting-kinds.ts'
import { storageUrl } from './storage-url.ts'

export type { ListenAddress } from './setting-kinds.ts'

export interface Setting {
  /** Who reads it: the service and the commands on its storage, or the commands that call a running service. */
  readonly reader: 'service' | 'caller'
  /** What stands behind the flag in the help: `DIR`, `HOST:PORT`. Absent = a switch. */
  readonly argument?: string
  readonly description: string
  // biome-ignore lint/suspicious/noExplicitAny: of every kind; each entry's own kind is known to SettingValues
  readonly kind: Kind<any>
  /** May be given several times; the value is then a list, empty when it is not given. */
  readonly isList?: true
  /** Never shown; can also be given by a file (`storage-url-file`). */
  readonly isSecret?: true
  /** Absent = the value is undefined when nobody gives one. */
  readonly fallback?: Fallback
}

export interface Fallback {
  /** For help and docs: the same on every machine. */
  readonly shown: string
  /** The text in use; `effective` gives the text of another setting that has a fallback. */
  readonly text: (effective: (name: 'data-dir') => string) => string
}

/** Keeps the literal shape, so that a setting with a fallback is known to have a value. */
const setting = <const S extends Setting>(given: S): S => given
const always = (text: string) => ({ shown: text, text: () => text })

/** The XDG folders count only when they are absolute. */
const userFolder = (variable: string | undefined, ...otherwise: readonly string[]) =>
  variable?.startsWith('/') ? variable : join(homedir(), ...otherwise)
export const userDataFolder = () =>
  join(userFolder(process.env.XDG_DATA_HOME, '.local', 'share'), 'pomona')
export const userConfigFolder = () =>
  join(userFolder(process.env.XDG_CONFIG_HOME, '.config'), 'pomona')

export const settings = {
  'data-dir': setting({
    reader: 'service',
    argument: 'DIR',
    description: 'Folder of the database and of ca.pem',
    kind: path,
    fallback: { shown: '~/.local/share/pomona', text: userDataFolder },
  }),
  'key-file': setting({
    reader: 'service',
    argument: 'FILE',
    description:
      'Key that seals every secret, kept apart from the data; made on first use; with PostgreSQL it must be named',
    kind: path,
    fallback: {
      shown: '~/.config/pomona/key.json',
      text: () => join(userConfigFolder(), 'key.json'),
    },
  }),
  'storage-url': setting({
    reader: 'service',
    argument: 'URL',
    description: 'Database: sqlite:FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    kind: storageUrl,
    isSecret: true,
    fallback: {
      shown: 'sqlite:<data-dir>/pomona.db',
      text: (effective) => `sqlite:${join(effective('data-dir'), 'pomona.db')}`,
    },
  }),
  listen: setting({
    reader: 'service',
    argument: 'HOST:PORT',
    description: 'Where the service listens; port 0 picks a free one',
    kind: listenAddress,
    fallback: always('127.0.0.1:8443'),
  }),
  'public-origin': setting({
    reader: 'service',
    argument: 'URL',
    description:
      'What clients call the service by, the first one in links; another Host is refused',
    kind: webOrigin,
    isList: true,
  }),
  'trusted-proxy': setting({
    reader: 'service',
    argument: 'CIDR',
    description: 'Address or network of a proxy whose X-Forwarded headers are believed',
    kind: network,
    isList: true,
  }),
  'tls-cert': setting({
    reader: 'service',
    argument: 'FILE',
    description: 'PEM certificate chain of the service, instead of one by the local CA',
    kind: path,
  }),
  'tls-key': setting({
    reader: 'service',
    argument: 'FILE',
    description: 'PEM private key that belongs to --tls-cert',
    kind: path,
  }),
  'no-tls': setting({
    reader: 'service',
    description: 'Plain http: on a loopback address, or behind a trusted proxy, only',
    kind: onOrOff,
    fallback: always('false'),
  }),
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
  'apple-mode': setting({
    reader: 'service',
    argument: 'MODE',
    description: 'live: ask Apple; simulated: ask --apple-url; off: ask nobody',
    kind: oneOf('live', 'simulated', 'off'),
    fallback: always('live'),
  }),
  'apple-url': setting({
    reader: 'service',
    argument: 'URL',
    description: "Base address of Apple's service, for mode simulated",
    kind: webAddress,
  }),
  'apple-ca': setting({
    reader: 'service',
    argument: 'FILE',
    description: 'PEM certificate to trust for Apple, besides the public ones',
    kind: path,
  }),
  'apple-lookup-url': setting({
    reader: 'service',
    argument: 'URL',
    description:
      "Where the names of apps are asked, instead of the address that Apple's service names",
    kind: webAddress,
  }),
  'apple-lookup-host': setting({
    reader: 'service',
    argument: 'HOST',
    description:
      'Host that may get content tokens with such a question: in mode live one of Apple alone, by default uclient-api.itunes.apple.com',
    kind: webHost,
    isList: true,
  }),
  'apple-lookup-language': setting({
    reader: 'service',
    argument: 'TAG',
    description:
      'Language of names and descriptions, such as en-gb, instead of that of the country',
    kind: languageTag,
  }),
  'apple-icon-host': setting({
    reader: 'service',
    argument: 'HOST',
    description: 'Host that icons are fetched from, in mode live by default *.mzstatic.com',
    kind: webHostPattern,
    isList: true,
  }),
  'instance-name': setting({
    reader: 'service',
    argument: 'NAME',
    description: 'Name by which other servers see this one as manager of a location',
    kind: shortName,
    fallback: always(usualInstanceName),
  }),
  'apple-notifications': setting({
    reader: 'service',
    description:
      'Let Apple tell of changes in claimed locations, at the first https --public-origin; without, it is asked regularly',
    kind: onOrOff,
    fallback: always('false'),
  }),
  'throttle-requests': setting({
    reader: 'service',
    argument: 'COUNT',
    description:
      'Requests that one client may send in 20 seconds, or off; all clients of a tenant together twice as many',
    kind: limit,
    fallback: always('20000'),
  }),
  'throttle-writes': setting({
    reader: 'service',
    argument: 'COUNT',
    description: 'The same for requests that change something',
    kind: limit,
    fallback: always('4000'),
  }),
  'retain-audit-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long audit events are kept',
    kind: days,
    fallback: always('forever'),
  }),
  'retain-runs-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long ended sync runs are kept',
    kind: days,
    fallback: always('90'),
  }),
  'retain-receipts-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long ended changes of licences and users are kept, with their receipts',
    kind: days,
    fallback: always('90'),
  }),
  'retain-idempotency-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long a retried create with the same Idempotency-Key is recognized',
    kind: days,
    fallback: always('1'),
  }),
  'log-level': setting({
    reader: 'service',
    argument: 'LEVEL',
    description: 'debug, info, warn, error or silent',
    kind: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    fallback: always('info'),
  }),
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
export type SettingName = keyof typeof settings

export type ServiceSettingName = {
  [Name in SettingName]: (typeof settings)[Name]['reader'] extends 'service' ? Name : never
}[SettingName]

type Value<S extends Setting> = S['kind'] extends Kind<infer Parsed> ? Parsed : never

export type SettingValues<Name extends SettingName> = {
  readonly [K in Name]: (typeof settings)[K] extends { readonly isList: true }
    ? readonly Value<(typeof settings)[K]>[]
    : (typeof settings)[K] extends { readonly fallback: Fallback }
      ? Value<(typeof settings)[K]>
      : Value<(typeof settings)[K]> | undefined
}

export const settingNames = Object.keys(settings) as readonly SettingName[]

export const serviceSettingNames = settingNames.filter(
  (name) => settings[name].reader === 'service',
) as readonly ServiceSettingName[]

export const callerSettingNames = settingNames.filter((name) => settings[name].reader === 'caller')

/** `data-dir` → `POMONA_DATA_DIR`. */
export function variableOf(name: string): string {
  return `POMONA_${name.toUpperCase().replaceAll('-', '_')}`
}

/** `storage-url` → `storage-url-file`: by which a secret is given as a file. */
export function fileNameOf(name: SettingName): string {
  return `${name}-file`
}
