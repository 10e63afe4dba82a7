/** Which core runs what: what is measured on the first, the load on the second, so that neither takes the other's time. */
import { spawnSync } from 'node:child_process'

const measuredCore = '0'
const loadCore = '1'

export interface Cores {
  /** To be put before the command of what is measured. */
  readonly prefix: readonly string[]
  readonly description: string
}

/** Puts this process on the core of the load. Without `taskset` or a second core everything runs where the system likes. */
export function takeLoadCore(): Cores {
  // -a: its threads too. A core that there is not makes it fail.
  const { status } = spawnSync('taskset', ['-acp', loadCore, String(process.pid)])
  if (status !== 0)
    return { prefix: [], description: 'nothing pinned to a core (no taskset, or only one core)' }
  const description = `core ${measuredCore} runs what is measured, core ${loadCore} the load`
  return { prefix: measuredPrefix(), description }
}

/** Before the command of a server that shall share the core of what is measured. */
export function measuredPrefix(): readonly string[] {
  const { status } = spawnSync('taskset', ['-c', measuredCore, 'true'])
  return status === 0 ? ['taskset', '-c', measuredCore] : []
}
