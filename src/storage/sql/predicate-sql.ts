/** A predicate as SQL, true, false or unknown for each row exactly as model/list-query.ts says. */
import { Failure } from '../../model/failure.ts'
import type { Comparable, Comparison, Predicate } from '../../model/list-query.ts'
import { storedValue, valueSql } from './comparable-value.ts'
import type { SqlValue } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { type ListSource, type OperandSql, operandSql } from './list-source.ts'
import type { Parameters } from './parameters.ts'

export interface Compilation {
  readonly source: ListSource
  readonly parameters: Parameters
  readonly dialect: Dialect
}

/** Terms of a filter that may ask for what has to be looked up for every row. */
const mostLookUps = 3

/** A whole filter. Failure `badRequest` when it would look up more for each row than one request may cost. */
export function filterSql(filter: Predicate, into: Compilation): string {
  requireAffordable(filter, into.source)
  return predicateSql(filter, into)
}

function requireAffordable(predicate: Predicate, source: ListSource): void {
  if (lookUpsIn(predicate, source) <= mostLookUps) return
  const names = [...source.operands].flatMap(([name, { isLookedUp }]) => (isLookedUp ? [name] : []))
  throw new Failure(
    'badRequest',
    `The filter asks more than ${mostLookUps} times for ${names.join(', ')}, which has to be looked up for each row. Ask for it with "in", or in several requests.`,
    { property: '$filter' },
  )
}

function lookUpsIn(predicate: Predicate, source: ListSource): number {
  switch (predicate.kind) {
    case 'constant':
    case 'search':
      return 0
    case 'and':
    case 'or':
      return predicate.of.reduce((sum, one) => sum + lookUpsIn(one, source), 0)
    case 'not':
      return lookUpsIn(predicate.of, source)
    default:
      return source.operands.get(predicate.operand.property)?.isLookedUp ? 1 : 0
  }
}

export function predicateSql(predicate: Predicate, into: Compilation): string {
  switch (predicate.kind) {
    case 'constant':
      return String(predicate.value)
    case 'and':
    case 'or':
      return joined(predicate.kind, predicate.of, into)
    case 'not':
      return `not ${predicateSql(predicate.of, into)}`
    // What can never be met takes no value in: a value without a place in the text is refused by the databases.
    case 'compare': {
      if (isNeverMet(predicate.comparison, predicate.value)) return 'false'
      const operand = operandSql(into.source, predicate.operand, into.parameters)
      return compareSql(operand, predicate.comparison, predicate.value, into)
    }
    case 'in': {
      if (predicate.values.length === 0) return 'false'
      const operand = operandSql(into.source, predicate.operand, into.parameters)
      return inSql(operand, predicate.values, into)
    }
    case 'match': {
      const { sql } = operandSql(into.source, predicate.operand, into.parameters)
      return matchSql(sql, predicate.match, predicate.text, into)
    }
    case 'search':
      return searchSql(predicate.properties, predicate.text, into)
  }
}

function joined(word: 'and' | 'or', of: readonly Predicate[], into: Compilation): string {
  if (of.length === 0) return String(word === 'and')
  return `(${of.map((one) => predicateSql(one, into)).join(` ${word} `)})`
}

/** Nothing is greater or less than null. */
function isNeverMet(comparison: Comparison, value: Comparable): boolean {
  return value === null && (comparison === 'gt' || comparison === 'lt')
}

const signs = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

function compareSql(
  { sql, kind, isNullable, isLookedUp }: OperandSql,
  comparison: Comparison,
  value: Comparable,
  { parameters }: Compilation,
): string {
  if (value === null) return `(${sql} is ${comparison === 'ne' ? 'not ' : ''}null)`
  const compared = `${sql} ${signs[comparison]} ${valueSql(kind, value, parameters)}`
  if (!isNullable) return `(${compared})`
  if (isLookedUp) return `coalesce(${compared}, ${comparison === 'ne'})`
  // SQL leaves a comparison with null unknown; here it is an answer.
  return comparison === 'ne'
    ? `(${sql} is null or ${compared})`
    : `(${sql} is not null and ${compared})`
}

function inSql(
  { sql, kind, isNullable, isLookedUp }: OperandSql,
  values: readonly Comparable[],
  into: Compilation,
): string {
  const stored = values
    // Only whole numbers are stored, so no other equals one.
    .filter((value) => value !== null && (typeof value !== 'number' || Number.isSafeInteger(value)))
    .map((value) => storedValue(kind, value as Exclude<Comparable, null>))
  if (stored.length === 0) return `(${sql} is null${values.includes(null) ? '' : ' and false'})`
  const isIn = `${sql} in (${setSql(kind, stored, into)})`
  if (isLookedUp) return `coalesce(${isIn}, ${values.includes(null)})`
  if (values.includes(null)) return `(${sql} is null or ${isIn})`
  return isNullable ? `(${sql} is not null and ${isIn})` : `(${isIn})`
}

/** Above this many, values travel as one; up to it, the statements differ by powers of two, so that they stay few. */
const mostPlaceholders = 16

function setSql(
  kind: OperandSql['kind'],
  stored: readonly SqlValue[],
  { parameters, dialect }: Compilation,
): string {
  if (stored.length > mostPlaceholders) {
    const many = parameters.add(JSON.stringify(stored.map((value) => [value])))
    const type = kind === 'text' ? 'text' : 'integer'
    return `select given.value from ${dialect.rowsFromJson(many, [{ name: 'value', type }])} as given`
  }
  const size = 2 ** Math.ceil(Math.log2(stored.length))
  const padding = Array.from({ length: size - stored.length }, () => stored[0] ?? null)
  return [...stored, ...padding].map((value) => parameters.add(value)).join(', ')
}

function matchSql(
  sql: string,
  match: 'startsWith' | 'endsWith' | 'contains',
  text: string,
  { parameters, dialect }: Compilation,
): string {
  const part = `cast(${parameters.add(storedValue('text', text))} as text)`
  switch (match) {
    case 'contains':
      return `(${dialect.holds(sql, part)})`
    case 'startsWith':
      return `(substr(${sql}, 1, length(${part})) = ${part})`
    case 'endsWith':
      // Of a shorter text some other end or all of it is taken; neither is as long as the part.
      return `(substr(${sql}, length(${sql}) - length(${part}) + 1) = ${part})`
  }
}

/** Both databases change the capitals of ASCII only: text is in the order of bytes, which knows no others. */
function searchSql(properties: readonly string[], text: string, into: Compilation): string {
  if (properties.length === 0) return 'false'
  const small = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const part = `cast(${into.parameters.add(storedValue('text', small))} as text)`
  const places = properties.map((property) => {
    const { sql } = operandSql(into.source, { property }, into.parameters)
    return `coalesce(${into.dialect.holds(`lower(${sql})`, part)}, false)`
  })
  return `(${places.join(' or ')})`
}
