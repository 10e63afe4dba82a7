/**
 * A profile: what a token command needs to sign in, in one file that its owner alone may read. Its names are those of the
 * settings; the secret itself stands in it.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { userConfigFolder } from '../config/user-folders.ts'
import { Failure } from '../model/failure.ts'

export interface Profile {
  readonly origin: string
  readonly tenant: string
  readonly 'client-id': string
  readonly 'client-secret': string
  /** Absent = the service has a certificate that everybody trusts, or none. */
  readonly 'ca-file'?: string
}

/** A name that is taken for a profile still to be written. */
export interface ProfileDraft {
  readonly path: string
  write(profile: Profile): Promise<void>
  /** Gives the name back. */
  discard(): Promise<void>
}

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const groupAndOthers = 0o077

export function profilePath(name: string): string {
  if (!nameForm.test(name))
    throw wrong(
      `The profile name '${name}' cannot be a file name everywhere. Give letters, digits, dots, dashes and underscores, at most 64.`,
    )
  return join(userConfigFolder(), 'profiles', `${name}.json`)
}

/** Takes the name at once, so that nothing is registered whose secret could not be kept. Failure `conflict` when it is taken. */
export async function draftProfile(name: string): Promise<ProfileDraft> {
  const path = profilePath(name)
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await (await open(path, 'wx', 0o600)).close()
  } catch (cause) {
    if ((cause as { code?: string }).code === 'EEXIST')
      throw new Failure(
        'conflict',
        `There is a profile '${name}' already (${path}). Give another name, or remove that file first.`,
      )
    throw new Failure(
      'misconfigured',
      `The profile '${path}' cannot be written. Check that its folder is yours and writable.`,
      { cause },
    )
  }
  return {
    path,
    write: (profile) => writeProfile(path, profile),
    discard: () => rm(path, { force: true }),
  }
}

/** Failure `misconfigured` when it is absent, open to others, or no profile. */
export async function readProfile(name: string): Promise<Profile> {
  const path = profilePath(name)
  let text: string
  try {
    const { mode } = await stat(path)
    if ((mode & groupAndOthers) !== 0)
      throw wrong(
        `The profile '${path}' is open to other accounts of this machine (mode ${(mode & 0o777).toString(8)}). Take that away: chmod 600 '${path}'`,
      )
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw await absentProfile(name, path, cause)
  }
  return parseProfile(text, path)
}

async function absentProfile(name: string, path: string, cause: unknown): Promise<Failure> {
  const files = await readdir(dirname(path)).catch(() => [])
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))
  const known = names.length === 0 ? '' : ` Those there are: ${names.sort().join(', ')}.`
  return new Failure(
    'misconfigured',
    `There is no profile '${name}' that can be read (${path}).${known} Make one with: pomona client add --tenant ID --role ROLE --profile ${name}.`,
    { cause },
  )
}

/** Whole or not at all: the old profile stays until the new one is on disk. */
export async function writeProfile(path: string, profile: Profile): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(profile, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

function parseProfile(text: string, path: string): Profile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's message would quote the text, which holds the secret.
  }
  const object = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >
  const textOf = (name: string): string => {
    const found = object[name]
    if (typeof found !== 'string' || found === '')
      throw wrong(
        `The profile '${path}' has no "${name}". Remove it and make it again with pomona client add --profile.`,
      )
    return found
  }
  return {
    origin: textOf('origin'),
    tenant: textOf('tenant'),
    'client-id': textOf('client-id'),
    'client-secret': textOf('client-secret'),
    ...(object['ca-file'] === undefined ? {} : { 'ca-file': textOf('ca-file') }),
  }
}

function wrong(message: string): Failure {
  return new Failure('misconfigured', message)
}
