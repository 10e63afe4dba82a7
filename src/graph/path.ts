/** A request's path as segments, in every spelling that real clients use (graph 4.1). Knows no operation. */
import { Failure } from '../model/failure.ts'

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
  const raw = path.replace(/#.*$/, '').split('/').slice(1)
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

function readSegment(text: string): Segment {
  const parts = /^([^()]+)\((.*)\)$/s.exec(text)
  if (!parts) return { text }
  const [, name = '', inside = ''] = parts
  const named = [...inside.matchAll(/([A-Za-z_]\w*)\s*=\s*('(?:[^']|'')*'|[^,']*)(?:,|$)/g)]
  const isAllNamed =
    named.length > 0 && named.reduce((sum, match) => sum + match[0].length, 0) === inside.length
  if (isAllNamed) {
    const parameters = new Map(
      named.map(([, key = '', value = '']) => [key.toLowerCase(), unquoted(value)]),
    )
    const only = parameters.size === 1 ? parameters.get('id') : undefined
    return { text, call: { name, parameters, ...(only === undefined ? {} : { key: only }) } }
  }
  const key = unquoted(inside.trim())
  return { text, call: { name, parameters: new Map(), ...(inside === '' ? {} : { key }) } }
}

function unquoted(value: string): string {
  const text = value.trim()
  return /^'.*'$/s.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text
}
