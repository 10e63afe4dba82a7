/**
 * What a predicate and an order mean (model/list-query.ts), worked out over plain records: the word against which the databases
 * are held. Knows nothing of SQL.
 */
import { operandValue, orderValue } from '../../src/model/comparable.ts'
import type { Comparable, Comparison, Order, Predicate } from '../../src/model/list-query.ts'

export interface PlainRow {
  readonly record: Readonly<Record<string, unknown>>
  /** What the row is, where a list holds several kinds. */
  readonly kind?: string
}

/** Undefined = unknown. */
export type Truth = boolean | undefined

export function meets(predicate: Predicate, row: PlainRow): boolean {
  return truthOf(predicate, row) === true
}

function truthOf(predicate: Predicate, row: PlainRow): Truth {
  const valueAt = (operand: Parameters<typeof operandValue>[1]) =>
    operandValue(row.record, operand, row.kind)
  switch (predicate.kind) {
    case 'constant':
      return predicate.value
    case 'and':
      return all(predicate.of.map((part) => truthOf(part, row)))
    case 'or':
      return not(all(predicate.of.map((part) => not(truthOf(part, row)))))
    case 'not':
      return not(truthOf(predicate.of, row))
    case 'compare':
      return compares(valueAt(predicate.operand), predicate.comparison, predicate.value)
    case 'in':
      return predicate.values.some((value) => compares(valueAt(predicate.operand), 'eq', value))
    case 'match':
      return matches(valueAt(predicate.operand), predicate.match, predicate.text)
    case 'search':
      return predicate.properties.some(
        (property) =>
          matches(inSmall(valueAt({ property })), 'contains', inSmall(predicate.text)) === true,
      )
  }
}

export function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(undefined) ? undefined : true
}

export function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth
}

export function matches(value: Comparable, match: string, part: string): Truth {
  if (value === null) return undefined
  const text = String(value)
  if (match === 'contains') return text.includes(part)
  return match === 'startsWith' ? text.startsWith(part) : text.endsWith(part)
}

function inSmall<Value extends Comparable>(value: Value): Value | string {
  return typeof value === 'string'
    ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    : value
}

/** Never unknown: null equals null alone, and is neither less nor greater than anything. */
export function compares(left: Comparable, comparison: Comparison, right: Comparable): boolean {
  if (left === null || right === null) {
    if (comparison === 'ne') return left !== right
    return comparison !== 'gt' && comparison !== 'lt' && left === right
  }
  const place = placed(left, right)
  switch (comparison) {
    case 'eq':
      return place === 0
    case 'ne':
      return place !== 0
    case 'gt':
      return place > 0
    case 'ge':
      return place >= 0
    case 'lt':
      return place < 0
    case 'le':
      return place <= 0
  }
}

/** Below 0 when the left one is less; NaN when they have no order. Text by the bytes of its UTF-8 (graph H9). */
function placed(left: Exclude<Comparable, null>, right: Exclude<Comparable, null>): number {
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  if (Object.is(left, right)) return 0
  return Number(left) < Number(right) ? -1 : Number(left) - Number(right)
}

/** For `sort`: by the orders, then by the id. Null stands before everything, in descending order behind everything. */
export function inOrder(orderBy: readonly Order[]): (a: PlainRow, b: PlainRow) => number {
  const orders: readonly Order[] = [
    ...orderBy,
    { operand: { property: 'id' }, isDescending: false },
  ]
  return (a, b) => {
    for (const order of orders) {
      const place = placedOrNull(
        orderValue(a.record, order, a.kind),
        orderValue(b.record, order, b.kind),
      )
      if (place !== 0) return order.isDescending ? -place : place
    }
    return 0
  }
}

export function placedOrNull(left: Comparable, right: Comparable): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  return placed(left, right)
}
