/**
 * From the text of $filter and $orderby to trees; knows no entity. Words are read in any case, blanks stand freely.
 *
 *   filter     = or
 *   or         = and { "or" and }
 *   and        = not { "and" not }
 *   not        = "not" not | comparison
 *   comparison = operand [ compare operand | "in" "(" [ value { "," value } ] ")" ]
 *   compare    = "eq" | "ne" | "gt" | "ge" | "lt" | "le"
 *   operand    = "(" or ")" | value | call | path
 *   call       = name "(" [ operand { "," operand } ] ")"
 *   path       = name { "/" name }          (a name with dots is a cast to a type)
 *   value      = "null" | "true" | "false" | number | text | guid | date | dateTimeOffset | duration | member
 *   number     = ["-"] digits [ "." digits ] [ "e" ["+" | "-"] digits ] | ["-"] "INF" | "NaN"
 *   text       = "'" { any but "'" | "''" } "'"
 *   duration   = "duration" text
 *   member     = qualified name text
 *
 *   orderBy    = path [ "asc" | "desc" ] { "," path [ "asc" | "desc" ] }
 */
import type { Comparison } from '../../model/list-query.ts'
import { type Mark, readTokens, type Token } from './lexer.ts'
import { maxCalls, maxDepth, maxListItems, maxOrderTerms, maxTerms } from './limits.ts'
import { checkLength, clipped, type Option, refused } from './refusal.ts'
import type { FilterTree, Literal, OrderTree, PathTree } from './tree.ts'

interface Reading {
  readonly option: Option
  readonly text: string
  readonly tokens: readonly Token[]
  place: number
  depth: number
  terms: number
  callsLeft: number
}

/**
 * Failure `badRequest` for what the grammar does not know and for what is beyond a limit. `mostCalls`: fewer where requests
 * share what one may cost.
 */
export function parseFilter(text: string, mostCalls = maxCalls): FilterTree {
  const reading = { ...begin('$filter', text), callsLeft: mostCalls }
  const tree = readOr(reading)
  expectEnd(reading, 'and, or, or a comparison')
  return tree
}

/** Most significant first. Failure `badRequest` as for `parseFilter`. */
export function parseOrderBy(text: string): readonly OrderTree[] {
  const reading = begin('$orderby', text)
  const trees: OrderTree[] = []
  do {
    const path = readPath(reading)
    const isDescending = takeWord(reading, 'desc')
    if (!isDescending) takeWord(reading, 'asc')
    trees.push({ path, isDescending })
    if (trees.length > maxOrderTerms) throw tooMuch(reading, `${maxOrderTerms} properties`)
  } while (takeMark(reading, ','))
  expectEnd(reading, 'asc, desc or a comma')
  return trees
}

function begin(option: Option, text: string): Reading {
  checkLength(option, text)
  return {
    option,
    text,
    tokens: readTokens(option, text),
    place: 0,
    depth: 0,
    terms: 0,
    callsLeft: 0,
  }
}

function readOr(reading: Reading): FilterTree {
  return readChain(reading, 'or', (inner) => readChain(inner, 'and', readNot))
}

function readChain(
  reading: Reading,
  kind: 'and' | 'or',
  readLink: (reading: Reading) => FilterTree,
): FilterTree {
  const first = readLink(reading)
  const links = [first]
  while (takeWord(reading, kind)) links.push(readLink(reading))
  return links.length === 1 ? first : { kind, of: links }
}

function readNot(reading: Reading): FilterTree {
  if (!takeWord(reading, 'not')) return readComparison(reading)
  return { kind: 'not', of: deeper(reading, readNot) }
}

const comparisons = new Set<string>([
  'eq',
  'ne',
  'gt',
  'ge',
  'lt',
  'le',
] satisfies readonly Comparison[])

