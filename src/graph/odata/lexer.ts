/** From the text of an option to its words, values and marks. Every character is looked at a bounded number of times. */
import { clipped, type Option, refused } from './refusal.ts'
import type { Literal } from './tree.ts'

export type Mark = '(' | ')' | ',' | '/'

/** `at`: where it begins, in characters from 0. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'literal'; readonly literal: Literal; readonly at: number }
  | { readonly kind: 'mark'; readonly text: Mark; readonly at: number }
  | { readonly kind: 'end'; readonly at: number }

const blanks = /\s*/y
const mark = /[(),/]/y
/** A name, or one with a namespace. */
const word = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_.]*/uy
const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy
/** A `+` of an offset that was not written as %2B has become a blank; nothing else can stand in its place. */
const moment = /\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[-+ ]\d\d:\d\d|[-+][\d:]+)?)?(?![\w-])/iy
const number = /-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.+-])|-INF(?!\w)/iy
/** Of OData before version 4. */
const oldPrefix = /^(?:guid|datetime|datetimeoffset|time|binary)$/i
const prefix = new RegExp(`[.]|^duration$|${oldPrefix.source}`, 'i')
const wordLiterals: ReadonlyMap<string, 'null' | 'boolean' | 'number'> = new Map([
  ['null', 'null'],
  ['true', 'boolean'],
  ['false', 'boolean'],
  ['inf', 'number'],
  ['nan', 'number'],
])

/** Failure `badRequest` for a character that begins nothing. The last token is the end. */
export function readTokens(option: Option, text: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = endOf(blanks, text, 0) ?? 0; at < text.length; ) {
    const { token, end } = readToken(option, text, at)
    tokens.push(token)
    at = endOf(blanks, text, end) ?? end
  }
  tokens.push({ kind: 'end', at: text.length })
  return tokens
}

function readToken(option: Option, text: string, at: number): { token: Token; end: number } {
  const literal = (kind: Exclude<Literal['kind'], 'enum'>, end: number) => {
    const written = text.slice(at, end).replace(' ', '+')
    const token: Token = { kind: 'literal', literal: { kind, text: written }, at }
    return { token, end }
  }
  if (text[at] === "'") {
    const quoted = readQuoted(option, text, at)
    const value: Literal = { kind: 'string', text: quoted.text }
    return { token: { kind: 'literal', literal: value, at }, end: quoted.end }
  }
  const markEnd = endOf(mark, text, at)
  if (markEnd !== undefined)
    return { token: { kind: 'mark', text: text[at] as Mark, at }, end: markEnd }
  const guidEnd = endOf(guid, text, at)
  if (guidEnd !== undefined) return literal('guid', guidEnd)
  const momentEnd = endOf(moment, text, at)
  if (momentEnd !== undefined)
    return literal(momentEnd - at === 10 ? 'date' : 'dateTimeOffset', momentEnd)
  const numberEnd = endOf(number, text, at)
  if (numberEnd !== undefined) return literal('number', numberEnd)
  const wordEnd = endOf(word, text, at)
  if (wordEnd === undefined)
    throw refused(
      option,
      `The ${option} cannot be read at character ${at + 1}: '${clipped(text.slice(at, at + 20))}'. Text stands in single quotes, a quote inside it doubled.`,
    )
  const name = text.slice(at, wordEnd)
  if (text[wordEnd] === "'" && prefix.test(name)) return readPrefixed(option, text, at, wordEnd)
  const kind = wordLiterals.get(name.toLowerCase())
  return kind ? literal(kind, wordEnd) : { token: { kind: 'word', text: name, at }, end: wordEnd }
}

/** `microsoft.graph.vppTokenState'valid'`, `duration'PT1H'`: a word that touches its quoted value. */
function readPrefixed(option: Option, text: string, at: number, quoteAt: number) {
  const type = text.slice(at, quoteAt)
  if (oldPrefix.test(type))
    throw refused(
      option,
      `The ${option} cannot be read at character ${at + 1}: values are not written as ${type}'…'. Write dates and GUIDs without prefix and quotes.`,
    )
  const quoted = readQuoted(option, text, quoteAt)
  const literal: Literal = type.includes('.')
    ? { kind: 'enum', type, text: quoted.text }
    : { kind: 'duration', text: quoted.text }
  const token: Token = { kind: 'literal', literal, at }
  return { token, end: quoted.end }
}

/** The text between the quote at `from` and the one that closes it; two in a row stand for one. */
function readQuoted(option: Option, text: string, from: number): { text: string; end: number } {
  let close = text.indexOf("'", from + 1)
  while (close !== -1 && text[close + 1] === "'") close = text.indexOf("'", close + 2)
  if (close === -1)
    throw refused(
      option,
      `The ${option} cannot be read: the quote at character ${from + 1} is never closed. Close it, and double the quotes inside text.`,
    )
  return { text: text.slice(from + 1, close).replaceAll("''", "'"), end: close + 1 }
}

/** Where a match that begins at `at` ends; undefined when nothing begins there. */
function endOf(form: RegExp, text: string, at: number): number | undefined {
  form.lastIndex = at
  return form.test(text) ? form.lastIndex : undefined
}
