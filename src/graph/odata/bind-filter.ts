/** From the tree of a $filter and the declaration of the rows to a predicate; knows no SQL. */
import type { Comparison, Predicate } from '../../model/list-query.ts'
import { bindCall, bindCallComparison } from './bind-call.ts'
import { bindComparison, bindList } from './bind-comparison.ts'
import { bindPath } from './bind-path.ts'
import type { QueriedRows } from './queried-rows.ts'
import { clipped, refused } from './refusal.ts'
import type { FilterTree, Literal } from './tree.ts'

const option = '$filter'

/**
 * Names and values are those of the asked face (graph G3), the predicate's are the declared and stored ones. Failure
 * `badRequest` for what the face does not have and for what cannot be compared.
 */
export function bindFilter(tree: FilterTree, rows: QueriedRows): Predicate {
  switch (tree.kind) {
    case 'and':
    case 'or':
      return { kind: tree.kind, of: tree.of.map((part) => bindFilter(part, rows)) }
    case 'not':
      return { kind: 'not', of: bindFilter(tree.of, rows) }
    case 'call':
      return bindCall(tree, rows)
    case 'path':
      return bindFlag(tree, rows)
    case 'literal':
      return bindConstant(tree.literal)
    case 'in':
      if (tree.operand.kind !== 'path')
        throw refused(option, 'The operator in of $filter takes a property on its left side.')
      return bindList(bindPath(option, tree.operand, rows), tree.items)
    case 'compare':
      return bindSides(tree.comparison, tree.left, tree.right, rows)
  }
}

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
}

function bindSides(
  comparison: Comparison,
  left: FilterTree,
  right: FilterTree,
  rows: QueriedRows,
): Predicate {
  if (left.kind === 'literal' && right.kind !== 'literal')
    return bindSides(mirrored[comparison], right, left, rows)
  if (right.kind === 'literal') {
    if (left.kind === 'path')
      return bindComparison(bindPath(option, left, rows), comparison, right.literal)
    if (left.kind === 'call' && (comparison === 'eq' || comparison === 'ne'))
      return bindCallComparison(left, comparison === 'eq', right.literal, rows)
  }
  throw refused(
    option,
    `The comparison ${comparison} of $filter takes a property on one side and a value on the other. Two properties, two values or parts in parentheses cannot be compared.`,
  )
}

/** A property that stands alone is a condition when it is true or false; where a cast makes it null it counts as false. */
function bindFlag(tree: Extract<FilterTree, { kind: 'path' }>, rows: QueriedRows): Predicate {
  const target = bindPath(option, tree, rows)
  if (target.shape.kind === 'flag')
    return { kind: 'compare', operand: target.operand, comparison: 'eq', value: true }
  throw refused(
    option,
    `The property '${target.wire}' stands alone in $filter and is not a Boolean. Compare it with a value.`,
  )
}

function bindConstant({ kind, text }: Literal): Predicate {
  if (kind === 'boolean') return { kind: 'constant', value: text.toLowerCase() === 'true' }
  throw refused(
    option,
    `The value '${clipped(text)}' stands alone in $filter. Compare a property with it.`,
  )
}
