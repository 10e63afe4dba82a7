/**
 * The settings file: one JSON object, its names the flags' names. Lists are arrays, switches true or false, days numbers. Names
 * that begin with `$` are notes for people and editors.
 */
import { readFileSync } from 'node:fs'
import { Failure } from '../model/failure.ts'
import { knownInFile, unknownName } from './known-names.ts'
import type { Setting } from './setting.ts'
import { type SettingName, settings } from './settings.ts'

export interface SettingsFile {
  readonly path: string
  readonly texts: Readonly<Record<string, readonly string[] | undefined>>
  /** What is wrong in it, a sentence each; the rest can be read all the same. */
  readonly problems: readonly { readonly setting: string; readonly message: string }[]
}

/** Failure `misconfigured` when it cannot be read or is no JSON object; nothing of its text is repeated. */
export function readSettingsFile(path: string): SettingsFile {
  const texts: Record<string, readonly string[]> = {}
  const problems: { setting: string; message: string }[] = []
  for (const [name, value] of Object.entries(jsonObject(path))) {
    if (name.startsWith('$')) continue
    if (!knownInFile.includes(name)) {
      problems.push({
        setting: name,
        message: unknownName(`"${name}" in ${path}`, name, knownInFile),
      })
      continue
    }
    const found = textsOf(value, isListName(name))
    if (found) texts[name] = found
    else
      problems.push({
        setting: name,
        message: `"${name}" in ${path} has a value of the wrong kind. Give ${isListName(name) ? 'a list of texts' : 'one text, number, true or false'}.`,
      })
  }
  return { path, texts, problems }
}

function isListName(name: string): boolean {
  if (!(name in settings)) return false
  const { isList }: Setting = settings[name as SettingName]
  return isList === true
}

function textsOf(value: unknown, isList: boolean): readonly string[] | undefined {
  if (Array.isArray(value))
    return isList && value.every((item) => typeof item === 'string') ? value : undefined
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [String(value)]
    : undefined
}

function jsonObject(path: string): Record<string, unknown> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new Failure('misconfigured', `The settings file '${path}' ${what}`, {
      property: 'config',
      cause,
    })
  }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    return refuse('cannot be read. Check that it exists and that you may read it.', cause)
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // The parser's message would quote the text, which can hold a password.
  }
  return refuse('is not JSON text with one object. Compare it with pomona config dump -o json.')
}
