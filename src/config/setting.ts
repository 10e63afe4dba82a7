/** What is declared of a setting. */
import type { Kind } from './setting-kinds.ts'

export interface Setting {
  /** Who reads it: the service and the commands on its storage, or the commands that call a running service. */
  readonly reader: 'service' | 'caller'
  /** What stands behind the flag in the help: `DIR`, `HOST:PORT`. Absent = a switch. */
  readonly argument?: string
  readonly description: string
  // biome-ignore lint/suspicious/noExplicitAny: of every kind; each entry's own kind is known to SettingValues
  readonly kind: Kind<any>
  /** May be given several times; the value is then a list, empty when it is not given. */
  readonly isList?: true
  /** Never shown; can also be given by a file (`storage-url-file`). */
  readonly isSecret?: true
  /** Absent = the value is undefined when nobody gives one. */
  readonly fallback?: Fallback
}

export interface Fallback {
  /** For help and docs: the same on every machine. */
  readonly shown: string
  /** The text in use; `effective` gives the text of another setting that has a fallback. */
  readonly text: (effective: (name: 'data-dir') => string) => string
}

/** Keeps the literal shape, so that a setting with a fallback is known to have a value. */
export const setting = <const S extends Setting>(given: S): S => given
export const always = (text: string) => ({ shown: text, text: () => text })
