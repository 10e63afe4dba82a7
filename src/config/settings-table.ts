/** The settings as a table for docs/operations.md. */
import type { Setting } from './setting.ts'
import { fileNameOf, type SettingName, settings, variableOf } from './settings.ts'

/** Lines of Markdown. */
export function settingsTable(names: readonly SettingName[]): readonly string[] {
  return [
    '| flag, and name in the settings file | variable | default | what it says |',
    '|---|---|---|---|',
    ...names.flatMap(rows),
  ]
}

function rows(name: SettingName): readonly string[] {
  const { argument, description, fallback, isList, isSecret }: Setting = settings[name]
  const value = argument === undefined ? '' : ` ${argument}${isList ? '…' : ''}`
  const row = (flag: string, shownFallback: string, says: string) =>
    `| \`--${flag}\` | \`${variableOf(flag.split(' ')[0] ?? '')}\` | ${shownFallback} | ${says} |`
  const shown = fallback ? `\`${fallback.shown}\`` : ''
  const own = row(`${name}${value}`, shown, description)
  if (!isSecret) return [own]
  const file = fileNameOf(name)
  return [own, row(`${file} FILE`, '', `The same, read from a file: for a secret the better way`)]
}
