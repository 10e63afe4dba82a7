/** What a $filter or $orderby says, as plain data that knows no entity. */
import type { Comparison } from '../../model/list-query.ts'

/** A value as it was written; `text` without quotes. */
export type Literal =
  | {
      readonly kind:
        | 'null'
        | 'boolean'
        | 'number'
        | 'string'
        | 'guid'
        | 'date'
        | 'dateTimeOffset'
        | 'duration'
      readonly text: string
    }
  /** `type'text'`; the type is qualified. */
  | { readonly kind: 'enum'; readonly type: string; readonly text: string }

/** Names between slashes; one with a dot is a cast to a type. */
export interface PathTree {
  readonly kind: 'path'
  readonly segments: readonly string[]
}

export interface CallTree {
  readonly kind: 'call'
  /** In lower case. */
  readonly name: string
  readonly of: readonly FilterTree[]
}

export type FilterTree =
  | PathTree
  | { readonly kind: 'literal'; readonly literal: Literal }
  | CallTree
  | { readonly kind: 'and' | 'or'; readonly of: readonly FilterTree[] }
  | { readonly kind: 'not'; readonly of: FilterTree }
  | {
      readonly kind: 'compare'
      readonly comparison: Comparison
      readonly left: FilterTree
      readonly right: FilterTree
    }
  | { readonly kind: 'in'; readonly operand: FilterTree; readonly items: readonly Literal[] }

export interface OrderTree {
  readonly path: PathTree
  readonly isDescending: boolean
}
