/** THE table: every operation of the contract, where it stands and who may call it. */
import type { EntitySet, Template, Version } from './entity-set.ts'
import type { ScopeSet } from './gate/scopes.ts'
import type { HandlerName } from './handlers/handlers.ts'
import { libraryOperations } from './operations/library-operations.ts'
import { licenseOperations } from './operations/license-operations.ts'
import { neighbourOperations } from './operations/neighbour-operations.ts'
import { ownershipOperations } from './operations/ownership-operations.ts'
import { runOperations } from './operations/run-operations.ts'
import { tokenOperations } from './operations/token-operations.ts'

export type Verb = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export type Operation = ServedOperation | PublishedDocument

interface Place {
  readonly name: string
  readonly verb: Verb
  readonly version: Version
  readonly path: Template
}

export interface ServedOperation extends Place {
  /** Whose rows the answer shows; absent where it shows none. */
  readonly set?: EntitySet
  readonly scopes: ScopeSet
  /** What it does. */
  readonly use: HandlerName
  /** Open to suspended tenants too (graph G12). */
  readonly isOpenToSuspended?: true
  /** Another path at which it is accepted, too. */
  readonly alsoAt?: Template
  /** For actions and functions: what the metadata says of them. */
  readonly bound?: Bound
  readonly publishes?: never
}

/** A document that is the same for everybody: no access token is asked for (graph G18). */
export interface PublishedDocument extends Place {
  readonly verb: 'GET'
  readonly publishes: 'metadata' | 'serviceDocument'
  readonly set?: never
  readonly scopes?: never
  readonly use?: never
  readonly bound?: never
}

/** An action or function that stands on an entity or a set. */
export interface Bound {
  readonly kind: 'action' | 'function'
  readonly on: 'entity' | 'collection'
  readonly parameters: readonly BoundParameter[]
  readonly returns: 'entity' | 'collection' | 'nothing' | 'Edm.Int32'
}

export interface BoundParameter {
  readonly name: string
  readonly type: 'Edm.Boolean' | 'Edm.String'
  readonly nullable: boolean
}

export const operations: readonly Operation[] = [
  ...tokenOperations,
  ...libraryOperations,
  ...licenseOperations,
  ...ownershipOperations,
  ...runOperations,
  ...neighbourOperations,
]

/** The actions that stand on one entity of a set: `syncLicenses` (graph 7.2, full). */
export function actionsOn(set: EntitySet): readonly string[] {
  const actions = operations.filter(
    ({ set: own, bound }) => own === set && bound?.kind === 'action' && bound.on === 'entity',
  )
  return [...new Set(actions.map(({ name }) => name))]
}

/** Whether there is a way from one entity of a type, by its cast, to what its navigation leads to. */
export function isNavigable(version: Version, cast: string, navigation: string): boolean {
  return operations.some(
    ({ verb, path, version: own }) =>
      own === version && verb === 'GET' && path.at(-1) === navigation && path.at(-2) === cast,
  )
}
