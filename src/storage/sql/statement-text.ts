/** Pieces of SQL text that the stores put together once, when they are loaded. */
import type { Page, PageRequest } from '../../model/list-query.ts'

/** `$1, $2, $3`: as many placeholders as there are columns, counted from `start`. */
export function placeholders(columns: readonly string[], start = 1): string {
  return columns.map((_, index) => `$${start + index}`).join(', ')
}

/** `name = $3, status = $4`. */
export function assignments(columns: readonly string[], start = 1): string {
  return columns.map((column, index) => `${column} = $${start + index}`).join(', ')
}

/** The page in rows that were asked for with one more than the limit. */
export function pageOf<Row>(
  rows: readonly Row[],
  { limit }: PageRequest,
  keyOf: (row: Row) => string,
): Page<Row> {
  if (rows.length <= limit) return { rows }
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return last === undefined ? { rows: page } : { rows: page, next: keyOf(last) }
}
