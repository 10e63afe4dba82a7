/** The values of one statement, in the order of their placeholders: the SQL text never carries a value that came from outside. */
import type { SqlValue } from './connection.ts'

export interface Parameters {
  readonly values: readonly SqlValue[]
  /** Takes a value in and answers its placeholder. */
  add(value: SqlValue): string
}

/** `given` are the values that stand as `$1`, `$2`, … in text that is written already. */
export function parameters(given: readonly SqlValue[]): Parameters {
  const values = [...given]
  return { values, add: (value) => `$${values.push(value)}` }
}
