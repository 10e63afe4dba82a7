/** The history of syncs, which Graph has no word for (graph H12). */
import { changeSet, runSet, tokenRunSet } from '../entity-sets.ts'
import type { Operation } from '../operations.ts'

const read = { verb: 'GET', version: 'pomona/v1', scopes: 'readTokens' } as const

export const runOperations: readonly Operation[] = [
  { ...read, name: 'listRuns', path: tokenRunSet.path, set: tokenRunSet, use: 'listRuns' },
  { ...read, name: 'getRun', path: [...runSet.path, '{runId}'], set: runSet, use: 'getRun' },
  { ...read, name: 'listChanges', path: changeSet.path, set: changeSet, use: 'listChanges' },
]
