/** Addresses that stand in answers: contexts, entities and next pages (graph 7.2, 7.3, H10). */
import type { EntitySet } from '../entity-set.ts'
import { pageToken } from '../request/page-token.ts'
import type { QueryOptions } from '../request/query-options.ts'

export interface Place {
  readonly set: EntitySet
  readonly origin: string
  /** What the templates of the set's path stand for. */
  readonly values: Readonly<Record<string, string>>
}

/** The set as links write it: `organization('{orgId}')/appleVolumePurchaseProgramTokens`. */
function setPath({ set, values }: Place): string {
  return set.path
    .join('/')
    .replace(/\/\{(\w+)\}/g, (_, name: string) => `('${quoted(values, name)}')`)
    .replace(/\{(\w+)\}/g, (_, name: string) => quoted(values, name))
}

/** Quotes are doubled, and nothing that could end the address is left as it is. */
function quoted(values: Place['values'], name: string): string {
  return encodeURIComponent((values[name] ?? '').replaceAll("'", "''"))
}

/** The key stands before a cast: `mobileApps('{id}')/microsoft.graph.iosVppApp`. */
export function entityPath(place: Place, id: string): string {
  const path = setPath(place)
  const cast = /\/microsoft\.graph\.\w+$/.exec(path)?.[0] ?? ''
  return `${path.slice(0, path.length - cast.length)}('${id}')${cast}`
}

export function absolute({ set, origin }: Place, path: string): string {
  return `${origin}/${set.version}/${path}`
}

/** `#deviceAppManagement/vppTokens`, with the selected names in parentheses when there are any. */
export function contextOf(place: Place, select: ReadonlySet<string> | undefined): string {
  const { set } = place
  const shown = select ? `(${[...select].join(',')})` : ''
  return `${set.context ?? `#${setPath(place)}`}${shown}`
}

/** With every option of the request, because clients follow it as it is (graph 7.3). */
export function nextLink(place: Place, options: QueryOptions, next: string): string {
  const path = place.set.path
    .join('/')
    .replace(/'?\{(\w+)\}'?/g, (whole, name: string) =>
      whole.startsWith("'")
        ? `'${quoted(place.values, name)}'`
        : encodeURIComponent(place.values[name] ?? ''),
    )
  const query = new URLSearchParams([
    ...options.repeated.map(([name, value]): [string, string] => [name, value]),
    ['$skiptoken', pageToken(next)],
  ])
  return `${absolute(place, path)}?${query.toString().replaceAll('%24', '$')}`
}
