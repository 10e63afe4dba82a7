/** What a list is asked for, answered over plain records and in plain words: the measure of every database. */
import { operandValue, orderValue } from '../../src/model/comparable.ts'
import type { Comparable, ListQuery, Order, Predicate } from '../../src/model/list-query.ts'

export interface Queried {
  readonly record: Readonly<Record<string, unknown>>
  readonly kind?: string
}

/** The rows of all pages that follow each other from the first one on; `key` is what makes every order a full one. */
export function listed<Row extends Queried>(
  rows: readonly Row[],
  { filter, orderBy = [], skip = 0 }: Omit<ListQuery, 'limit' | 'after'>,
  key: (row: Row) => string,
): readonly Row[] {
  return rows
    .filter((row) => filter === undefined || meets(row, filter) === true)
    .sort((a, b) => comparedRows(a, b, orderBy) || comparedText(key(a), key(b)))
    .slice(skip)
}

/** Undefined = unknown. */
export function meets(row: Queried, predicate: Predicate): boolean | undefined {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value
    case 'and': {
      const answers = predicate.of.map((one) => meets(row, one))
      return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true
    }
    case 'or': {
      const answers = predicate.of.map((one) => meets(row, one))
      return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false
    }
    case 'not': {
      const answer = meets(row, predicate.of)
      return answer === undefined ? undefined : !answer
    }
    case 'compare': {
      const value = operandValue(row.record, predicate.operand, row.kind)
      return compares(value, predicate.comparison, predicate.value)
    }
    case 'in': {
      const value = operandValue(row.record, predicate.operand, row.kind)
      return predicate.values.includes(value)
    }
    case 'match': {
      const value = operandValue(row.record, predicate.operand, row.kind)
      if (typeof value !== 'string') return undefined
      if (predicate.match === 'startsWith') return value.startsWith(predicate.text)
      if (predicate.match === 'endsWith') return value.endsWith(predicate.text)
      return value.includes(predicate.text)
    }
    case 'search':
      return predicate.properties.some((property) => {
        const value = operandValue(row.record, { property }, row.kind)
        return typeof value === 'string' && small(value).includes(small(predicate.text))
      })
  }
}

function compares(
  a: Comparable,
  comparison: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le',
  b: Comparable,
): boolean {
  if (comparison === 'eq') return a === b
  if (comparison === 'ne') return a !== b
  if (a === null || b === null) return comparison.endsWith('e') && a === b
  const order = comparedValues(a, b)
  if (comparison === 'gt') return order > 0
  if (comparison === 'ge') return order >= 0
  return comparison === 'lt' ? order < 0 : order <= 0
}

function comparedRows(a: Queried, b: Queried, orderBy: readonly Order[]): number {
  for (const order of orderBy) {
    const by = comparedValues(
      orderValue(a.record, order, a.kind),
      orderValue(b.record, order, b.kind),
    )
    if (by !== 0) return order.isDescending ? -by : by
  }
  return 0
}

/** Null first. */
function comparedValues(a: Comparable, b: Comparable): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  if (typeof a === 'string') return comparedText(a, String(b))
  return Number(a) - Number(b)
}

function comparedText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function small(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
