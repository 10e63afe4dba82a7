/** Joins the table of settings to commander's options. */
import { type Command, Option } from 'commander'
import {
  readSettings,
  type Setting,
  type SettingName,
  type SettingValues,
  settings,
  variableOf,
} from '../config/settings.ts'

export function addSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { argument, description, fallback }: Setting = settings[name]
    const note = fallback ? ` [${fallback()}]` : ''
    command.addOption(
      new Option(`--${name} <${argument}>`, `${description}${note} (${variableOf(name)})`),
    )
  }
  return command
}

/** The settings of a command from its flags and the environment. */
export function settingsOf<const Name extends SettingName>(
  command: Command,
  names: readonly Name[],
): SettingValues<Name> {
  const flags = command.opts<Record<string, string | undefined>>()
  const byName = Object.fromEntries(
    names.map((name) => [
      name,
      flags[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())],
    ]),
  )
  return readSettings(names, byName, process.env)
}

export function addOutput(command: Command): Command {
  return command.addOption(
    new Option('-o, --output <FORM>', 'how the answer is shown')
      .choices(['table', 'json'])
      .default('table'),
  )
}
