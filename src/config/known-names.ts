/** Every name that can stand in the environment or in a settings file, so that a misspelt one is told instead of ignored. */
import { nearestName } from '../model/payload/nearest-name.ts'
import type { Setting } from './setting.ts'
import {
  fileNameOf,
  type SettingName,
  serviceSettingNames,
  settingNames,
  settings,
  variableOf,
} from './settings.ts'

export const knownInFile: readonly string[] = withSecretFiles(serviceSettingNames)

const knownVariables = [...withSecretFiles(settingNames), 'config'].map(variableOf)

/**
 * Not ours: what Kubernetes puts into every container beside a service that is called pomona, and the project's own tests.
 */
const foreignForm = /^POMONA_(SERVICE_(HOST|PORT)(_|$)|PORT(_|$)|TEST_)/

/** The `POMONA_*` variables that mean nothing, with a sentence for each. */
export function unknownVariables(
  variables: Readonly<Record<string, string | undefined>>,
): readonly { readonly setting: string; readonly message: string }[] {
  return Object.keys(variables)
    .filter((name) => name.startsWith('POMONA_') && !foreignForm.test(name))
    .filter((name) => !knownVariables.includes(name))
    .map((name) => ({
      setting: name,
      message: unknownName(`The variable ${name}`, name, knownVariables),
    }))
}

export function unknownName(what: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return `${what} is no setting of Pomona.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`
}

function withSecretFiles(names: readonly SettingName[]): readonly string[] {
  return names.flatMap((name) => {
    const { isSecret }: Setting = settings[name]
    return isSecret ? [name, fileNameOf(name)] : [name]
  })
}
