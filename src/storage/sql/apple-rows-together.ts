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
  /** As `AppleRowReads.findInTurn`. */
  findInTurn(
    connection: SqlConnection,
    owner: readonly SqlValue[],
    parts: readonly RowPart<Row>[],
    last: NumberedRow<Row> | undefined,
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
  const { together, kinds } = table
  if (together === undefined) return undefined
  const { apart, within } = together
  const sql = togetherStatements(table, together, dialect)
  const { [apart]: _, ...others } = kinds
  const common = rowCodec<Row>(others as typeof kinds)
  const properties = Object.keys(others) as (keyof Row)[]
  const isPartOf = (left: Row, right: Row) =>
    properties.every((property) => left[property] === right[property])
  const textOf = (row: Row) => String(row[apart])
  const asJson = (rows: readonly Row[]) => JSON.stringify(rows.map(textOf))

  async function lookUp(
    connection: SqlConnection,
    owner: readonly SqlValue[],
    { common, rows }: RowPart<Row>,
  ): Promise<readonly (NumberedRow<Row> | undefined)[]> {
    const found = new Array<NumberedRow<Row> | undefined>(rows.length).fill(undefined)
    const answer = await first(connection, sql.findEach, [...owner, asJson(rows), ...common])
    const numbers = wholeNumbers(answer?.numbers)
    wholeNumbers(answer?.positions).forEach((position, index) => {
      // With the same key it is the same row.
      const [number, row] = [numbers[index], rows[position]]
      if (number !== undefined && row !== undefined) found[position] = { number, row }
    })
    return found
  }

  /** Reads on from the last row, as many rows as are asked for; what is not among them is looked up. */
  async function findFollowing(
    connection: SqlConnection,
    owner: readonly SqlValue[],
    { common, rows }: RowPart<Row>,
    last: NumberedRow<Row> | undefined,
  ): Promise<readonly (NumberedRow<Row> | undefined)[]> {
    const [begin] = rows
    const after = last && last.row[within] === begin?.[within] ? last.number : 0
    const asked = [...owner, after, ...common, rows.length]
    const answer = await first(connection, sql.following, asked)
    const numbers = wholeNumbers(answer?.numbers)
    const isInTurn = answer?.texts === asJson(rows)
    const numberOf = isInTurn ? undefined : byText(texts(answer?.texts), numbers)
    const found = rows.map((row, place): NumberedRow<Row> | undefined => {
      const number = numberOf ? numberOf(textOf(row)) : numbers[place]
      return number === undefined ? undefined : { number, row }
    })
    const missing = rows.filter((_, place) => found[place] === undefined)
    if (missing.length === 0) return found
    const lookedUp = (await lookUp(connection, owner, { common, rows: missing })).values()
    return found.map((row) => row ?? lookedUp.next().value)
  }

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
      for (const part of parts) found.push(...(await lookUp(connection, owner, part)))
      return found
    },
    async findInTurn(connection, owner, parts, last) {
      const found: (NumberedRow<Row> | undefined)[] = []
      let before = last
      for (const part of parts) {
        const inPart = await findFollowing(connection, owner, part, before)
        before = inPart.findLast((row) => row !== undefined)
        found.push(...inPart)
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

function byText(texts: readonly string[], numbers: readonly number[]) {
  const places = new Map(texts.map((text, place) => [text, place]))
  return (text: string): number | undefined => numbers[places.get(text) ?? -1]
}

/** Null where there is none. */
function texts(json: SqlValue | undefined): readonly string[] {
  return typeof json === 'string' ? JSON.parse(json) : []
}

/** `1,2,3`; null where there is none. */
function wholeNumbers(text: SqlValue | undefined): readonly number[] {
  return typeof text === 'string' ? JSON.parse(`[${text}]`) : []
}
