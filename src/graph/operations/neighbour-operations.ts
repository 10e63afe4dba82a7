/** What stands beside tokens, apps and books: documents, batches, and neighbours of Graph's (graph 4.3, 7.8, 7.10, G12, G18). */
import { skuSets, tokenSets } from '../entity-sets.ts'
import type { Operation } from '../operations.ts'

const graph = ['v1.0', 'beta'] as const

export const neighbourOperations: readonly Operation[] = [
  ...graph.flatMap((version): readonly Operation[] => [
    {
      name: 'getServiceDocument',
      verb: 'GET',
      version,
      path: [],
      publishes: 'serviceDocument',
    },
    {
      name: 'getMetadata',
      verb: 'GET',
      version,
      path: ['$metadata'],
      publishes: 'metadata',
    },
    {
      name: 'batch',
      verb: 'POST',
      version,
      path: ['$batch'],
      scopes: 'anyToken',
      use: 'batch',
      // Each item meets the tenant's state by itself.
      isOpenToSuspended: true,
    },
    {
      name: 'listSubscribedSkus',
      verb: 'GET',
      version,
      path: skuSets[version].path,
      set: skuSets[version],
      scopes: 'anyToken',
      use: 'listSkus',
      isOpenToSuspended: true,
    },
  ]),
  {
    name: 'getExpiringVppTokenCount',
    verb: 'GET',
    version: 'beta',
    path: [
      'deviceManagement',
      'depOnboardingSettings',
      'getExpiringVppTokenCount(expiringBeforeDateTime)',
    ],
    set: tokenSets.beta,
    scopes: 'readServiceConfig',
    use: 'countExpiringTokens',
    bound: {
      kind: 'function',
      on: 'collection',
      parameters: [{ name: 'expiringBeforeDateTime', type: 'Edm.String', nullable: false }],
      returns: 'Edm.Int32',
    },
  },
]
