import { type Instant, neverInstant } from '../../model/date-time-offset.ts'
import type { Predicate } from '../../model/list-query.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from './actor.ts'

const operand = { property: 'expirationDateTime' }

/** How many tokens expire before the instant (graph 4.3); those whose expiry is not known are left out. */
export function countExpiring(storage: Storage, actor: Actor, before: Instant): Promise<number> {
  const filter: Predicate = {
    kind: 'and',
    of: [
      { kind: 'compare', operand, comparison: 'gt', value: neverInstant },
      { kind: 'compare', operand, comparison: 'lt', value: before },
    ],
  }
  return storage.forTenant(actor.tenantId).reads.tokens.count(filter)
}
