/** The law of lists: what a query finds is the same in the rows as shown, in the plain records and in the database. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { bindFilter } from '../../src/graph/odata/bind-filter.ts'
import { bindOrderBy } from '../../src/graph/odata/bind-order-by.ts'
import { bindSearch } from '../../src/graph/odata/bind-search.ts'
import { parseFilter, parseOrderBy } from '../../src/graph/odata/parse.ts'
import { parseSearch } from '../../src/graph/odata/parse-search.ts'
import type { QueriedRows } from '../../src/graph/odata/queried-rows.ts'
import type { EntityType } from '../../src/model/entity-type.ts'
import type { ListedPage, ListQuery, Predicate } from '../../src/model/list-query.ts'
import { encode } from '../../src/model/payload/encode.ts'
import { faceMembers } from '../../src/model/payload/face-members.ts'
import { anyFilter, anyOrderBy, anySearch } from './any-filter.ts'
import { inOrder, meets, type PlainRow } from './evaluate.ts'
import { compareShown, type ShownRow, truthOfShown } from './evaluate-shown.ts'

export interface ListReads {
  list(query: ListQuery): Promise<ListedPage<{ readonly record: { readonly id: string } }>>
  count(filter?: Predicate): Promise<number>
}

export interface AskedQuery {
  readonly filter?: string | undefined
  readonly orderBy?: string | undefined
  readonly search?: string | undefined
  readonly skip?: number | undefined
  readonly limit: number
}

export function anyQuery(rows: QueriedRows): fc.Arbitrary<AskedQuery> {
  const skip = fc.option(fc.constantFrom(0, 1, 7, 1_000), { nil: undefined, freq: 1 })
  return fc.record({
    filter: fc.option(anyFilter(rows), { nil: undefined, freq: 9 }),
    orderBy: fc.option(anyOrderBy(rows), { nil: undefined, freq: 4 }),
    search: rows.searched
      ? fc.option(anySearch, { nil: undefined, freq: 1 })
      : fc.constant(undefined),
    skip,
    limit: fc.constantFrom(7, 40, 999),
  })
}

/** Fails where the three do not agree. */
export async function checkLaw(
  asked: AskedQuery,
  rows: QueriedRows,
  plain: readonly PlainRow[],
  reads: ListReads,
): Promise<void> {
  const query = boundQuery(asked, rows)
  const found = plain
    .filter((row) => !query.filter || meets(query.filter, row))
    .toSorted(inOrder(query.orderBy ?? []))
  checkShown(asked, rows, plain, found)
  const expected = found.slice(asked.skip ?? 0).map(idOf)
  expect(await allPages(reads, query)).toEqual(expected)
  expect(await reads.count(query.filter)).toBe(found.length)
}

function boundQuery(
  { filter, orderBy, search, skip, limit }: AskedQuery,
  rows: QueriedRows,
): ListQuery {
  const parts: Predicate[] = []
  if (filter !== undefined) parts.push(bindFilter(parseFilter(filter), rows))
  if (search !== undefined) parts.push(bindSearch(parseSearch(search), rows))
  return {
    limit,
    ...(parts.length > 0 && { filter: { kind: 'and', of: parts } }),
    ...(orderBy !== undefined && { orderBy: bindOrderBy(parseOrderBy(orderBy), rows) }),
    ...(skip !== undefined && { skip }),
  }
}

/** What was found meets the filter as it is shown, nothing else does, and it stands in the order that is shown. */
function checkShown(
  { filter, orderBy, search }: AskedQuery,
  rows: QueriedRows,
  plain: readonly PlainRow[],
  found: readonly PlainRow[],
): void {
  if (search === undefined && filter !== undefined) {
    const tree = parseFilter(filter)
    const met = plain.filter((row) => truthOfShown(tree, shownRow(row, rows)) === true)
    expect(found.map(idOf).toSorted()).toEqual(met.map(idOf).toSorted())
  }
  if (orderBy === undefined) return
  const inShownOrder = compareShown(parseOrderBy(orderBy))
  const shown = found.map((row) => shownRow(row, rows))
  for (const [index, row] of shown.entries()) {
    const before = shown[index - 1]
    if (before) expect(inShownOrder(before, row)).toBeLessThanOrEqual(0)
  }
}

const known = new WeakMap<PlainRow, Map<QueriedRows, ShownRow>>()

function shownRow(row: PlainRow, rows: QueriedRows): ShownRow {
  const ofRow = known.get(row) ?? new Map<QueriedRows, ShownRow>()
  known.set(row, ofRow)
  const shown = ofRow.get(rows) ?? showRow(row, rows)
  ofRow.set(rows, shown)
  return shown
}

function showRow({ record, kind }: PlainRow, { type, derived, face }: QueriedRows): ShownRow {
  const actual = derived.get(kind ?? '') ?? type
  const members = faceMembers(actual, face).inWireOrder
  const json = encode(actual, face, record, { level: 'none' })
  return {
    members: new Map(Object.entries(json).map(([wire, value]) => [wire.toLowerCase(), value])),
    types: lineOf(actual).flatMap(({ names }) => names[face] ?? []),
    guids: new Set(
      members.flatMap(({ wire, property }) =>
        property.shape.kind === 'guid' ? [wire.toLowerCase()] : [],
      ),
    ),
    numbers: new Map(
      members.flatMap(({ wire, property: { shape } }) =>
        shape.kind === 'member' && face !== 'old'
          ? [[wire.toLowerCase(), shape.of.members] as const]
          : [],
      ),
    ),
  }
}

function lineOf(type: EntityType): readonly EntityType[] {
  return type.base ? [type, ...lineOf(type.base)] : [type]
}

function idOf({ record }: PlainRow): string {
  return String(record.id)
}

async function allPages(reads: ListReads, query: ListQuery): Promise<readonly string[]> {
  const ids: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await reads.list({ ...query, ...(after !== undefined && { after }) })
    expect(page.rows.length).toBeLessThanOrEqual(query.limit)
    ids.push(...page.rows.map(({ record }) => record.id))
    if (page.next === undefined) return ids
    expect(page.next).toBe(page.positionAfter(page.rows.length - 1))
    after = page.next
  }
}
