/** The columns of an entity, derived from its declaration: a property declared is a property stored. */
import type { EntityOf, EntityType, Property, Shape } from '../../model/entity-type.ts'
import type { OperandSql } from './list-source.ts'
import { type ColumnKind, columnName, type RowCodec, rowCodec } from './row-codec.ts'

/**
 * Secret properties have no column: they lie sealed in `sealed_secret`. Nor have those that come from elsewhere, so that what is
 * read has only those that do not.
 */
export function entityColumns<T extends EntityType>(type: T): RowCodec<EntityOf<T>> {
  const kinds: Record<string, ColumnKind> = {}
  for (const [name, property] of Object.entries(type.properties))
    if (!property.secret && !property.source) kinds[name] = columnKindOf(property.shape)
  return rowCodec(kinds as Record<keyof EntityOf<T> & string, ColumnKind>)
}

/** A property's own column for filters and orders, a date by its instant; undefined for what is kept as JSON. */
export function columnOperand(
  table: string,
  name: string,
  { shape, nullable: isNullable }: Property,
): OperandSql | undefined {
  const kind = columnKindOf(shape)
  if (kind === 'json' || typeof kind !== 'string') return undefined
  const sql = `${table}.${columnName(name)}`
  return { sql, kind: kind === 'dateTimeOffset' ? 'text' : kind, isNullable }
}

/** Of every property that has a column of its own. */
export function columnOperands(table: string, type: EntityType): ReadonlyMap<string, OperandSql> {
  const operands = new Map<string, OperandSql>()
  for (const [name, property] of Object.entries(type.properties)) {
    const operand =
      property.secret || property.source ? undefined : columnOperand(table, name, property)
    if (operand) operands.set(name, operand)
  }
  return operands
}

export function columnKindOf(shape: Shape): ColumnKind {
  switch (shape.kind) {
    case 'text':
    case 'guid':
    case 'binary':
    case 'member':
      return 'text'
    case 'int32':
    case 'int64':
      return 'integer'
    case 'flag':
      return 'flag'
    case 'dateTimeOffset':
      return 'dateTimeOffset'
    case 'complex':
    case 'collection':
      return 'json'
  }
}
