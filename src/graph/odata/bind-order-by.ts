/** From the trees of an $orderby and the declaration of the rows to orders. */
import type { Order } from '../../model/list-query.ts'
import { bindPath, type Target } from './bind-path.ts'
import { areMembersText } from './bind-value.ts'
import type { QueriedRows } from './queried-rows.ts'
import { shownMembers } from './shown-values.ts'
import type { OrderTree } from './tree.ts'

const option = '$orderby'

/** Most significant first; a property that is named again says nothing new and is left out. Failure `badRequest`. */
export function bindOrderBy(trees: readonly OrderTree[], rows: QueriedRows): readonly Order[] {
  const orders = new Map<string, Order>()
  for (const { path, isDescending } of trees) {
    const target = bindPath(option, path, rows)
    const { operand } = target
    const key = JSON.stringify(operand)
    const ranks = ranksOf(target)
    if (!orders.has(key)) orders.set(key, { operand, isDescending, ...(ranks && { ranks }) })
  }
  return [...orders.values()]
}

/**
 * Members stand by the number of what the face shows for them, or by its text where the face knows them as text only, so that
 * those shown alike stand together (graph G3).
 */
function ranksOf(target: Target): Order['ranks'] {
  const { shape } = target
  if (shape.kind !== 'member') return undefined
  const members = shownMembers(shape.of, target)
  const inOrderOfText = [...new Set(members.map(({ shown }) => shown))].sort()
  const rank = (shown: string) =>
    areMembersText(target) ? inOrderOfText.indexOf(shown) : (shape.of.members[shown] ?? 0)
  return Object.fromEntries(members.map(({ stored, shown }) => [stored, rank(shown)]))
}
