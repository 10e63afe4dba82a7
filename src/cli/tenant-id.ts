import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'

/** In lower case. Failure `misconfigured` for a text that no tenant can have as its id. */
export function tenantId(text: string): string {
  if (isGuid(text)) return text.toLowerCase()
  throw new Failure(
    'misconfigured',
    `'${text}' is not the id of a tenant, which is a GUID. See the ids with: pomona tenant list.`,
    { property: 'tenant' },
  )
}
