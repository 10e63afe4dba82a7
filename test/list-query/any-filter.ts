/** Texts of $filter, $orderby and $search that a list of these rows takes, as callers may write them. */
import fc from 'fast-check'
import type { QueriedRows } from '../../src/graph/odata/queried-rows.ts'
import type { Property } from '../../src/model/entity-type.ts'
import { faceMembers } from '../../src/model/payload/face-members.ts'
import { counts, dates, guid, largeCounts, texts } from './values.ts'

interface Path {
  /** With its cast. */
  readonly text: string
  readonly property: Property
}

type Text = fc.Arbitrary<string>

/** `depth`: how many `not`, `and`, `or` may stand inside one another. */
export function anyFilter(rows: QueriedRows, depth = 3): Text {
  const condition = anyCondition(rows)
  let filter = condition
  for (let level = 0; level < depth; level += 1) {
    const inner = filter
    const chain = (word: string) =>
      fc
        .array(inner, { minLength: 2, maxLength: 3 })
        .chain((parts) => anyCase(word).map((written) => parts.join(` ${written} `)))
    filter = fc.oneof(
      { weight: 3, arbitrary: condition },
      { weight: 2, arbitrary: chain('and') },
      { weight: 2, arbitrary: chain('or') },
      { weight: 2, arbitrary: inner.map((part) => `not ${part}`) },
      { weight: 2, arbitrary: inner.map((part) => `( ${part})`) },
    )
  }
  return filter
}

export function anyOrderBy(rows: QueriedRows): Text {
  const term = fc
    .tuple(fc.constantFrom(...pathsOf(rows)), fc.constantFrom('', ' asc', ' desc', ' DESC'))
    .map(([{ text }, direction]) => `${text}${direction}`)
  return fc.array(term, { minLength: 1, maxLength: 3 }).map((terms) => terms.join(','))
}

export const anySearch: Text = fc
  .constantFrom(...texts.filter((text) => text.trim() !== ''))
  .map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`)

/** The paths that can be compared: own properties, and those of derived types behind a cast. */
function pathsOf(rows: QueriedRows): readonly Path[] {
  const types = [rows.type, ...rows.derived.values()]
  return types.flatMap((type) =>
    faceMembers(type, rows.face)
      .inWireOrder.filter(({ property }) => isComparable(property))
      .map(({ wire, property }) => ({
        text: type === rows.type ? wire : `microsoft.graph.${type.names[rows.face]}/${wire}`,
        property,
      })),
  )
}

function isComparable({ shape, secret, isOpaque }: Property): boolean {
  return !secret && !isOpaque && !['complex', 'collection', 'binary'].includes(shape.kind)
}

function anyCondition(rows: QueriedRows): Text {
  const onPath = fc
    .constantFrom(...pathsOf(rows))
    .chain((path) => fc.oneof(...conditionsOn(path, rows)))
  const types = [rows.type, ...rows.derived.values()].map((type) => type.names[rows.face])
  const isOf = fc
    .constantFrom(...types)
    .chain((name) =>
      fc.constantFrom(
        `isof('microsoft.graph.${name}')`,
        `ISOF(graph.${name})`,
        `isof('microsoft.graph.${name}') eq false`,
      ),
    )
  return fc.oneof({ weight: 12, arbitrary: onPath }, { weight: 1, arbitrary: isOf })
}

function conditionsOn({ text, property }: Path, { face }: QueriedRows): Text[] {
  const { shape } = property
  const path = fc.constantFrom(text, text.toUpperCase(), text.toLowerCase())
  const value = literalFor(property, face)
  const isEnum = shape.kind === 'member' && face !== 'old'
  const comparison = fc
    .constantFrom(...(isEnum ? ['eq', 'ne'] : ['eq', 'ne', 'gt', 'ge', 'lt', 'le']))
    .chain(anyCase)
  const valueOrNull = fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 1, arbitrary: anyCase('null') },
  )
  const conditions: Text[] = [
    joined(path, comparison, valueOrNull),
    joined(valueOrNull, comparison, path),
    joined(
      path,
      anyCase('in'),
      fc.array(valueOrNull, { maxLength: 4 }).map((values) => `(${values.join(' ,')})`),
    ),
  ]
  if (shape.kind === 'flag') conditions.push(path)
  const isText = ['text', 'guid'].includes(shape.kind) || (shape.kind === 'member' && !isEnum)
  if (isText) {
    const call = fc
      .tuple(
        fc.constantFrom('startswith', 'endswith', 'contains', 'StartsWith', 'CONTAINS'),
        path,
        fc.oneof(value, fc.constantFrom("'0'", "'000'", "'li'", "'a'", "''")),
      )
      .filter(([, , part]) => part.startsWith("'"))
      .map(([name, looked, part]) => `${name}(${looked},${part})`)
    const outcome = fc.constantFrom('true', 'false', 'null')
    conditions.push(call, joined(call, fc.constantFrom('eq', 'ne'), outcome))
  }
  return conditions
}

function literalFor({ shape, shownAs }: Property, face: QueriedRows['face']): Text {
  switch (shape.kind) {
    case 'guid':
      return fc
        .nat(150)
        .map(guid)
        .chain((id) => fc.constantFrom(`'${id}'`, id, id.toUpperCase()))
    case 'flag':
      return fc.constantFrom('true', 'false', 'True')
    case 'int32':
      return anyNumber(counts)
    case 'int64':
      return anyNumber(largeCounts)
    case 'dateTimeOffset':
      return fc.constantFrom(...dates)
    case 'member': {
      const shown = Object.keys(shape.of.members).map(
        (stored) => shownAs?.[face]?.[stored] ?? stored,
      )
      if (face === 'old')
        return fc.constantFrom(...shown, '', 'i', 'z', 'duplicateLocationId').map(quoted)
      return fc
        .constantFrom(...shown)
        .chain((one) => fc.constantFrom(`'${one}'`, `microsoft.graph.${shape.of.name}'${one}'`))
    }
    default:
      return fc.oneof(fc.constantFrom(...texts), fc.nat(150).map(guid)).map(quoted)
  }
}

function anyNumber(known: readonly number[]): Text {
  const written = fc
    .constantFrom(...known)
    .chain((number) => fc.constantFrom(`${number}`, `${number}.0`, `-${number}`, `${number}e0`))
  return fc.oneof(
    { weight: 5, arbitrary: written },
    {
      weight: 1,
      arbitrary: fc.constantFrom('1e1', '2147483649', '1e30', '-1e30', 'INF', '-INF', 'NaN'),
    },
  )
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function anyCase(word: string): Text {
  return fc.constantFrom(word, word, word.toUpperCase())
}

function joined(...parts: readonly Text[]): Text {
  return fc
    .tuple(fc.tuple(...parts), fc.constantFrom(' ', '  ', '\t'))
    .map(([words, blank]) => words.join(blank))
}
