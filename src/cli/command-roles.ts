/** Which one role opens all that a command asks of the service, the reading that it begins with too (graph 6.1). */
import type { Command } from 'commander'

const tokens = 'DeviceManagementServiceConfig.ReadWrite.All'
const licenses = 'DeviceManagementApps.ReadWrite.All'

const writing: Readonly<Record<string, string>> = {
  'token add': tokens,
  'token renew': tokens,
  'token sync': tokens,
  'token claim': tokens,
  'token release': tokens,
  'token remove': tokens,
  'license assign': licenses,
  'license unassign': licenses,
  'license reclaim': licenses,
  'user retire': licenses,
}

/** Undefined = the command only reads: the service's own list of roles begins with the least that opens it. */
export function roleOf(command: Command): string | undefined {
  return writing[nameOf(command)]
}

function nameOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name()
}
