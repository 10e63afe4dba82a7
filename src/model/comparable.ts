/** From a record's value to what is compared, filtered and ordered by (model/list-query.ts). */
import type { DateTimeOffset } from './date-time-offset.ts'
import type { Comparable, Operand, Order } from './list-query.ts'

/** The value that an operand has in a record; `kind` is the record's own kind, for operands of some kinds only. */
export function operandValue(
  record: Readonly<Record<string, unknown>>,
  { property, ofKinds }: Operand,
  kind?: string,
): Comparable {
  if (ofKinds && !(kind !== undefined && ofKinds.includes(kind))) return null
  const value = record[property]
  return isDate(value) ? value.instant : ((value ?? null) as Comparable)
}

/** The value that an order compares: the rank of a member, else the operand's own value. */
export function orderValue(
  record: Readonly<Record<string, unknown>>,
  { operand, ranks }: Order,
  kind?: string,
): Comparable {
  const value = operandValue(record, operand, kind)
  return ranks && typeof value === 'string' ? (ranks[value] ?? null) : value
}

function isDate(value: unknown): value is DateTimeOffset {
  return typeof value === 'object' && value !== null && 'instant' in value
}
