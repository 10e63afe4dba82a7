/** From a property and the values beside it to a predicate. Nulls compare as OData says (model/list-query.ts). */
import type { Comparable, Comparison, Operand, Predicate } from '../../model/list-query.ts'
import type { Target } from './bind-path.ts'
import { areMembersText, boundValue } from './bind-value.ts'
import { refused } from './refusal.ts'
import { type ShownValue, shownValues } from './shown-values.ts'
import type { Literal } from './tree.ts'
import type { OutOfRange } from './whole-number.ts'

export const always: Predicate = { kind: 'constant', value: true }
export const isNever: Predicate = { kind: 'constant', value: false }

export function bindComparison(
  target: Target,
  comparison: Comparison,
  literal: Literal,
): Predicate {
  const { operand } = target
  if (literal.kind === 'null') return compareWithNull(operand, comparison)
  const shown = shownValues(target)
  if (shown) checkOrdered(target, comparison)
  const bound = boundValue(target, literal)
  if (typeof bound === 'string') return compareOutOfRange(operand, comparison, bound)
  const { value } = bound
  return shown
    ? compareShown(operand, comparison, value, shown)
    : { kind: 'compare', operand, comparison, value }
}

/** Equal to one of the literals. */
export function bindList(target: Target, literals: readonly Literal[]): Predicate {
  const shown = shownValues(target)
  const values = literals.flatMap((literal): readonly Comparable[] => {
    if (literal.kind === 'null') return [null]
    const bound = boundValue(target, literal)
    if (typeof bound === 'string') return []
    return shown ? storedWhere(shown, (one) => one === bound.value) : [bound.value]
  })
  return oneOf(target.operand, [...new Set(values)])
}

export function oneOf(operand: Operand, values: readonly Comparable[]): Predicate {
  const [first] = values
  if (first === undefined) return isNever
  if (values.length === 1) return { kind: 'compare', operand, comparison: 'eq', value: first }
  return { kind: 'in', operand, values }
}

export function not(of: Predicate): Predicate {
  return { kind: 'not', of }
}

export function isNull(operand: Operand): Predicate {
  return { kind: 'compare', operand, comparison: 'eq', value: null }
}

export function isGiven(operand: Operand): Predicate {
  return { kind: 'compare', operand, comparison: 'ne', value: null }
}

/** The stored values whose shown value meets a condition. */
export function storedWhere(
  shown: readonly ShownValue[],
  isMet: (shown: string | boolean) => boolean,
): readonly (string | boolean)[] {
  return shown.filter((one) => isMet(one.shown)).map(({ stored }) => stored)
}

/** Null equals itself, so it is also greater than or equal to itself; it is neither greater nor less than anything (OData 4). */
function compareWithNull(operand: Operand, comparison: Comparison): Predicate {
  if (comparison === 'ne') return isGiven(operand)
  return comparison === 'gt' || comparison === 'lt' ? isNever : isNull(operand)
}

/** Against a number that lies beyond all that can be stored, or equals none. */
function compareOutOfRange(operand: Operand, comparison: Comparison, place: OutOfRange): Predicate {
  if (comparison === 'ne') return always
  if (comparison === 'eq' || place === 'neverEqual') return isNever
  const isLess = comparison === 'lt' || comparison === 'le'
  return isLess === (place === 'above') ? isGiven(operand) : isNever
}

function compareShown(
  operand: Operand,
  comparison: Comparison,
  value: string | number | boolean,
  shown: readonly ShownValue[],
): Predicate {
  // A row of another type has null here, which is unequal to everything.
  if (comparison === 'ne')
    return not(
      oneOf(
        operand,
        storedWhere(shown, (one) => one === value),
      ),
    )
  return oneOf(
    operand,
    storedWhere(shown, (one) => holds[comparison](one, value)),
  )
}

type Value = string | number | boolean

/** Members are ASCII, so that JavaScript's order of texts is that of their bytes (graph H9). */
const holds: Readonly<Record<Exclude<Comparison, 'ne'>, (left: Value, right: Value) => boolean>> = {
  eq: (left, right) => left === right,
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
}

function checkOrdered(target: Target, comparison: Comparison): void {
  const hasOrder = target.shape.kind !== 'member' || areMembersText(target)
  if (hasOrder || comparison === 'eq' || comparison === 'ne') return
  throw refused(
    target.option,
    `The property '${target.wire}' is an enum: ${target.option} takes eq, ne and in for it, not ${comparison}.`,
  )
}
