/** What a GET may ask for in its query (graph 7.4): names in any case, with or without `$`; unknown ones are ignored. */
import type { EntityType, Face } from '../model/entity-type.ts'
import { Failure } from '../model/failure.ts'
import { faceMembers } from '../model/payload/face-members.ts'
import { readPageToken } from './page-token.ts'

export interface QueryOptions {
  /** Wire names in wire order as the face spells them; absent = all. */
  readonly select?: ReadonlySet<string>
  /** Rows per page, 1 to 999. */
  readonly top?: number
  readonly isCountWanted: boolean
  /** Key of the last row of the page before. */
  readonly after?: string
  /** Raw pairs to repeat in a nextLink: every option but the page token. */
  readonly repeated: readonly (readonly [string, string])[]
}

/** Largest page (graph D12). */
export const maxPageSize = 999

/** Documented options that this version does not serve yet. */
const notServed = new Set(['filter', 'orderby', 'skip'])
/** Options that the token sets never have (graph 7.4, G8). */
const notSupported: Readonly<Record<string, string>> = {
  expand: 'The tokens have no navigation to expand. Leave $expand out.',
  search: 'The tokens cannot be searched with $search. Leave it out and filter what comes back.',
}

/** Which options each kind of answer takes; others are ignored there (graph 7.4). */
export const optionsOf = {
  list: ['select', 'filter', 'orderby', 'top', 'skip', 'count', 'skiptoken', 'search', 'expand'],
  entity: ['select', 'expand'],
  count: ['filter', 'search'],
  nothing: [],
} as const satisfies Record<string, readonly string[]>
export type Answered = keyof typeof optionsOf

export function readQueryOptions(
  query: string,
  answered: Answered,
  { type, face }: { readonly type: EntityType; readonly face: Face },
): QueryOptions {
  const options = optionsByName(query, new Set(optionsOf[answered]))
  for (const [name, [, value]] of options) {
    if (notServed.has(name))
      throw new Failure(
        'notServed',
        `The query option $${name} is not served by this version of Pomona yet. Leave it out and choose among the rows that come back.`,
        { property: `$${name}` },
      )
    const refusal = notSupported[name]
    if (refusal !== undefined) throw badOption(name, value, refusal)
  }
  const select = options.get('select')?.[1]
  const top = options.get('top')?.[1]
  const count = options.get('count')?.[1]
  const pageToken = options.get('skiptoken')?.[1]
  return {
    ...(select === undefined ? {} : { select: readSelect(select, type, face) }),
    ...(top === undefined ? {} : { top: readTop(top) }),
    ...(pageToken === undefined ? {} : { after: readPageToken(pageToken) }),
    isCountWanted: count !== undefined && readFlag('count', count),
    repeated: [...options].flatMap(([name, pair]) => (name === 'skiptoken' ? [] : [pair])),
  }
}

/** Known options by bare lower-case name, as pairs of the name and value received. Failure when one is given twice. */
function optionsByName(
  query: string,
  heeded: ReadonlySet<string>,
): Map<string, readonly [string, string]> {
  const options = new Map<string, readonly [string, string]>()
  for (const [key, value] of new URLSearchParams(query)) {
    const name = key.toLowerCase().replace(/^\$/, '')
    if (!heeded.has(name)) continue
    if (options.has(name)) throw badOption(name, value, 'It is given twice. Give it once.')
    options.set(name, [key, value])
  }
  return options
}

function readSelect(value: string, type: EntityType, face: Face): ReadonlySet<string> {
  const { byLowerName } = faceMembers(type, face)
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length === 0) throw badOption('select', value, 'Name at least one property.')
  const selected = new Set<string>()
  for (const name of names) {
    if (name === '*') return new Set([...byLowerName.values()].map((member) => member.wire))
    const member = byLowerName.get(name.toLowerCase())
    if (!member)
      throw new Failure(
        'badRequest',
        `Parsing OData Select and Expand failed: Could not find a property named '${name.slice(0, 128)}' on type 'microsoft.graph.${type.names[face]}'.`,
        { property: name.slice(0, 128) },
      )
    selected.add(member.wire)
  }
  return selected
}

function readTop(value: string): number {
  if (!/^\d+$/.test(value) || Number(value) < 1)
    throw badOption('top', value, 'Give a whole number from 1 up.')
  return Math.min(Number(value), maxPageSize)
}

function readFlag(name: string, value: string): boolean {
  const lower = value.toLowerCase()
  if (lower !== 'true' && lower !== 'false') throw badOption(name, value, 'Give true or false.')
  return lower === 'true'
}

function badOption(name: string, value: string, hint: string): Failure {
  return new Failure(
    'badRequest',
    `The value '${value.slice(0, 128)}' of the query option $${name} cannot be used here. ${hint}`,
    { property: `$${name}` },
  )
}
