/** From flags, variables and profile to a client of the running service's API. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Api, connectApi } from '../client/api.ts'
import { type TokenApi, tokenApi } from '../client/token-api.ts'
import { callerSettingNames, type SettingValues, variableOf } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { roleOf } from './command-roles.ts'
import { fileTrouble } from './file-trouble.ts'
import { settingsOf } from './options.ts'
import { type Profile, profilePath, readProfile } from './profile.ts'
import { readInput } from './read-input.ts'
import { trustingFetch } from './trusting-fetch.ts'

type Caller = SettingValues<
  'origin' | 'tenant' | 'client-id' | 'client-secret-file' | 'ca-file' | 'profile'
>

const maxSecretBytes = 4_096

export function withTokenApi<T>(command: Command, work: (api: TokenApi) => Promise<T>): Promise<T> {
  return withApi(command, (api) => work(tokenApi(api)))
}

/** Signs in with the first request; lets go of its connections whatever comes of the work. */
export async function withApi<T>(command: Command, work: (api: Api) => Promise<T>): Promise<T> {
  const settings = settingsOf(command, callerSettingNames) as Caller
  const { caFile, originFrom, ...credentials } = await credentialsOf(settings)
  const ca = caFile === undefined ? undefined : await readCa(caFile)
  const trusting = trustingFetch(ca, originFrom)
  try {
    return await work(connectApi(trusting.fetch, credentials, roleOf(command)))
  } finally {
    await trusting.close()
  }
}

/** What is given one by one wins over the profile. */
async function credentialsOf(settings: Caller) {
  const profile: Partial<Profile> =
    settings.profile === undefined ? {} : await readProfile(settings.profile)
  const origin = settings.origin ?? profile.origin
  const tenantId = settings.tenant ?? profile.tenant
  const clientId = settings['client-id'] ?? profile['client-id']
  const secretFile = settings['client-secret-file']
  const clientSecret =
    secretFile === undefined ? profile['client-secret'] : await readSecret(secretFile)
  if (
    origin === undefined ||
    tenantId === undefined ||
    clientId === undefined ||
    clientSecret === undefined
  )
    throw missing({
      origin,
      tenant: tenantId,
      'client-id': clientId,
      'client-secret-file': clientSecret,
    })
  const caFile = settings['ca-file'] ?? profile['ca-file']
  const originFrom =
    settings.profile === undefined || settings.origin !== undefined
      ? ''
      : `The address comes from the profile '${settings.profile}' ("origin" in ${profilePath(settings.profile)}); --origin URL calls another one.`
  return { origin, tenantId, clientId, clientSecret, caFile, originFrom }
}

function missing(found: Readonly<Record<string, string | undefined>>): Failure {
  const names = Object.keys(found).filter((name) => found[name] === undefined)
  const flags = names.map((name) => `--${name}`).join(', ')
  return new Failure(
    'misconfigured',
    `Who calls which service is not known: ${flags} ${names.length === 1 ? 'is' : 'are'} missing. Give --profile NAME, with a profile made by pomona client add --profile NAME; or what is missing, as flags or as variables such as ${variableOf(names[0] ?? '')}.`,
  )
}

async function readSecret(file: string): Promise<string> {
  const secret = (file === '-' ? await readInput(maxSecretBytes) : await readText(file)).trim()
  if (secret === '' || /\s/.test(secret))
    throw new Failure(
      'misconfigured',
      `${file === '-' ? 'Standard input' : `The file '${file}'`} holds no client secret: it is to be one line of text, as pomona client add shows it.`,
      { property: 'client-secret-file' },
    )
  return secret
}

async function readCa(file: string): Promise<string> {
  const pem = await readText(
    file,
    ' The service writes its own to ca.pem in its data folder when it first starts.',
  )
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem
  throw new Failure('misconfigured', `The file '${file}' (--ca-file) holds no PEM certificate.`, {
    property: 'ca-file',
  })
}

async function readText(file: string, hint = ''): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw fileTrouble(file, cause, hint)
  }
}
