/** What a list shows, for the options that choose among its rows. */
import type { EntityType, Face } from '../../model/entity-type.ts'

export interface QueriedRows {
  /** The type that every row has in this face. */
  readonly type: EntityType
  /** The types that rows of a kind show as instead; rows of other kinds show as `type`. */
  readonly derived: ReadonlyMap<string, EntityType>
  readonly face: Face
  /** Declared names of the properties that `$search` looks in; absent = it is refused. */
  readonly searched?: readonly string[]
}
