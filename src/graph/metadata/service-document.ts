/** What a version offers at its root, as OData says it (OData JSON Format 4.0, section 5). */
import type { Version } from '../entity-set.ts'
import { roots } from './places.ts'

export function serviceDocument(version: Version, origin: string) {
  return {
    '@odata.context': `${origin}/${version}/$metadata`,
    value: roots(version).map(({ name, kind }) => ({ name, kind, url: name })),
  }
}
