/**
 * What a $filter and an $orderby mean over rows as a face shows them in JSON (OData 4.01, graph G3): the word against which the
 * binding to declared names and stored values is held. Types are not declared here: the literal says what is compared.
 */

import type { FilterTree, Literal, OrderTree, PathTree } from '../../src/graph/odata/tree.ts'
import { parseDateTimeOffset } from '../../src/model/date-time-offset.ts'
import type { Comparable } from '../../src/model/list-query.ts'
import { all, compares, matches, not, placedOrNull, type Truth } from './evaluate.ts'

export interface ShownRow {
  /** By wire name in lower case. */
  readonly members: ReadonlyMap<string, unknown>
  /** The unqualified names of the type that the row shows as, and of those it is derived from. */
  readonly types: readonly string[]
  /** Wire names in lower case whose text is the same in small and capital letters. */
  readonly guids: ReadonlySet<string>
  /** The numbers of an enum's members, by wire name in lower case; $orderby goes by them. */
  readonly numbers: ReadonlyMap<string, Readonly<Record<string, number>>>
}

export function truthOfShown(tree: FilterTree, row: ShownRow): Truth {
  switch (tree.kind) {
    case 'and':
      return all(tree.of.map((part) => truthOfShown(part, row)))
    case 'or':
      return not(all(tree.of.map((part) => not(truthOfShown(part, row)))))
    case 'not':
      return not(truthOfShown(tree.of, row))
    case 'literal':
      return tree.literal.text.toLowerCase() === 'true'
    case 'path':
      return valueIn(tree, row) === true
    case 'call':
      return callOf(tree, row)
    case 'compare': {
      const [left, right] = [sideOf(tree.left, row), sideOf(tree.right, row)]
      return compares(left, tree.comparison, right)
    }
    case 'in': {
      const value = sideOf(tree.operand, row)
      return tree.items.some((item) => compares(value, 'eq', literalOf(item)))
    }
  }
}

export function compareShown(orderBy: readonly OrderTree[]) {
  return (a: ShownRow, b: ShownRow): number => {
    for (const { path, isDescending } of orderBy) {
      const place = placedOrNull(placeOf(path, a), placeOf(path, b))
      if (place !== 0) return isDescending ? -place : place
    }
    return 0
  }
}

function placeOf(path: PathTree, row: ShownRow): Comparable {
  const value = valueIn(path, row)
  const numbers = row.numbers.get(path.segments.at(-1)?.toLowerCase() ?? '')
  return numbers && value !== null ? (numbers[String(value)] ?? null) : value
}

function sideOf(tree: FilterTree, row: ShownRow): Comparable {
  if (tree.kind === 'literal') return literalOf(tree.literal)
  return tree.kind === 'call' ? (callOf(tree, row) ?? null) : valueIn(tree, row)
}

function valueIn(tree: FilterTree, row: ShownRow): Comparable {
  if (tree.kind !== 'path') throw new Error(`No value stands in ${tree.kind}.`)
  const [name = '', cast] = tree.segments.toReversed()
  if (cast !== undefined && !isOfType(row, cast)) return null
  const value = row.members.get(name.toLowerCase()) ?? null
  const date = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
  return date ? (parseDateTimeOffset(String(value))?.instant ?? null) : (value as Comparable)
}

function callOf(tree: FilterTree, row: ShownRow): Truth {
  if (tree.kind !== 'call') throw new Error(`No call stands in ${tree.kind}.`)
  const [first, second] = tree.of
  if (first === undefined) throw new Error('A call has no parameter.')
  if (tree.name === 'isof')
    return isOfType(row, first.kind === 'path' ? first.segments.join('/') : textOf(first))
  const isGuid = first.kind === 'path' && row.guids.has(first.segments.at(-1)?.toLowerCase() ?? '')
  const part = second ? textOf(second) : ''
  const match = { startswith: 'startsWith', endswith: 'endsWith', contains: 'contains' }[tree.name]
  return matches(valueIn(first, row), match ?? tree.name, isGuid ? part.toLowerCase() : part)
}

function isOfType({ types }: ShownRow, qualified: string): boolean {
  const wanted = qualified.split('.').at(-1)?.toLowerCase()
  return types.some((type) => type.toLowerCase() === wanted)
}

function textOf(tree: FilterTree): string {
  return tree.kind === 'literal' ? tree.literal.text : ''
}

function literalOf({ kind, text }: Literal): Comparable {
  switch (kind) {
    case 'null':
      return null
    case 'boolean':
      return text.toLowerCase() === 'true'
    case 'number':
      return Number(text.replace(/inf/i, 'Infinity').replace(/nan/i, 'NaN'))
    case 'dateTimeOffset':
      return parseDateTimeOffset(text)?.instant ?? null
    case 'guid':
      return text.toLowerCase()
    default:
      return text
  }
}
