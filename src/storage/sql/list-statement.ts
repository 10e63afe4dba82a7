/** Puts a list's statement together, and its page out of the rows that came. */
import { orderValue } from '../../model/comparable.ts'
import { Failure } from '../../model/failure.ts'
import type { ListedPage, ListQuery, Predicate } from '../../model/list-query.ts'
import type { SqlValue } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { positionText, readPosition } from './list-position.ts'
import type { ListSource } from './list-source.ts'
import { orderSql, rowOrder } from './order-sql.ts'
import { parameters } from './parameters.ts'
import { filterSql } from './predicate-sql.ts'

export interface Statement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** One row more than the page holds: it says whether there is another page. `given` are the values of the source's condition. */
export function listStatement(
  source: ListSource,
  columns: string,
  given: readonly SqlValue[],
  { filter, orderBy, after, skip, limit }: ListQuery,
  dialect: Dialect,
): Statement {
  const own = parameters(given)
  const into = { source, parameters: own, dialect }
  const order = rowOrder(source.key, orderBy)
  const { by, after: behind } = orderSql(source, order, own)
  const conditions = [source.where]
  if (filter) conditions.push(filterSql(filter, into))
  if (after !== undefined) conditions.push(behind(readPosition(source, order, after)))
  const limited = `limit ${own.add(limit + 1)}`
  const skipped = after === undefined && skip ? ` offset ${own.add(skip)}` : ''
  return {
    sql: `select ${columns} from ${source.from} where ${conditions.join(' and ')} order by ${by} ${limited}${skipped}`,
    values: own.values,
  }
}

/** Its only column is `count`. */
export function countStatement(
  source: ListSource,
  given: readonly SqlValue[],
  filter: Predicate | undefined,
  dialect: Dialect,
): Statement {
  const own = parameters(given)
  const met = filter ? ` and ${filterSql(filter, { source, parameters: own, dialect })}` : ''
  return {
    sql: `select count(*) as count from ${source.from} where ${source.where}${met}`,
    values: own.values,
  }
}

/** How a row of a list shows what it is ordered by. */
export interface RowFacts<Row> {
  key(row: Row): string | number
  /** By declared names. */
  record(row: Row): Readonly<Record<string, unknown>>
  kind?(row: Row): string
}

/** The page in rows that `listStatement` has asked for. */
export function listedPage<Row>(
  { key }: ListSource,
  facts: RowFacts<Row>,
  { orderBy, limit }: ListQuery,
  rows: readonly Row[],
): ListedPage<Row> {
  const { orders } = rowOrder(key, orderBy)
  const page = rows.length > limit ? rows.slice(0, limit) : rows
  const positionAfter = (index: number) => {
    const row = page[index]
    if (row === undefined) throw noSuchRow(index)
    const record = facts.record(row)
    const kind = facts.kind?.(row)
    const values = orders.map((order) => orderValue(record, order, kind))
    return positionText({ values, key: facts.key(row) })
  }
  if (page === rows) return { rows, positionAfter }
  return { rows: page, next: positionAfter(page.length - 1), positionAfter }
}

function noSuchRow(index: number): Failure {
  return new Failure(
    'internal',
    `A page has no row ${index} that another page could follow. This is a defect of Pomona; please report it.`,
  )
}
