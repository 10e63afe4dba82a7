/** Operations 1 to 12 of graph section 4, and what Pomona adds to them (graph H12). */
import type { Template } from '../entity-set.ts'
import { summarySet, type TokenSetName, tokenSets } from '../entity-sets.ts'
import type { ScopeSet } from '../gate/scopes.ts'
import type { HandlerName } from '../handlers/handlers.ts'
import type { Bound, Operation, Verb } from '../operations.ts'

type Line = readonly [
  name: string,
  verb: Verb,
  below: Template,
  scopes: ScopeSet,
  sets: readonly TokenSetName[],
  use: HandlerName,
  bound?: Bound,
]

const graph = ['old', 'v1.0', 'beta'] as const
const everywhere = [...graph, 'pomona'] as const
const syncs: Bound = { kind: 'action', on: 'entity', parameters: [], returns: 'entity' }

const onTokens: readonly Line[] = [
  ['listTokens', 'GET', [], 'readTokens', everywhere, 'listTokens'],
  ['countTokens', 'GET', ['$count'], 'readTokens', everywhere, 'countTokens'],
  ['getToken', 'GET', ['{id}'], 'readTokens', everywhere, 'getToken'],
  ['createToken', 'POST', [], 'writeTokens', graph, 'createToken'],
  // The seed form: the trailing id is ignored (graph D3).
  ['createTokenByKey', 'POST', ['{id}'], 'writeTokens', ['old'], 'createToken'],
  ['updateToken', 'PATCH', ['{id}'], 'writeTokens', graph, 'updateToken'],
  ['deleteToken', 'DELETE', ['{id}'], 'writeTokens', graph, 'removeToken'],
  ['syncApps', 'POST', ['{id}', 'syncApps()'], 'writeTokens', ['old'], 'syncToken', syncs],
  ['syncLicenses', 'POST', ['{id}', 'syncLicenses()'], 'writeTokens', graph, 'syncToken', syncs],
  [
    'syncLicenseCounts',
    'POST',
    ['syncLicenseCounts()'],
    'writeTokens',
    ['beta'],
    'syncLicenseCounts',
    { kind: 'action', on: 'collection', parameters: [], returns: 'nothing' },
  ],
]

const revoke: Operation = {
  name: 'revokeLicenses',
  verb: 'POST',
  version: 'beta',
  path: [...tokenSets.beta.path, '{id}', 'revokeLicenses()'],
  set: tokenSets.beta,
  scopes: 'writeTokens',
  use: 'revokeLicenses',
  bound: {
    kind: 'action',
    on: 'entity',
    parameters: [
      { name: 'notifyManagedDevices', type: 'Edm.Boolean', nullable: false },
      { name: 'revokeUntrackedLicenses', type: 'Edm.Boolean', nullable: true },
    ],
    returns: 'nothing',
  },
}

const summaries: Operation = {
  name: 'getLicensesForApp',
  verb: 'GET',
  version: 'beta',
  path: [...tokenSets.beta.path, 'getLicensesForApp(bundleId)'],
  set: summarySet,
  scopes: 'readTokens',
  use: 'listSummaries',
  bound: {
    kind: 'function',
    on: 'collection',
    parameters: [{ name: 'bundleId', type: 'Edm.String', nullable: false }],
    returns: 'collection',
  },
}

const check: Operation = {
  name: 'checkToken',
  verb: 'POST',
  version: 'pomona/v1',
  path: ['checkToken()'],
  set: tokenSets.pomona,
  scopes: 'writeTokens',
  use: 'checkToken',
}

export const tokenOperations: readonly Operation[] = [
  ...onTokens.flatMap(([name, verb, below, scopes, sets, use, bound]) =>
    sets.map((setName) => {
      const set = tokenSets[setName]
      const path = [...set.path, ...below]
      const operation = { name, verb, version: set.version, path, set, scopes, use }
      return bound ? { ...operation, bound } : operation
    }),
  ),
  revoke,
  summaries,
  check,
]
