/** Every list answers filters, orders and pages alike, whatever it is a list of and whichever database keeps it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ListedPage, ListQuery, Predicate } from '../../src/model/list-query.ts'
import { type AskedProperty, anyOrder, anyPredicate } from './any-query.ts'
import { listed, type Queried } from './query-evaluator.ts'

/** Cases per list and database; there are three lists, so that each database answers more than 2,000. */
const cases = Number(process.env.POMONA_TEST_CASES ?? 700)
const timeoutMs = 60_000 + cases * 50

export interface AskedList<Row> {
  readonly asked: readonly AskedProperty[]
  /** The rows as they were stored, and how each shows what it is compared by. */
  readonly rows: readonly Row[]
  queried(row: Row): Queried
  key(row: Row): string
  list(query: ListQuery): Promise<ListedPage<Row>>
  count(filter?: Predicate): Promise<number>
}

/** `open` fills a fresh storage and hands out its list. */
export function listQueriesContract<Row>(name: string, open: () => Promise<AskedList<Row>>): void {
  test(
    `${name}: any filter, order, skip and size of pages gives the rows that plain records give`,
    async () => {
      const { asked, rows, queried, key, list, count } = await open()
      const records = rows.map((row) => ({ row, ...queried(row) }))
      const query = fc.record({
        filter: fc.option(anyPredicate(asked), { nil: undefined }),
        orderBy: anyOrder(asked),
        skip: fc.integer({ min: 0, max: 3 }),
        limit: fc.integer({ min: 1, max: 6 }),
      })
      await fc.assert(
        fc.asyncProperty(query, async ({ filter, ...asked }) => {
          const given = { ...asked, ...(filter && { filter }) }
          const keys = (await allRows(list, given)).map(key)
          const all = listed(records, { ...given, skip: 0 }, ({ row }) => key(row))
          expect(keys).toEqual(all.slice(given.skip).map(({ row }) => key(row)))
          expect(await count(filter)).toBe(all.length)
        }),
        { numRuns: cases },
      )
    },
    timeoutMs,
  )
}

/** Row by row the pages from the first to the last, each found from the one before in one of the two ways there are. */
export async function allRows<Row>(
  list: (query: ListQuery) => Promise<ListedPage<Row>>,
  query: ListQuery,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  let page = await list(query)
  for (;;) {
    rows.push(...page.rows)
    if (page.next === undefined) return rows
    expect(page.rows).toHaveLength(query.limit)
    expect(page.positionAfter(query.limit - 1)).toBe(page.next)
    page = await list({ ...query, after: page.next })
  }
}
