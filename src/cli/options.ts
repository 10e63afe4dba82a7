/** Joins the table of settings to commander's options. */
import { type Command, Option } from 'commander'
import { readSettings } from '../config/read-settings.ts'
import type { Setting } from '../config/setting.ts'
import type { SettingSources, Texts } from '../config/setting-sources.ts'
import {
  fileNameOf,
  type SettingName,
  type SettingValues,
  settings,
  variableOf,
} from '../config/settings.ts'
import { readSettingsFile } from '../config/settings-file.ts'
import { hasPassword } from '../config/storage-url.ts'
import { remark } from './output.ts'

const configOption = 'config'

/** Flags for these settings, and `--config` when the service's settings are among them. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  if (names.some((name) => settings[name].reader === 'service'))
    command.addOption(
      new Option(
        `--${configOption} <FILE>`,
        `settings file: JSON, names as the flags (${variableOf(configOption)})`,
      ),
    )
  for (const name of names) for (const option of optionsOf(name)) command.addOption(option)
  return command
}

function optionsOf(name: SettingName): readonly Option[] {
  const { argument, description, fallback, isList, isSecret }: Setting = settings[name]
  const value = argument === undefined ? '' : ` <${argument}${isList ? '...' : ''}>`
  const note = fallback && argument !== undefined ? ` [${fallback.shown}]` : ''
  const own = new Option(`--${name}${value}`, `${description}${note} (${variableOf(name)})`)
  if (!isSecret) return [own]
  const file = fileNameOf(name)
  return [own, new Option(`--${file} <FILE>`, `the same, read from a file (${variableOf(file)})`)]
}

/** The settings of a command from its flags, the environment and the settings file. */
export function settingsOf<const Name extends SettingName>(
  command: Command,
  names: readonly Name[],
): SettingValues<Name> {
  return readSettings(names, sourcesOf(command))
}

export function sourcesOf(command: Command): SettingSources {
  const flags = flagsOf(command)
  warnOfOpenPassword(flags['storage-url']?.[0])
  const variables = process.env
  const isFileRead = command.options.some(({ long }) => long === `--${configOption}`)
  const path = flags[configOption]?.[0] ?? (variables[variableOf(configOption)] || undefined)
  return isFileRead && path !== undefined
    ? { flags, variables, file: readSettingsFile(path) }
    : { flags, variables }
}

function warnOfOpenPassword(url: string | undefined): void {
  if (url !== undefined && hasPassword(url))
    remark(
      'the password in --storage-url can be read by every account of this machine, in the list of processes. Give the URL by --storage-url-file or POMONA_STORAGE_URL instead.',
    )
}

/** What stands on the command line itself, by the flags' names. */
function flagsOf(command: Command): Readonly<Record<string, Texts>> {
  return Object.fromEntries(
    command.options.flatMap((option) => {
      const attribute = option.attributeName()
      if (command.getOptionValueSource(attribute) !== 'cli') return []
      const value: unknown = command.getOptionValue(attribute)
      // `--no-tls` is a switch of its own; commander sees `tls` turned off.
      const given = option.negate ? value === false : value
      const name = (option.long ?? '').slice(2)
      return [[name, Array.isArray(given) ? given.map(String) : [String(given)]]]
    }),
  )
}
