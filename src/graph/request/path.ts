/** A request's path as segments, in every spelling that real clients use (graph 4.1). Knows no operation. */
import { Failure } from '../../model/failure.ts'

export interface Segment {
  /** Decoded, as received. */
  readonly text: string
  /** `name(…)` taken apart: the name and what the parentheses hold. */
  readonly call?: {
    readonly name: string
    /** `vppTokens('id')`: the one value without a name. */
    readonly key?: string
    /** `getLicensesForApp(bundleId='x')`: values by lower-case name. */
    readonly parameters: ReadonlyMap<string, string>
  }
}

export interface Target {
  readonly segments: readonly Segment[]
  /** Raw query text without `?`; empty when there is none. */
  readonly query: string
}

/** Failure `badRequest` for a percent sequence that is no UTF-8. */
export function readTarget(target: string): Target {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const raw = (path.split('#', 1)[0] ?? '').split('/').slice(1)
  while (raw.at(-1) === '') raw.pop()
  return {
    segments: raw.map((text) => readSegment(decodePercent(text))),
    query: mark < 0 ? '' : target.slice(mark + 1),
  }
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new Failure(
      'badRequest',
      `The path segment '${text.slice(0, 128)}' cannot be read: its percent-encoding is broken.`,
      { cause },
    )
  }
}

/** Longer segments name nothing of ours; what is read into them is bounded. */
const longestCall = 2_048

function readSegment(text: string): Segment {
  const open = text.indexOf('(')
  if (open < 1 || !text.endsWith(')') || text.length > longestCall) return { text }
  const name = text.slice(0, open)
  const inside = text.slice(open + 1, -1)
  if (inside === '') return { text, call: { name, parameters: new Map() } }
  const named = splitOutsideQuotes(inside).map(namedValue)
  if (!named.every((pair) => pair !== undefined))
    return { text, call: { name, parameters: new Map(), key: unquoted(inside) } }
  const parameters = new Map(named)
  const only = parameters.size === 1 ? parameters.get('id') : undefined
  return { text, call: { name, parameters, ...(only === undefined ? {} : { key: only }) } }
}

/** `a='x,y',b=1` → `a='x,y'` and `b=1`; a doubled quote inside quotes leaves and enters them again, which is the same. */
function splitOutsideQuotes(text: string): readonly string[] {
  const parts: string[] = []
  let isQuoted = false
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "'") isQuoted = !isQuoted
    if (text[at] !== ',' || isQuoted) continue
    parts.push(text.slice(from, at))
    from = at + 1
  }
  return [...parts, text.slice(from)]
}

function namedValue(part: string): readonly [string, string] | undefined {
  const equals = part.indexOf('=')
  const name = part.slice(0, Math.max(equals, 0)).trim()
  return /^[A-Za-z_]\w*$/.test(name)
    ? [name.toLowerCase(), unquoted(part.slice(equals + 1))]
    : undefined
}

function unquoted(value: string): string {
  const text = value.trim()
  const isQuoted = text.length > 1 && text.startsWith("'") && text.endsWith("'")
  return isQuoted ? text.slice(1, -1).replaceAll("''", "'") : text
}
