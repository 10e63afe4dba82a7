/** Where a user's own files lie. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function userDataFolder(): string {
  return join(folderOf(process.env.XDG_DATA_HOME, '.local', 'share'), 'pomona')
}

export function userConfigFolder(): string {
  return join(folderOf(process.env.XDG_CONFIG_HOME, '.config'), 'pomona')
}

/** The XDG folders count only when they are absolute. */
function folderOf(variable: string | undefined, ...otherwise: readonly string[]): string {
  return variable?.startsWith('/') ? variable : join(homedir(), ...otherwise)
}
