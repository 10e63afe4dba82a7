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
  readonly kind: ColumnKind
  readonly column: string
  readonly offsetColumn: string
}

export function rowCodec<Row extends object>(
  kinds: Readonly<Record<keyof Row & string, ColumnKind>>,
): RowCodec<Row> {
  const properties = Object.entries<ColumnKind>(kinds).map(([property, kind]) => ({
    property,
    kind,
    column: columnName(property),
    offsetColumn: `${columnName(property)}_offset`,
  }))
  const typedColumns = properties.flatMap(columnsOf)
  return {
    columns: typedColumns.map(({ name }) => name),
    typedColumns,
    write: (row) =>
      properties.flatMap(({ property, kind }) => written(kind, row[property as keyof Row])),
    read: (columns) => {
      const row: Record<string, unknown> = {}
      for (const codec of properties) row[codec.property] = readBack(codec, columns)
      return row as Row
    },
  }
}

/** `supportedPlatforms` → `supported_platforms`. */
export function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function columnsOf({ kind, column, offsetColumn }: PropertyCodec): readonly Column[] {
  const isText = kind === 'text' || kind === 'json' || kind === 'dateTimeOffset'
  const own: Column = { name: column, type: isText ? 'text' : 'integer' }
  return kind === 'dateTimeOffset' ? [own, { name: offsetColumn, type: 'integer' }] : [own]
}

function written(kind: ColumnKind, value: unknown): readonly SqlValue[] {
  if (value === null) return kind === 'dateTimeOffset' ? [null, null] : [null]
  switch (kind) {
    case 'text':
    case 'integer':
      return [value as string | number]
    case 'flag':
      return [value ? 1 : 0]
    case 'json':
      return [JSON.stringify(value)]
    case 'dateTimeOffset': {
      const { instant, offsetMinutes } = value as DateTimeOffset
      return [instant, offsetMinutes]
    }
    default:
      return [kind.indexOf(String(value))]
  }
}

function readBack({ kind, column, offsetColumn }: PropertyCodec, columns: SqlRow): unknown {
  const value = columns[column]
  if (value === undefined)
    throw new Failure(
      'internal',
      `The column "${column}" was not read. This is a defect of Pomona; please report it.`,
    )
  if (value === null) return null
  switch (kind) {
    case 'text':
    case 'integer':
      return value
    case 'flag':
      return value === 1
    case 'json':
      return JSON.parse(String(value))
    case 'dateTimeOffset':
      return { instant: value, offsetMinutes: columns[offsetColumn] }
    default:
      return kind[Number(value)]
  }
}
