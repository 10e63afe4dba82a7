/** Looking through a long text of every row costs a hundred times what a name costs, so a filter may do it less often (graph D19). */
import type { Predicate } from '../../model/list-query.ts'
import { longTextLength } from './limits.ts'
import type { QueriedRows } from './queried-rows.ts'
import { refused } from './refusal.ts'

/** Failure `badRequest` when the filter looks through long texts more than `most` times. */
export function requireFewLongCalls(filter: Predicate, rows: QueriedRows, most: number): void {
  const long = longProperties(rows)
  const asked = longCalls(filter, long)
  const [name] = asked
  if (name === undefined || asked.length <= most) return
  const limit = most === 0 ? 'not in a batch of so many requests' : `at most ${most} times in one`
  throw refused(
    '$filter',
    `The $filter looks through '${name}' with startswith, endswith or contains, which is long: ${limit}. Ask for it in several requests.`,
  )
}

/** The property of each call. */
function longCalls(filter: Predicate, long: ReadonlySet<string>): readonly string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.of.flatMap((part) => longCalls(part, long))
    case 'not':
      return longCalls(filter.of, long)
    case 'match':
      return long.has(filter.operand.property) ? [filter.operand.property] : []
    default:
      return []
  }
}

function longProperties({ type, derived }: QueriedRows): ReadonlySet<string> {
  const properties = [type, ...derived.values()].flatMap((one) => Object.entries(one.properties))
  return new Set(
    properties.flatMap(([name, { shape }]) =>
      shape.kind === 'text' && shape.maxLength > longTextLength ? [name] : [],
    ),
  )
}
