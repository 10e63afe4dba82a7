/** The settings in force, as a settings file that gives the same ones again, and as rows for people. Secrets are masked. */
import type { ResolvedSettings } from './read-settings.ts'
import type { Setting } from './setting.ts'
import { fileNameOf, type ServiceSettingName, serviceSettingNames, settings } from './settings.ts'
import { maskedStorageUrl } from './storage-url.ts'

type Resolved = ResolvedSettings<ServiceSettingName>
type Json = string | number | boolean | readonly string[]

export interface DumpedSetting {
  /** As in a settings file: a secret that came by a file stands as that file. */
  readonly name: string
  readonly value: Json
  /** `default`, or where it was given: `--listen`, `POMONA_LISTEN`, `"listen" in pomona.json`. */
  readonly from: string
}

/** Settings that nobody gives and that have no default are left out. */
export function dumpSettings({ values, given }: Resolved): readonly DumpedSetting[] {
  return serviceSettingNames.flatMap((name): readonly DumpedSetting[] => {
    const found = given.get(name)
    if (!found) return []
    const from = found.from === 'default' ? found.from : found.place
    return found.secretFile === undefined
      ? [{ name, value: jsonOf(name, values[name]), from }]
      : [{ name: fileNameOf(name), value: found.secretFile, from }]
  })
}

/** `$from` is a note: the settings file's reader passes over it. */
export function asSettingsFile(
  dumped: readonly DumpedSetting[],
): Readonly<Record<string, unknown>> {
  return {
    ...Object.fromEntries(dumped.map(({ name, value }) => [name, value])),
    $from: Object.fromEntries(dumped.map(({ name, from }) => [name, from])),
  }
}

function jsonOf(name: ServiceSettingName, value: unknown): Json {
  const { kind, isSecret }: Setting = settings[name]
  if (Array.isArray(value)) return value.map((item) => kind.format(item))
  if (typeof value === 'boolean' || typeof value === 'number') return value
  const text = kind.format(value)
  return isSecret ? maskedStorageUrl(text) : text
}
