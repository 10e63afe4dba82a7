/** THE table of settings: flags, `POMONA_*` variables, help and documentation are read off it. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'

export interface Setting<Value = unknown> {
  /** What stands behind the flag in the help: `DIR`, `HOST:PORT`; a trailing … = may be given several times. */
  readonly argument: string
  readonly description: string
  /** Text used when neither flag nor variable is given; absent = the value is then undefined. */
  readonly fallback?: () => string
  /** From text to value; throws a Failure `misconfigured` that says what is expected. */
  readonly parse: (text: string) => Value
}

/** Keeps the literal shape, so that a setting with a fallback is known to have a value. */
const setting = <const S extends Setting>(given: S): S => given
const asText = (text: string) => text

export const settings = {
  'data-dir': setting({
    argument: 'DIR',
    description: 'Folder of the database and of ca.pem',
    fallback: () => join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'pomona'),
    parse: asText,
  }),
  'key-file': setting({
    argument: 'FILE',
    description: 'Key that seals every secret; made on first use, keep it apart from the data',
    fallback: () =>
      join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'pomona', 'key.json'),
    parse: asText,
  }),
  listen: setting({
    argument: 'HOST:PORT',
    description: 'Where the service listens; port 0 picks a free one',
    fallback: () => '127.0.0.1:8443',
    parse: parseListen,
  }),
  'apple-mode': setting({
    argument: 'MODE',
    description: 'live: ask Apple; simulated: ask --apple-url; off: ask nobody',
    fallback: () => 'live',
    parse: oneOf('live', 'simulated', 'off'),
  }),
  'apple-url': setting({
    argument: 'URL',
    description: "Base address of Apple's service, for mode simulated",
    parse: parseUrl,
  }),
  'apple-ca': setting({
    argument: 'FILE',
    description: 'PEM certificate to trust for Apple, besides the public ones',
    parse: asText,
  }),
  'log-level': setting({
    argument: 'LEVEL',
    description: 'debug, info, warn, error or silent',
    fallback: () => 'info',
    parse: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  }),
} as const
export type SettingName = keyof typeof settings

type ValueOf<S extends Setting> = S extends { readonly fallback: () => string }
  ? ReturnType<S['parse']>
  : ReturnType<S['parse']> | undefined

export type SettingValues<Name extends SettingName> = {
  readonly [K in Name]: ValueOf<(typeof settings)[K]>
}

/** `data-dir` → `POMONA_DATA_DIR`. */
export function variableOf(name: string): string {
  return `POMONA_${name.toUpperCase().replaceAll('-', '_')}`
}

/** Flags win over variables, variables over fallbacks. Failure `misconfigured` names the setting that is wrong. */
export function readSettings<const Name extends SettingName>(
  names: readonly Name[],
  flags: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string | undefined>>,
): SettingValues<Name> {
  const values = names.map((name) => {
    const found: Setting = settings[name]
    const text = flags[name] ?? variables[variableOf(name)] ?? found.fallback?.()
    return [name, text === undefined ? undefined : parseNamed(name, found, text)]
  })
  return Object.fromEntries(values) as SettingValues<Name>
}

function parseNamed(name: string, { parse }: Setting, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(
      'misconfigured',
      `The setting --${name} (${variableOf(name)}) is '${text}'. ${error.message}`,
      { property: name },
    )
  }
}

function wrong(message: string): Failure {
  return new Failure('misconfigured', message)
}

function oneOf<const Choice extends string>(...choices: readonly Choice[]) {
  return (text: string): Choice => {
    const found = choices.find((choice) => choice === text)
    if (found === undefined) throw wrong(`Give one of: ${choices.join(', ')}.`)
    return found
  }
}

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

function parseListen(text: string): ListenAddress {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  const host = parts?.[1] ?? parts?.[2]
  const port = Number(parts?.[3])
  if (host === undefined || port > 65_535)
    throw wrong('Give a host and a port, such as 127.0.0.1:8443 or [::1]:8443.')
  return { host, port }
}

function parseUrl(text: string): string {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw wrong('Give an absolute http or https URL.')
  return text.replace(/\/+$/, '')
}
