/** The handful of facts in which databases differ. No store asks which database it is. */
import type { Column } from './row-codec.ts'

export interface Dialect {
  /** What stands for `{text}`, `{number}`, … in the migrations. */
  readonly schemaWords: Readonly<Record<SchemaWord, string>>
  /**
   * A table expression over one parameter that holds JSON text, an array of arrays: many rows travel as one value. Its columns
   * have the given names and kinds, in the order of the inner arrays, and `position` counts the rows from 0.
   */
  rowsFromJson(placeholder: string, columns: readonly Column[]): string
  /**
   * A table expression over one parameter that holds JSON text, an array of texts: its column `value`, and `position`, which
   * counts from 0.
   */
  textsFromJson(placeholder: string): string
  /** An aggregate, the other way round: the texts as JSON text, an array; null or an empty one when there are none. */
  textsToJson(text: string): string
  /**
   * Goes on behind a table expression: joins to each of its rows those rows of `table` that meet the condition, under the alias
   * `stored`, and looks them up by an index for each, however many rows the table has.
   */
  lookUp(table: string, condition: string): string
  /** Whether the part stands anywhere in a text, byte by byte; unknown for null. Both are SQL. */
  holds(text: string, part: string): string
  /** A text that comes from no column, compared byte by byte as the columns are. */
  bytewise(text: string): string
  /** Ends a query whose rows are to be taken by one caller out of many: each gets others, and none waits. */
  readonly takenRows: string
}

/**
 * `text`: compared byte by byte (graph H9) · `integer`: 64 bit · `bytes` · `number`: primary key that the database counts up
 * and never hands out again · `strict`: the end of a table that refuses values of another type.
 */
export const schemaWords = ['text', 'integer', 'bytes', 'number', 'strict'] as const
export type SchemaWord = (typeof schemaWords)[number]
