/** Values that come from a caller and are compared with what is stored. */
import { Failure } from '../../model/failure.ts'
import type { Comparable } from '../../model/list-query.ts'
import { isStorable } from '../../model/storable-text.ts'
import type { SqlValue } from './connection.ts'
import type { OperandSql } from './list-source.ts'
import type { Parameters } from './parameters.ts'

/** Whether the value is of the kind of what it is compared with. */
export function isOfKind(kind: OperandSql['kind'], value: Comparable): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'flag':
      return typeof value === 'boolean'
    case 'integer':
      return typeof value === 'number' && !Number.isNaN(value)
  }
}

/** The value as its column would hold it. */
export function storedValue(kind: OperandSql['kind'], value: Exclude<Comparable, null>): SqlValue {
  if (!isOfKind(kind, value))
    throw new Failure(
      'internal',
      `A stored ${kind} was to be compared with a ${typeof value}. This is a defect of Pomona; please report it.`,
    )
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string' && !isStorable(value))
    throw new Failure(
      'badRequest',
      'A text that rows are compared with holds the character U+0000 or half of a surrogate pair; no stored text does. Send it without.',
    )
  return value
}

/** The placeholder of a value; whole numbers are the only ones that are stored, but others can be compared with them. */
export function valueSql(
  kind: OperandSql['kind'],
  value: Exclude<Comparable, null>,
  parameters: Parameters,
): string {
  const placeholder = parameters.add(storedValue(kind, value))
  const isStoredAsIs = typeof value !== 'number' || Number.isSafeInteger(value)
  return isStoredAsIs ? placeholder : `cast(${placeholder} as double precision)`
}
