/** From everything that was given to the values in force, and to all that is wrong with them. */
import { Failure } from '../model/failure.ts'
import { brokenBy, contradictions } from './contradictions.ts'
import { unknownVariables } from './known-names.ts'
import type { Setting } from './setting.ts'
import { findGiven, type GivenTexts, type SettingSources } from './setting-sources.ts'
import { type SettingName, type SettingValues, settings } from './settings.ts'

export interface SettingProblem {
  readonly setting: string
  /** What is wrong and what to do. */
  readonly message: string
}

export interface ResolvedSettings<Name extends SettingName> {
  /** Of the settings without a problem; a setting at fault is undefined here, whatever its type says. */
  readonly values: SettingValues<Name>
  /** Where each value comes from; absent = nobody gives one. */
  readonly given: ReadonlyMap<SettingName, GivenTexts>
  readonly problems: readonly SettingProblem[]
}

/** Failure `misconfigured` with a sentence for each problem. */
export function readSettings<const Name extends SettingName>(
  names: readonly Name[],
  sources: SettingSources,
): SettingValues<Name> {
  const { values, problems } = resolveSettings(names, sources)
  requireSound(problems)
  return values
}

/** Failure `misconfigured` with all of them, a line each. */
export function requireSound(problems: readonly SettingProblem[]): void {
  const [first] = problems
  if (!first) return
  throw new Failure('misconfigured', problems.map(({ message }) => message).join('\n'), {
    property: first.setting,
  })
}

export function resolveSettings<const Name extends SettingName>(
  names: readonly Name[],
  sources: SettingSources,
): ResolvedSettings<Name> {
  const problems: SettingProblem[] = [
    ...unknownVariables(sources.variables),
    ...(sources.file?.problems ?? []),
  ]
  const given = new Map<SettingName, GivenTexts>()
  const values = new Map<SettingName, unknown>()
  for (const name of names) {
    try {
      const found = findGiven(name, sources) ?? fallbackOf(name, sources)
      if (found) given.set(name, found)
      values.set(name, parsedValue(name, found))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      problems.push({ setting: name, message: error.message })
    }
  }
  const sound = Object.fromEntries(values) as SettingValues<SettingName>
  const isGiven = (name: SettingName) => (given.get(name)?.from ?? 'default') !== 'default'
  for (const rule of contradictions) {
    if (!rule.between.every((name) => values.has(name))) continue
    const message = brokenBy(rule, sound, isGiven)
    if (message !== undefined) problems.push({ setting: rule.between[0], message })
  }
  return { values: sound as SettingValues<Name>, given, problems }
}

function fallbackOf(name: SettingName, sources: SettingSources): GivenTexts | undefined {
  const { fallback }: Setting = settings[name]
  if (!fallback) return undefined
  const effective = (other: SettingName) =>
    (findGiven(other, sources) ?? fallbackOf(other, sources))?.texts[0] ?? ''
  return { texts: [fallback.text(effective)], from: 'default', place: `--${name}` }
}

function parsedValue(name: SettingName, given: GivenTexts | undefined): unknown {
  const { kind, isList, isSecret }: Setting = settings[name]
  if (isList) return (given?.texts ?? []).map((text) => parsed(kind.parse, text))
  const [text, ...further] = given?.texts ?? []
  if (text === undefined) return undefined
  if (further.length > 0)
    throw new Failure('misconfigured', `${given?.place} is given more than once. Keep one.`)
  return parsed(kind.parse, text)

  function parsed(parse: (text: string) => unknown, one: string): unknown {
    try {
      return parse(one)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const shown = isSecret ? 'not usable' : `'${one}'`
      throw new Failure('misconfigured', `${given?.place} is ${shown}. ${error.message}`)
    }
  }
}
