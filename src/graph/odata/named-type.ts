/** The types that rows of a list can be tested for with `isof` and cast to with a segment of a path. */
import type { EntityType } from '../../model/entity-type.ts'
import { qualified, unqualified } from '../namespace.ts'
import type { QueriedRows } from './queried-rows.ts'
import { clipped, type Option, refused } from './refusal.ts'

export interface NamedType {
  readonly type: EntityType
  /** The kinds of row that are of it; absent = every row. */
  readonly kinds?: readonly string[]
}

/**
 * By its qualified name, in any case: `microsoft.graph.iosVppApp`, `graph.iosVppApp`. Failure `badRequest` for a name that the
 * face does not have, and for a type that no row of the list can be of.
 */
export function namedType(option: Option, name: string, rows: QueriedRows): NamedType {
  const wanted = unqualified(name)?.toLowerCase()
  const isWanted = (type: EntityType) => type.names[rows.face]?.toLowerCase() === wanted
  if (wanted !== undefined) {
    const general = lineOf(rows.type).find(isWanted)
    if (general) return { type: general }
    const kinds: string[] = []
    let found: EntityType | undefined
    for (const [kind, shown] of rows.derived) {
      const type = lineOf(shown).find(isWanted)
      if (!type) continue
      found = type
      kinds.push(kind)
    }
    if (found) return { type: found, kinds }
  }
  throw refused(
    option,
    `The ${option} names the type '${clipped(name)}', which no row of this list can be of. ${known(rows)}`,
  )
}

/** The type, what it is derived from, and so on. */
function lineOf(type: EntityType): readonly EntityType[] {
  return type.base ? [type, ...lineOf(type.base)] : [type]
}

function known({ type, derived, face }: QueriedRows): string {
  const names = [type, ...derived.values()].flatMap((one) => one.names[face] ?? [])
  return `Types here: ${names.map(qualified).join(', ')}.`
}
