/** Rows of a page that differ in one column alone, such as the devices of one asset: a statement for each such part. */
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import { type AppleRowTable, togetherStatements } from './apple-row-tables.ts'
import { first, type SqlConnection, type SqlValue } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { rowCodec } from './row-codec.ts'

export interface RowPart<Row> {
  readonly common: readonly SqlValue[]
  readonly rows: Row[]
}

export interface RowsTogether<Row> {
  /** Undefined when the parts are so many that one statement for all rows costs less. */
  partsOf(rows: readonly Row[]): readonly RowPart<Row>[] | undefined
  /** `owner`: the tenant and the token. */
  findEach(
    connection: SqlConnection,
    owner: readonly SqlValue[],
    parts: readonly RowPart<Row>[],
  ): Promise<readonly (NumberedRow<Row> | undefined)[]>
  /** Answers how many were inserted. */
  insert(
    connection: SqlConnection,
    owner: readonly SqlValue[],
    parts: readonly RowPart<Row>[],
  ): Promise<number>
}

/** A statement costs as much as so many rows in it. */
const rowsPerPart = 20

/** Undefined for a table whose rows do not travel so. */
export function rowsTogether<Row extends object>(
  table: AppleRowTable<Row>,
  dialect: Dialect,
): RowsTogether<Row> | undefined {
  const { apart, kinds } = table
  if (apart === undefined) return undefined
  const sql = togetherStatements(table, apart, dialect)
  const { [apart]: _, ...others } = kinds
  const common = rowCodec<Row>(others as typeof kinds)
  const properties = Object.keys(others) as (keyof Row)[]
  const isPartOf = (left: Row, right: Row) =>
    properties.every((property) => left[property] === right[property])
  const asJson = (rows: readonly Row[]) => JSON.stringify(rows.map((row) => row[apart]))

  return {
    partsOf(rows) {
      const parts: RowPart<Row>[] = []
      const most = Math.max(1, rows.length / rowsPerPart)
      let last: RowPart<Row> | undefined
      for (const row of rows) {
        if (last?.rows[0] === undefined || !isPartOf(last.rows[0], row)) {
          last = { common: common.write(row), rows: [] }
          parts.push(last)
          if (parts.length > most) return undefined
        }
        last.rows.push(row)
      }
      return parts
    },
    async findEach(connection, owner, parts) {
      const found: (NumberedRow<Row> | undefined)[] = []
      for (const { common, rows } of parts) {
        const from = found.length
        for (let count = 0; count < rows.length; count += 1) found.push(undefined)
        const answer = await first(connection, sql.findEach, [...owner, asJson(rows), ...common])
        const numbers = wholeNumbers(answer?.numbers)
        wholeNumbers(answer?.positions).forEach((position, index) => {
          // With the same key it is the same row.
          const [number, row] = [numbers[index], rows[position]]
          if (number !== undefined && row !== undefined) found[from + position] = { number, row }
        })
      }
      return found
    },
    async insert(connection, owner, parts) {
      let inserted = 0
      for (const { common, rows } of parts)
        inserted += await connection.run(sql.insert, [...owner, asJson(rows), ...common])
      return inserted
    },
  }
}

/** `1,2,3`; null where there is none. */
function wholeNumbers(text: SqlValue | undefined): readonly number[] {
  return typeof text === 'string' ? JSON.parse(`[${text}]`) : []
}
