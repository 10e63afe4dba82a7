/** The order of a list as SQL, and which rows follow a given one in it. */
import type { Comparable, Order } from '../../model/list-query.ts'
import { valueSql } from './comparable-value.ts'
import type { Position } from './list-position.ts'
import { type ListKey, type ListSource, type OperandSql, operandSql } from './list-source.ts'
import type { Parameters } from './parameters.ts'

/** What an order comes down to: the orders that stand before the key, and the direction of the key itself. */
export interface RowOrder {
  readonly orders: readonly Order[]
  readonly isKeyDescending: boolean
}

/** The key is unlike for any two rows, so what stands behind it decides nothing. */
export function rowOrder({ property }: ListKey, orderBy: readonly Order[] = []): RowOrder {
  const place = orderBy.findIndex(
    ({ operand, ranks }) => operand.property === property && !operand.ofKinds && !ranks,
  )
  if (place < 0) return { orders: orderBy, isKeyDescending: false }
  return {
    orders: orderBy.slice(0, place),
    isKeyDescending: orderBy[place]?.isDescending ?? false,
  }
}

export interface OrderSql {
  /** For `order by`. */
  readonly by: string
  /** Meets the rows that stand behind the position. */
  after(position: Position): string
}

export function orderSql(
  source: ListSource,
  { orders, isKeyDescending }: RowOrder,
  parameters: Parameters,
): OrderSql {
  const terms = orders.map((order) => termOf(source, order, parameters))
  const key: Term = { ...keyTerm(source.key), isDescending: isKeyDescending }
  return {
    by: [...terms, key].map(byText).join(', '),
    after: ({ values, key: keyValue }) => {
      // From the last to the first: behind it by this term, or equal in this term and behind it by the rest.
      let behind = afterText(key, keyValue, parameters)
      for (let index = terms.length - 1; index >= 0; index -= 1) {
        const term = terms[index]
        const value = values[index]
        if (term === undefined || value === undefined) continue
        behind = `(${afterText(term, value, parameters)} or (${sameText(term, value, parameters)} and ${behind}))`
      }
      return behind
    },
  }
}

interface Term extends OperandSql {
  readonly isDescending: boolean
}

function termOf(
  source: ListSource,
  { operand, isDescending, ranks }: Order,
  parameters: Parameters,
): Term {
  const term = operandSql(source, operand, parameters)
  if (!ranks) return { ...term, isDescending }
  const cases = Object.entries(ranks).map(
    ([member, rank]) => `when ${parameters.add(member)} then ${Math.trunc(rank)}`,
  )
  return {
    // The last arm gives the type where no member has a rank.
    sql: `case ${term.sql} ${cases.join(' ')} ${cases.length === 0 ? 'when null then 0 ' : ''}end`,
    kind: 'integer',
    isNullable: true,
    isDescending,
  }
}

function keyTerm({ sql, form }: ListKey): OperandSql {
  return { sql, kind: form === 'number' ? 'integer' : 'text', isNullable: false }
}

/** Said only where null can be: without it an index serves the order on every database. */
function byText({ sql, isDescending, isNullable }: Term): string {
  const nulls = isDescending ? ' nulls last' : ' nulls first'
  return `${sql}${isDescending ? ' desc' : ''}${isNullable ? nulls : ''}`
}

function afterText(
  { sql, kind, isDescending, isNullable }: Term,
  value: Comparable,
  parameters: Parameters,
): string {
  if (value === null) return isDescending ? 'false' : `${sql} is not null`
  const beyond = `${sql} ${isDescending ? '<' : '>'} ${valueSql(kind, value, parameters)}`
  return isDescending && isNullable ? `(${beyond} or ${sql} is null)` : beyond
}

function sameText({ sql, kind }: Term, value: Comparable, parameters: Parameters): string {
  return value === null ? `${sql} is null` : `${sql} = ${valueSql(kind, value, parameters)}`
}
