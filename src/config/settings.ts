/**
 * THE table of settings, by area. Flags, `POMONA_*` variables, the settings file, help and docs/operations.md are read off it: a
 * new setting is one entry in the file of its area. Docs are made anew by `npx node tools/settings-docs.js`.
 */
import type { Fallback, Setting } from './setting.ts'
import type { Kind } from './setting-kinds.ts'
import { appleSettings } from './settings/apple.ts'
import { callerSettings } from './settings/caller.ts'
import { issuerSettings } from './settings/issuer.ts'
import { networkSettings } from './settings/network.ts'
import { storageSettings } from './settings/storage.ts'
import { upkeepSettings } from './settings/upkeep.ts'

/** In the order of help and docs. */
export const settings = {
  ...storageSettings,
  ...networkSettings,
  ...issuerSettings,
  ...appleSettings,
  ...upkeepSettings,
  ...callerSettings,
} as const
export type SettingName = keyof typeof settings

export type ServiceSettingName = {
  [Name in SettingName]: (typeof settings)[Name]['reader'] extends 'service' ? Name : never
}[SettingName]

type Value<S extends Setting> = S['kind'] extends Kind<infer Parsed> ? Parsed : never

export type SettingValues<Name extends SettingName> = {
  readonly [K in Name]: (typeof settings)[K] extends { readonly isList: true }
    ? readonly Value<(typeof settings)[K]>[]
    : (typeof settings)[K] extends { readonly fallback: Fallback }
      ? Value<(typeof settings)[K]>
      : Value<(typeof settings)[K]> | undefined
}

export const settingNames = Object.keys(settings) as readonly SettingName[]

export const serviceSettingNames = settingNames.filter(
  (name) => settings[name].reader === 'service',
) as readonly ServiceSettingName[]

export const callerSettingNames = settingNames.filter((name) => settings[name].reader === 'caller')

/** `data-dir` → `POMONA_DATA_DIR`. */
export function variableOf(name: string): string {
  return `POMONA_${name.toUpperCase().replaceAll('-', '_')}`
}

/** `storage-url` → `storage-url-file`: by which a secret is given as a file. */
export function fileNameOf(name: SettingName): string {
  return `${name}-file`
}
