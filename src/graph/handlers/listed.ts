/** A list, and the number of all rows that match when it was asked for (graph 7.3). */
import type { Predicate } from '../../model/list-query.ts'
import type { Input, ListRows, Result } from './handler.ts'

export async function listed(
  { query, isCountWanted }: Input,
  list: ListRows,
  count: (filter: Predicate | undefined) => Promise<number>,
): Promise<Result> {
  if (!isCountWanted) return { kind: 'page', query, list }
  return { kind: 'page', query, list, count: await count(query.filter) }
}
