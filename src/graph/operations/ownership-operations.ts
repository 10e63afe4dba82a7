/** Who manages the location of a token, and how that is changed, which Graph has no word for (graph H12). */
import { ownerSet, tokenSets } from '../entity-sets.ts'
import type { Operation } from '../operations.ts'

const token = [...tokenSets.pomona.path, '{id}']
const action = { verb: 'POST', version: 'pomona/v1', scopes: 'writeTokens', set: ownerSet } as const
const changes = { kind: 'action', on: 'entity', returns: 'entity' } as const

export const ownershipOperations: readonly Operation[] = [
  {
    ...{ name: 'getOwner', verb: 'GET', version: 'pomona/v1', path: ownerSet.path },
    ...{ set: ownerSet, scopes: 'readTokens', use: 'getOwner' },
  },
  {
    ...{ ...action, name: 'claimLocation', path: [...token, 'claim()'], use: 'claimLocation' },
    bound: {
      ...changes,
      parameters: [{ name: 'holderId', type: 'Edm.String', nullable: true }],
    },
  },
  {
    ...{ ...action, name: 'releaseLocation', path: [...token, 'release()'] },
    ...{ use: 'releaseLocation', bound: { ...changes, parameters: [] } },
  },
]
