/** Turns a record into the values of its columns and back, from one line per property. */
import type { DateTimeOffset } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { SqlRow, SqlValue } from './connection.ts'

/**
 * How a value lies in its column. `dateTimeOffset` takes two columns: the instant as text and the offset in minutes. A list of
 * words is kept as the place of the word in the list, for tables with very many rows. Null is null in every kind.
 */
export type ColumnKind = 'text' | 'integer' | 'flag' | 'json' | 'dateTimeOffset' | readonly string[]

export interface Column {
  readonly name: string
  readonly type: 'text' | 'integer'
}

export interface RowCodec<Row> {
  /** Column names in the order in which `write` gives the values. */
  readonly columns: readonly string[]
  /** The same with their types. */
  readonly typedColumns: readonly Column[]
  write(row: Row): readonly SqlValue[]
  read(columns: SqlRow): Row
}

interface PropertyCodec {
  readonly property: string
  readonly columns: readonly Column[]
  write(value: unknown, into: SqlValue[]): void
  read(columns: SqlRow): unknown
}

export function rowCodec<Row extends object>(
  kinds: Readonly<Record<keyof Row & string, ColumnKind>>,
): RowCodec<Row> {
  const codecs = Object.entries<ColumnKind>(kinds).map(([property, kind]) =>
    kind === 'dateTimeOffset' ? dateTimeCodec(property) : columnCodec(property, kind),
  )
  const typedColumns = codecs.flatMap(({ columns }) => columns)
  return {
    columns: typedColumns.map(({ name }) => name),
    typedColumns,
    // Loops over one array each: this runs for every row of every answer.
    write: (row) => {
      const values: SqlValue[] = []
      for (const codec of codecs) codec.write(row[codec.property as keyof Row], values)
      return values
    },
    read: (columns) => {
      const row: Record<string, unknown> = {}
      for (const codec of codecs) row[codec.property] = codec.read(columns)
      return row as Row
    },
  }
}

/** The columns that a property of this kind takes. */
export function columnsOf(property: string, kind: ColumnKind): readonly Column[] {
  const name = columnName(property)
  if (kind === 'dateTimeOffset')
    return [
      { name, type: 'text' },
      { name: `${name}_offset`, type: 'integer' },
    ]
  return [{ name, type: kind === 'text' || kind === 'json' ? 'text' : 'integer' }]
}

/** `supportedPlatforms` → `supported_platforms`. */
export function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function dateTimeCodec(property: string): PropertyCodec {
  const instant = columnName(property)
  const offset = `${instant}_offset`
  return {
    property,
    columns: columnsOf(property, 'dateTimeOffset'),
    write: (value, into) => {
      const date = value as DateTimeOffset | null
      into.push(date?.instant ?? null, date?.offsetMinutes ?? null)
    },
    read: (columns) => {
      const value = valueIn(columns, instant)
      return value === null ? null : { instant: value, offsetMinutes: valueIn(columns, offset) }
    },
  }
}

function columnCodec(property: string, kind: Exclude<ColumnKind, 'dateTimeOffset'>): PropertyCodec {
  const name = columnName(property)
  const { write, read } = valueCodec(kind)
  return {
    property,
    columns: columnsOf(property, kind),
    write: (value, into) => {
      into.push(value === null ? null : write(value))
    },
    read: (columns) => {
      const value = valueIn(columns, name)
      return value === null ? null : read(value)
    },
  }
}

interface ValueCodec {
  write(value: unknown): SqlValue
  read(value: SqlValue): unknown
}

const asItIs: ValueCodec = {
  write: (value) => value as string | number,
  read: (value) => value,
}
const flag: ValueCodec = {
  write: (value) => (value ? 1 : 0),
  read: (value) => value === 1,
}
const json: ValueCodec = {
  write: (value) => JSON.stringify(value),
  read: (value) => JSON.parse(String(value)),
}

function valueCodec(kind: Exclude<ColumnKind, 'dateTimeOffset'>): ValueCodec {
  if (kind === 'flag') return flag
  if (kind === 'json') return json
  if (kind === 'text' || kind === 'integer') return asItIs
  return {
    write: (value) => kind.indexOf(String(value)),
    read: (value) => kind[Number(value)],
  }
}

function valueIn(columns: SqlRow, name: string): SqlValue {
  const value = columns[name]
  if (value === undefined)
    throw new Failure(
      'internal',
      `The column "${name}" was not read. This is a defect of Pomona; please report it.`,
    )
  return value
}
