/** A value of Pomona's own as SQL, for what is the same in every row. */
import type { Dialect } from './dialect.ts'
import type { OperandSql } from './list-source.ts'

/** With its type said, which no column says here. Never for a value that came from outside. */
export function literalOperand(
  kind: OperandSql['kind'],
  value: string | number | boolean | null,
  dialect: Dialect,
): OperandSql {
  const isNullable = value === null
  if (kind !== 'text') {
    const number = value === null ? 'null' : String(Number(value))
    return { sql: `cast(${number} as bigint)`, kind, isNullable }
  }
  const text = value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`
  return { sql: dialect.bytewise(`cast(${text} as text)`), kind, isNullable }
}
