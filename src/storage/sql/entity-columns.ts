/** The columns of an entity, derived from its declaration: a property declared is a property stored. */
import type { EntityOf, EntityType, Shape } from '../../model/entity-type.ts'
import { type ColumnKind, type RowCodec, rowCodec } from './row-codec.ts'

/** Secret properties have no column: they lie sealed in `sealed_secret`. */
export function entityColumns<T extends EntityType>(type: T): RowCodec<EntityOf<T>> {
  const kinds: Record<string, ColumnKind> = {}
  for (const [name, property] of Object.entries(type.properties))
    if (!property.secret) kinds[name] = columnKindOf(property.shape)
  return rowCodec(kinds as Record<keyof EntityOf<T> & string, ColumnKind>)
}

function columnKindOf(shape: Shape): ColumnKind {
  switch (shape.kind) {
    case 'text':
    case 'guid':
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
