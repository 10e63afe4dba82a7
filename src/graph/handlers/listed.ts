/** One page of a list, and the number of all rows that match when it was asked for (graph 7.3). */
import type { ListedPage, ListQuery, Predicate } from '../../model/list-query.ts'
import type { Input, Result, Row } from './handler.ts'

export async function listed<Stored extends Row>(
  { query, isCountWanted }: Input,
  list: (query: ListQuery) => Promise<ListedPage<Stored>>,
  count: (filter: Predicate | undefined) => Promise<number>,
): Promise<Result> {
  const { rows, next, positionAfter } = await list(query)
  return {
    kind: 'page',
    rows,
    positionAfter,
    ...(next === undefined ? {} : { next }),
    ...(isCountWanted ? { count: await count(query.filter) } : {}),
  }
}
