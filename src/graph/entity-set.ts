/** What is said of every set of entities that has a place in a URL, and of the rows that stand there. */
import type { EntityType, Face } from '../model/entity-type.ts'
import { qualified } from './namespace.ts'
import type { QueriedRows } from './odata/queried-rows.ts'

export const versions = ['v1.0', 'beta', 'pomona/v1'] as const
export type Version = (typeof versions)[number]

/**
 * A path below a version. `{x}` takes any segment; `x()` is an action or function, with or without its namespace;
 * `x(p)` is a function with a parameter; `microsoft.graph.X` is a cast and needs its namespace.
 */
export type Template = readonly string[]

export interface EntitySet extends QueriedRows {
  /** As it is written in links: `v1.0`, `beta`, `pomona/v1`. */
  readonly version: Version
  readonly path: Template
  /** Its rows name their type at the minimal level too (graph 7.2, G1); `derived` rows always do. */
  readonly isTyped?: true
  /** How a context URL names a set that has no place of its own; absent = by its path. */
  readonly context?: string
  /** A handful of rows: options that choose among them are refused rather than ignored (graph G8). */
  readonly isWhole?: true
  /** Rows without a key: values, not entities. */
  readonly isKeyless?: true
}

/** The kind of a row: what it is, where its set holds several types. */
export function rowType(set: QueriedRows, kind: unknown): EntityType {
  return set.derived.get(String(kind)) ?? set.type
}

/** `microsoft.graph.vppToken`, in every face. */
export function typeName(type: EntityType, face: Face): string {
  return qualified(type.names[face] ?? '')
}
