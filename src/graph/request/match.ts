/** From a path to the place in the table of operations it names. Built once; the verb is looked at later (graph G11). */
import { Failure } from '../../model/failure.ts'
import { type Version, versions } from '../entity-set.ts'
import { unqualified } from '../namespace.ts'
import {
  operations,
  type PublishedDocument,
  type ServedOperation,
  type Verb,
} from '../operations.ts'
import type { Segment, Target } from './path.ts'

export interface Route {
  /** For logs: the pattern, never the ids in it. */
  readonly pattern: string
  readonly version: Version
  /** Where it is a document, nothing else stands there. */
  readonly document?: PublishedDocument
  readonly operations: ReadonlyMap<Verb, ServedOperation>
  /** Values of the path by the names of the templates. */
  readonly values: Readonly<Record<string, string>>
}

interface Node {
  /** By lower-case text: plain names. */
  readonly names: Map<string, Node>
  /** By lower-case name without namespace: actions, functions and casts. */
  readonly qualified: Map<string, Node & { readonly needsNamespace: boolean; parameter?: string }>
  any?: { readonly name: string; readonly node: Node }
  document?: PublishedDocument
  readonly operations: Map<Verb, ServedOperation>
  readonly pattern: string
}

const trees: ReadonlyMap<Version, Node> = new Map(
  versions.map((version) => [version, treeOf(version)]),
)

/** Failure `unknownVersion` or `unknownSegment`, before anybody has been asked who calls (graph 7.6). */
export function match(target: Target): Route {
  const { version, rest } = splitVersion(target.segments)
  const values: Record<string, string> = {}
  let node = trees.get(version) as Node
  for (const segment of rest) {
    const next = step(node, segment, values)
    if (!next) throw unknownSegment(segment)
    node = next
  }
  const { document, operations: served } = node
  if (!document && served.size === 0) throw unknownSegment(rest.at(-1) ?? { text: version })
  const pattern = `/${node.pattern}`
  return { pattern, version, ...(document && { document }), operations: served, values }
}

function splitVersion(segments: readonly Segment[]) {
  const first = segments[0]?.text ?? ''
  const firstTwo = `${first}/${segments[1]?.text ?? ''}`
  for (const version of versions) {
    const isLong = version.includes('/')
    if ((isLong ? firstTwo : first).toLowerCase() === version)
      return { version, rest: segments.slice(isLong ? 2 : 1) }
  }
  throw new Failure('unknownVersion', `Invalid version: ${first.slice(0, 128)}`)
}

function unknownSegment(segment: Segment): Failure {
  return new Failure(
    'unknownSegment',
    `Resource not found for the segment '${segment.text.slice(0, 128)}'.`,
  )
}

/** Known names come before a segment is read as an id (graph 4.1). */
function step(node: Node, segment: Segment, values: Record<string, string>): Node | undefined {
  const plain = node.names.get(segment.text.toLowerCase())
  if (plain) return plain
  return stepQualified(node, segment, values) ?? stepKey(node, segment, values)
}

function stepQualified(
  node: Node,
  segment: Segment,
  values: Record<string, string>,
): Node | undefined {
  const given = segment.call?.name ?? segment.text
  const behind = unqualified(given)
  const found = node.qualified.get((behind ?? given).toLowerCase())
  if (!found || (found.needsNamespace && behind === undefined)) return undefined
  // What the template does not name would be dropped in silence.
  const parameters = [...(segment.call?.parameters.keys() ?? [])]
  if (segment.call?.key !== undefined) return undefined
  if (parameters.some((parameter) => parameter !== found.parameter?.toLowerCase())) return undefined
  if (found.parameter !== undefined) {
    const value = segment.call?.parameters.get(found.parameter.toLowerCase())
    if (value !== undefined) values[found.parameter] = value
  }
  return found
}

/** `{id}`, or `name('id')` as one segment for what is otherwise two. */
function stepKey(node: Node, segment: Segment, values: Record<string, string>): Node | undefined {
  const { call } = segment
  const named = call?.key === undefined ? undefined : node.names.get(call.name.toLowerCase())
  if (named?.any && call?.key !== undefined) {
    values[named.any.name] = call.key
    return named.any.node
  }
  if (!node.any || isRunTogether(node.any.node, segment.text)) return undefined
  values[node.any.name] = segment.text
  return node.any.node
}

/** `{id}syncApps`: an id and its action without the slash, as old pages have it by mistake, is neither (graph 4.1). */
function isRunTogether(entity: Node, text: string): boolean {
  const lower = text.toLowerCase()
  return [...entity.qualified].some(
    ([name, { needsNamespace }]) => !needsNamespace && lower.endsWith(name) && lower !== name,
  )
}

function treeOf(version: Version): Node {
  const root = newNode(version)
  for (const operation of operations) {
    if (operation.version !== version) continue
    const node = operation.path.reduce(grow, root)
    if (operation.publishes) node.document = operation
    else {
      node.operations.set(operation.verb, operation)
      operation.alsoAt?.reduce(grow, root).operations.set(operation.verb, operation)
    }
  }
  return root
}

function grow(node: Node, template: string): Node {
  const pattern = `${node.pattern}/${template}`
  const parameter = /^\{(\w+)\}$/.exec(template)?.[1]
  if (parameter !== undefined) {
    node.any ??= { name: parameter, node: newNode(pattern) }
    return node.any.node
  }
  const bound = /^(\w+)\((\w*)\)$/.exec(template)
  const cast = unqualified(template)
  const name = (bound?.[1] ?? cast)?.toLowerCase()
  if (name !== undefined) {
    const known = node.qualified.get(name) ?? {
      ...newNode(pattern),
      needsNamespace: cast !== undefined,
      ...(bound?.[2] ? { parameter: bound[2] } : {}),
    }
    node.qualified.set(name, known)
    return known
  }
  const key = template.toLowerCase()
  const next = node.names.get(key) ?? newNode(pattern)
  node.names.set(key, next)
  return next
}

function newNode(pattern: string): Node {
  return { names: new Map(), qualified: new Map(), operations: new Map(), pattern }
}
