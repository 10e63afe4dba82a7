/** Where the text of a setting comes from: a flag, a variable or the settings file, in this order; else its fallback. */
import { readFileSync } from 'node:fs'
import { Failure } from '../model/failure.ts'
import type { Setting } from './setting.ts'
import { fileNameOf, type SettingName, settings, variableOf } from './settings.ts'
import type { SettingsFile } from './settings-file.ts'

/** One text, or several for a setting that is a list. */
export type Texts = readonly string[]

export interface SettingSources {
  /** By the flags' names without their dashes; only those that were given. */
  readonly flags: Readonly<Record<string, Texts | undefined>>
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly file?: SettingsFile
}

export type SourceKind = 'flag' | 'variable' | 'file' | 'default'

export interface GivenTexts {
  readonly texts: Texts
  readonly from: SourceKind
  /** How people name the place: `--listen`, `POMONA_LISTEN`, `"listen" in pomona.json`. */
  readonly place: string
  /** For a secret that was given by a file: that file. */
  readonly secretFile?: string
}

/** What was given for a setting at the first source that has it. Failure `misconfigured` when it is given in two ways there. */
export function findGiven(name: SettingName, sources: SettingSources): GivenTexts | undefined {
  for (const from of ['flag', 'variable', 'file'] as const) {
    const texts = textsAt(from, name, sources)
    const place = placeOf(from, name, sources)
    const { isSecret }: Setting = settings[name]
    const secretFile = isSecret ? textsAt(from, fileNameOf(name), sources)?.[0] : undefined
    if (secretFile !== undefined) {
      const filePlace = placeOf(from, fileNameOf(name), sources)
      if (texts)
        throw new Failure('misconfigured', `${place} and ${filePlace} are both given. Keep one.`)
      return { texts: [readSecret(secretFile, filePlace)], from, place: filePlace, secretFile }
    }
    if (texts) return { texts, from, place }
  }
  return undefined
}

function textsAt(
  from: Exclude<SourceKind, 'default'>,
  name: string,
  { flags, variables, file }: SettingSources,
): Texts | undefined {
  if (from === 'flag') return flags[name]
  if (from === 'file') return file?.texts[name]
  // An empty variable is as good as none: compose files and unit files leave them so.
  const text = variables[variableOf(name)]?.trim()
  if (text === undefined || text === '') return undefined
  const isList = name in settings && 'isList' in settings[name as SettingName]
  return isList ? text.split(/\s+/) : [text]
}

function placeOf(
  from: Exclude<SourceKind, 'default'>,
  name: string,
  { file }: SettingSources,
): string {
  if (from === 'flag') return `--${name}`
  return from === 'variable' ? variableOf(name) : `"${name}" in ${file?.path}`
}

function readSecret(path: string, place: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new Failure(
      'misconfigured',
      `${place} names '${path}', which cannot be read. Check that it exists and that you may read it.`,
      { cause },
    )
  }
}
