/** What a GET may ask for in its query (graph 7.4): names in any case, with or without `$`; unknown ones are ignored. */
import { Failure } from '../../model/failure.ts'
import type { ListQuery, Predicate } from '../../model/list-query.ts'
import { readExpand, readSelect } from '../answer/shown-properties.ts'
import type { EntitySet } from '../entity-set.ts'
import type { Answered } from '../handlers/handler.ts'
import { bindFilter } from '../odata/bind-filter.ts'
import { bindOrderBy } from '../odata/bind-order-by.ts'
import { bindSearch } from '../odata/bind-search.ts'
import { maxCalls, maxLongCalls } from '../odata/limits.ts'
import { requireFewLongCalls } from '../odata/long-calls.ts'
import { parseFilter, parseOrderBy } from '../odata/parse.ts'
import { parseSearch } from '../odata/parse-search.ts'
import { readPageToken } from './page-token.ts'

export interface QueryOptions {
  /** Names as the face spells them, `type/name` for those of a derived type; absent = all. */
  readonly select?: ReadonlySet<string>
  /** Navigations to be shown empty. */
  readonly expand: readonly string[]
  /** Rows per page, 1 to 999. */
  readonly top?: number
  readonly isCountWanted: boolean
  /** Which rows, in which order, from where. */
  readonly rows: Omit<ListQuery, 'limit'>
  /** Raw pairs to repeat in a nextLink: every option but the page token. */
  readonly repeated: readonly (readonly [string, string])[]
}

/** Largest page (graph D12). */
export const maxPageSize = 999
/** Calls that a filter may hold however many requests share the cost. */
const fewestCalls = 2
/** Rows beyond which nothing can lie. */
const mostSkipped = 1_000_000_000

/** Which options each kind of answer takes; others are ignored there (graph 7.4). */
export const optionsOf = {
  list: ['select', 'filter', 'orderby', 'top', 'skip', 'count', 'skiptoken', 'search', 'expand'],
  entity: ['select', 'expand'],
  count: ['filter', 'search'],
  nothing: [],
} as const satisfies Readonly<Record<Answered, readonly string[]>>

/** What would choose among the rows of a set that is always shown whole. */
export const refusedOnWhole = ['filter', 'search', 'orderby', 'skip'] as const

const noOptions: QueryOptions = { expand: [], isCountWanted: false, rows: {}, repeated: [] }

export function readQueryOptions(
  query: string,
  answered: Answered,
  set: EntitySet | undefined,
  /** Requests that are answered together with this one, itself included. */
  sharedBy = 1,
): QueryOptions {
  if (query === '' || set === undefined || answered === 'nothing') return noOptions
  const options = optionsByName(query, new Set<string>(optionsOf[answered]))
  if (options.size === 0) return noOptions
  const read = <T>(name: string, reader: (value: string) => T): T | undefined => {
    const value = options.get(name)?.[1]
    return value === undefined ? undefined : reader(value)
  }
  const select = read('select', (value) => readSelect(value, set))
  const top = read('top', readTop)
  return {
    ...(select === undefined ? {} : { select }),
    expand: read('expand', (value) => readExpand(value, set)) ?? [],
    ...(top === undefined ? {} : { top }),
    isCountWanted: read('count', (value) => readFlag('count', value)) ?? false,
    rows: rowsAsked(read, set, sharedBy),
    repeated: [...options].flatMap(([name, pair]) => (name === 'skiptoken' ? [] : [pair])),
  }
}

type Read = <T>(name: string, reader: (value: string) => T) => T | undefined

function rowsAsked(read: Read, set: EntitySet, sharedBy: number): QueryOptions['rows'] {
  if (set.isWhole)
    for (const name of refusedOnWhole)
      read(name, (value) => {
        throw badOption(name, value, 'This list is always shown whole. Leave the option out.')
      })
  const filter = read('filter', (value) => readFilter(value, set, sharedBy))
  const search = read('search', (value) => bindSearch(parseSearch(value), set))
  const orderBy = read('orderby', (value) => bindOrderBy(parseOrderBy(value), set))
  const skip = read('skip', readSkip)
  const after = read('skiptoken', readPageToken)
  const both: Predicate | undefined =
    filter && search ? { kind: 'and', of: [filter, search] } : (filter ?? search)
  return {
    ...(both === undefined ? {} : { filter: both }),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(skip === undefined ? {} : { skip }),
    ...(after === undefined ? {} : { after }),
  }
}

/** What a filter may cost is divided by the requests that are answered together. */
function readFilter(value: string, set: EntitySet, sharedBy: number): Predicate {
  const mostCalls = Math.max(fewestCalls, Math.floor(maxCalls / sharedBy))
  const filter = bindFilter(parseFilter(value, mostCalls), set)
  requireFewLongCalls(filter, set, Math.floor(maxLongCalls / sharedBy))
  return filter
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

function readTop(value: string): number {
  if (!/^\d+$/.test(value) || Number(value) < 1)
    throw badOption('top', value, 'Give a whole number from 1 up.')
  return Math.min(Number(value), maxPageSize)
}

function readSkip(value: string): number {
  if (!/^\d+$/.test(value)) throw badOption('skip', value, 'Give a whole number from 0 up.')
  return Math.min(Number(value), mostSkipped)
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
