/**
 * Where a page begins, as text: the key of the row before it, and in any other order than the key's JSON of what that row is
 * ordered by and its key. A row that has been removed since still marks its place.
 */
import { Failure } from '../../model/failure.ts'
import { isGuid } from '../../model/ids.ts'
import type { Comparable } from '../../model/list-query.ts'
import { isStorable } from '../../model/storable-text.ts'
import { isOfKind } from './comparable-value.ts'
import type { ListKey, ListSource } from './list-source.ts'
import type { RowOrder } from './order-sql.ts'

export interface Position {
  /** One for each order before the key. */
  readonly values: readonly Comparable[]
  readonly key: string | number
}

export function positionText({ values, key }: Position): string {
  return values.length === 0 ? String(key) : JSON.stringify([...values, key])
}

/** Failure `badRequest` for a text that no list in this order gave. */
export function readPosition(source: ListSource, { orders }: RowOrder, text: string): Position {
  if (orders.length === 0) return { values: [], key: keyOf(source.key, text) }
  const parts = listIn(text)
  const last = parts.at(-1)
  const values = parts.slice(0, -1)
  const isOfOrder =
    values.length === orders.length &&
    orders.every(({ operand, ranks }, index) => {
      const kind = ranks ? 'integer' : source.operands.get(operand.property)?.kind
      return kind !== undefined && isOrderValue(kind, values[index])
    })
  if (!isOfOrder || (typeof last !== 'string' && typeof last !== 'number')) throw foreign()
  return { values: values as readonly Comparable[], key: keyOf(source.key, String(last)) }
}

function isOrderValue(kind: 'text' | 'integer' | 'flag', value: unknown): boolean {
  if (value === null) return true
  if (typeof value === 'string' && !isStorable(value)) return false
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return false
  return isOfKind(kind, value as Comparable)
}

function keyOf({ form }: ListKey, text: string): string | number {
  if (form === 'guid' && isGuid(text)) return text
  if (form === 'text' && isStorable(text)) return text
  const number = Number(text)
  if (form === 'number' && /^\d+$/.test(text) && Number.isSafeInteger(number)) return number
  throw foreign()
}

function listIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    // Told by the caller, as for any other text that is none.
    return []
  }
}

function foreign(): Failure {
  return new Failure(
    'badRequest',
    'The page asked for does not belong to a list in this order. Follow @odata.nextLink exactly as it was given, and repeat the same query options with it.',
  )
}
