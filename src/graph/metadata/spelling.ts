/** How the documents write an operation: its address, its id and the heading it stands under. */
import type { Template } from '../entity-set.ts'
import type { Operation } from '../operations.ts'

/** `/deviceAppManagement/vppTokens/{id}/syncLicenses`, below the version. */
export function addressOf(path: Template): string {
  return `/${path.map(segmentOf).join('/')}`
}

/** `x()` as `x`, and `x(p)` with the value in quotes: the contract's own spelling (graph 4). */
function segmentOf(template: string): string {
  return template.replace(/\(\)$/, '').replace(/\((\w+)\)$/, "($1='{$1}')")
}

/** One and the same over releases: the operation's name, and the shape of the API that it belongs to. */
export function operationId({ name, set, version }: Operation): string {
  if (set?.face === 'old') return `${name}Old`
  const suffixes = { 'v1.0': 'V1', beta: 'Beta', 'pomona/v1': 'Pomona' } as const
  return name + suffixes[version]
}

/** The collection that the operation is about: `deviceAppManagement/vppTokens`; what is about none stands under `service`. */
export function areaOf({ path }: Operation): string {
  const place = path.slice(0, 3).filter((part) => /^\w+$/.test(part))
  return place.length === 0 ? 'service' : place.slice(0, 2).join('/')
}
