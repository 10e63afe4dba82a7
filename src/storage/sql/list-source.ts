/** What a list is made of: which rows there are, and which of their properties it can be filtered and ordered by. */
import { Failure } from '../../model/failure.ts'
import type { Operand } from '../../model/list-query.ts'
import type { Parameters } from './parameters.ts'

export interface ListSource {
  readonly from: string
  /** Which rows belong to the list; `$1`, `$2`, … are the values that come with each query. */
  readonly where: string
  readonly key: ListKey
  /** The column that holds the kind of a row, where there are kinds. */
  readonly kindColumn?: string
  /** By declared name; a property that is not among them cannot be filtered or ordered by. */
  readonly operands: ReadonlyMap<string, OperandSql>
}

/** What ends every order, and is unlike for any two rows of the list. */
export interface ListKey {
  readonly sql: string
  readonly form: 'guid' | 'text' | 'number'
  /** The declared name under which a caller knows it, if any. */
  readonly property?: string
}

/** A value of a row as SQL, and how it is kept: text byte by byte (graph H9), flags as 0 and 1. */
export interface OperandSql {
  readonly sql: string
  readonly kind: 'text' | 'integer' | 'flag'
  readonly isNullable: boolean
  /** It is looked up anew wherever it stands, so it stands once in each term, and in few of them. */
  readonly isLookedUp?: true
}

export function operandSql(
  source: ListSource,
  { property, ofKinds }: Operand,
  parameters: Parameters,
): OperandSql {
  const operand = source.operands.get(property)
  if (!operand) throw notComparable(property)
  if (!ofKinds) return operand
  if (!source.kindColumn) throw notComparable(property)
  const kinds = ofKinds.map((kind) => parameters.add(kind)).join(', ')
  if (kinds === '') throw notComparable(property)
  return {
    sql: `case when ${source.kindColumn} in (${kinds}) then ${operand.sql} end`,
    kind: operand.kind,
    isNullable: true,
  }
}

/** Whoever binds a query to a declaration refuses these before. */
function notComparable(property: string): Failure {
  return new Failure(
    'internal',
    `A list was asked to be filtered or ordered by "${property}", which its rows cannot be compared by. This is a defect of Pomona; please report it.`,
  )
}
