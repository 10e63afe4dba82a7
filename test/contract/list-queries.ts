/** Every list answers filters, orders and pages alike, whatever it is a list of and whichever database keeps it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ListedPage, ListQuery, Predicate } from '../../src/model/list-query.ts'
import { inOrder, meets, type PlainRow } from '../list-query/evaluate.ts'
import { type AskedProperty, anyOrder, anyPredicate } from './any-query.ts'

/** Per list and database. Many more are run through the whole of a request's way (test/list-query). */
const cases = 150

export interface AskedList<Row> {
  readonly asked: readonly AskedProperty[]
  readonly rows: readonly Row[]
  /** What a row is compared by; its `id` stands for the key of the list. */
  plain(row: Row): PlainRow
  list(query: ListQuery): Promise<ListedPage<Row>>
  count(filter?: Predicate): Promise<number>
}

/** `open` fills a fresh storage and hands out its list. */
export function listQueriesContract<Row>(name: string, open: () => Promise<AskedList<Row>>): void {
  test(`${name}: any filter, order, skip and size of pages gives the rows that plain records give`, async () => {
    const { asked, rows, plain, list, count } = await open()
    const idOf = (row: Row) => plain(row).record.id
    const query = fc.record({
      filter: fc.option(anyPredicate(asked), { nil: undefined }),
      orderBy: anyOrder(asked),
      skip: fc.integer({ min: 0, max: 3 }),
      limit: fc.integer({ min: 1, max: 8 }),
    })
    await fc.assert(
      fc.asyncProperty(query, async ({ filter, orderBy, ...pages }) => {
        const met = rows.map(plain).filter((row) => filter === undefined || meets(filter, row))
        const ids = met.sort(inOrder(orderBy)).map(({ record }) => record.id)
        const found = await allRows(list, { ...pages, orderBy, ...(filter && { filter }) })
        expect(found.map(idOf)).toEqual(ids.slice(pages.skip))
        expect(await count(filter)).toBe(ids.length)
      }),
      { numRuns: cases },
    )
  })
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
