/** How an app or book lies in its row, and what it shows of its token's row and of nobody's (Source in model/entity-type.ts). */
import type { Property, Source } from '../../model/entity-type.ts'
import { type LibraryItem, libraryItem, type StoredItem } from '../../model/library-item.ts'
import type { ItemValues } from '../../ports/library-store.ts'
import type { SqlRow, SqlValue } from './connection.ts'
import { columnKindOf, entityColumns } from './entity-columns.ts'
import { type ColumnKind, columnsOf, rowCodec } from './row-codec.ts'

const own = entityColumns(libraryItem)
const bookkeeping = rowCodec<Omit<StoredItem, 'record' | 'version'>>({
  metadataAt: 'text',
  metadataFrom: 'text',
  iconUrl: 'text',
  iconFrom: 'text',
})

/** What an item's own values are written to, in this order; the first is its id. */
export const itemColumns = [...own.typedColumns, ...bookkeeping.typedColumns]

export function writeItem(item: ItemValues): readonly SqlValue[] {
  return [...own.write(item.record), ...bookkeeping.write(item)]
}

/** The properties that come from one kind of place. */
export function sourcedBy<Kind extends Source['kind']>(kind: Kind) {
  const properties = Object.entries<Property>(libraryItem.properties)
  return properties.flatMap(([name, { source, shape }]) =>
    source?.kind === kind
      ? [{ name, shape, source: source as Extract<Source, { kind: Kind }> }]
      : [],
  )
}

const ofToken = sourcedBy('token').map(({ name, shape, source }) => {
  const kind = columnKindOf(shape)
  const shown = columnsOf(name, kind)
  const columns = columnsOf(source.property, kind).map(
    (column, index) => `vpp_token.${column.name} as ${shown[index]?.name}`,
  )
  return { name, kind, columns }
})
const tokenValues = rowCodec<LibraryItem>(
  Object.fromEntries(ofToken.map(({ name, kind }) => [name, kind])) as Record<
    keyof LibraryItem,
    ColumnKind
  >,
)
const sameAs = sourcedBy('same')
const fixed = Object.fromEntries([
  ...sourcedBy('fixed').map(({ name, source }) => [name, source.value]),
  ...sourcedBy('apart').map(({ name }) => [name, null]),
])

/**
 * For an item joined to its token. What the token shows is part of what the item shows, so its changes count as the item's: the
 * sum of both versions grows with either.
 */
export const itemSelection = [
  ...itemColumns.map(({ name }) => `library_item.${name}`),
  ...ofToken.flatMap(({ columns }) => columns),
  'library_item.version + vpp_token.version as version',
].join(', ')

export function readItem(row: SqlRow): StoredItem {
  const record: Record<string, unknown> = {
    ...fixed,
    ...own.read(row),
    ...tokenValues.read(row),
  }
  for (const { name, source } of sameAs) record[name] = record[source.property]
  return {
    record: record as LibraryItem,
    version: Number(row.version),
    ...bookkeeping.read(row),
  }
}
