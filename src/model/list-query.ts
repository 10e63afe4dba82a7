/** What a store can be asked for a list. Knows no wire name and no SQL. Pages go on by key, never by offset. */

/** A page of a list that has one order of its own. */
export interface PageRequest {
  /** Rows per page, at least 1. */
  readonly limit: number
  /** `next` of the page before; absent = the first page. */
  readonly after?: string
}

/** A page out of those rows that meet `filter` (absent = all), in any order. */
export interface ListQuery extends PageRequest {
  readonly filter?: Predicate
  /** Most significant first; rows that are equal in all of them stand in the order of their keys. */
  readonly orderBy?: readonly Order[]
  /** Rows left out before the first page; counts only where `after` is absent. */
  readonly skip?: number
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Where the next page begins; absent on the last page. */
  readonly next?: string
}

export interface ListedPage<Row> extends Page<Row> {
  /** Where a page begins that follows this row of the page; for answers that end early. */
  positionAfter(index: number): string
}

/** A value as it is compared: a date by its instant as fixed-width text, a member of an enum by its text. */
export type Comparable = string | number | boolean | null

/** A declared property by its declared name; with `ofKinds` only of rows of these kinds, and null in all others. */
export interface Operand {
  readonly property: string
  readonly ofKinds?: readonly string[]
}

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type TextMatch = 'startsWith' | 'endsWith' | 'contains'

/**
 * Comparisons are true or false, never unknown (OData 4: null equals null only, and is neither greater nor less than
 * anything). A `match` of null is unknown, and so is its `not`; a row stays only where the whole is true.
 */
export type Predicate =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Predicate }
  | {
      readonly kind: 'compare'
      readonly operand: Operand
      readonly comparison: Comparison
      readonly value: Comparable
    }
  /** Equal to one of the values; null among them is met by null. */
  | { readonly kind: 'in'; readonly operand: Operand; readonly values: readonly Comparable[] }
  | {
      readonly kind: 'match'
      readonly operand: Operand
      readonly match: TextMatch
      readonly text: string
    }
  /** The text stands in one of the properties, small and capital letters of ASCII being the same. */
  | { readonly kind: 'search'; readonly properties: readonly string[]; readonly text: string }

/** Null stands first in ascending order, last in descending order (OData 4). */
export interface Order {
  readonly operand: Operand
  readonly isDescending: boolean
  /** For members of an enum: the place of each stored member; members may share one. Absent = by the value itself. */
  readonly ranks?: Readonly<Record<string, number>>
}