function readComparison(reading: Reading): FilterTree {
  const left = readOperand(reading)
  if (takeWord(reading, 'in')) return { kind: 'in', operand: left, items: readItems(reading) }
  const token = current(reading)
  const word = token.kind === 'word' ? token.text.toLowerCase() : ''
  if (!comparisons.has(word)) return left
  reading.place += 1
  const comparison = word as Comparison
  return { kind: 'compare', comparison, left, right: readOperand(reading) }
}

function readItems(reading: Reading): readonly Literal[] {
  expectMark(reading, '(')
  const items: Literal[] = []
  if (takeMark(reading, ')')) return items
  do {
    const token = current(reading)
    if (token.kind !== 'literal') throw unexpected(reading, 'a value')
    items.push(token.literal)
    if (items.length > maxListItems) throw tooMuch(reading, `${maxListItems} values in one list`)
    reading.place += 1
  } while (takeMark(reading, ','))
  expectMark(reading, ')')
  return items
}

function readOperand(reading: Reading): FilterTree {
  const token = current(reading)
  if (token.kind === 'literal') {
    reading.place += 1
    return { kind: 'literal', literal: token.literal }
  }
  if (takeMark(reading, '(')) {
    const inner = deeper(reading, readOr)
    expectMark(reading, ')')
    return inner
  }
  const path = readPath(reading)
  return takeMark(reading, '(') ? readCall(reading, path) : path
}

function readCall(reading: Reading, { segments: [name = '', ...more] }: PathTree): FilterTree {
  if (more.length > 0)
    throw refused(
      reading.option,
      `The ${reading.option} cannot ask about the items of a collection. Leave out '${clipped(more.join('/'))}(…)'.`,
    )
  reading.callsLeft -= 1
  if (reading.callsLeft < 0) throw tooMuch(reading, `${maxCalls} calls, and fewer in a batch`)
  const of: FilterTree[] = []
  if (!takeMark(reading, ')')) {
    do of.push(deeper(reading, readOperand))
    while (takeMark(reading, ','))
    expectMark(reading, ')')
  }
  return { kind: 'call', name: name.toLowerCase(), of }
}

function readPath(reading: Reading): PathTree {
  reading.terms += 1
  if (reading.terms > maxTerms) throw tooMuch(reading, `${maxTerms} properties and calls`)
  const segments: string[] = []
  do {
    const token = current(reading)
    if (token.kind !== 'word') throw unexpected(reading, 'a property')
    segments.push(token.text)
    reading.place += 1
  } while (takeMark(reading, '/'))
  return { kind: 'path', segments }
}

function deeper(reading: Reading, read: (reading: Reading) => FilterTree): FilterTree {
  reading.depth += 1
  if (reading.depth > maxDepth)
    throw tooMuch(reading, `${maxDepth} parentheses, calls and "not" inside one another`)
  const tree = read(reading)
  reading.depth -= 1
  return tree
}

function current(reading: Reading): Token {
  return reading.tokens[reading.place] ?? { kind: 'end', at: reading.text.length }
}

function takeWord(reading: Reading, word: string): boolean {
  const token = current(reading)
  if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false
  reading.place += 1
  return true
}

function takeMark(reading: Reading, mark: Mark): boolean {
  const token = current(reading)
  if (token.kind !== 'mark' || token.text !== mark) return false
  reading.place += 1
  return true
}

function expectMark(reading: Reading, mark: Mark): void {
  if (!takeMark(reading, mark)) throw unexpected(reading, `'${mark}'`)
}

function expectEnd(reading: Reading, alternatives: string): void {
  if (current(reading).kind !== 'end') throw unexpected(reading, `its end, ${alternatives}`)
}

function unexpected(reading: Reading, wanted: string) {
  const { kind, at } = current(reading)
  const rest = clipped(reading.text.slice(at, at + 20))
  const found = kind === 'end' ? 'it ends there' : `'${rest}' stands there`
  return refused(
    reading.option,
    `The ${reading.option} cannot be read at character ${at + 1}: ${found} instead of ${wanted}.`,
  )
}

function tooMuch({ option }: Reading, limit: string) {
  return refused(option, `The ${option} is too large: at most ${limit} are taken. Ask for less.`)
}
