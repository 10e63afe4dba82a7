/** Reads of the apps and books that syncs have brought; no call to Apple is made and nothing changes. */
import { Failure } from '../../model/failure.ts'
import type { StoredItem } from '../../model/library-item.ts'
import type { ContentKind } from '../../model/vpp-content-types.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'

/** Failure `notFound`, in the same words for an absent id, one of another tenant, and one of another kind (graph D8). */
export async function getItem(
  storage: Storage,
  actor: Actor,
  kinds: readonly ContentKind[],
  id: string,
): Promise<StoredItem> {
  const item = await storage.forTenant(actor.tenantId).reads.library.find(id)
  if (item && kinds.includes(item.record.contentKind)) return item
  throw new Failure(
    'notFound',
    `There is no ${nameOf(kinds)} '${id}' here. It may be gone from the location; list them to see which there are.`,
  )
}

function nameOf(kinds: readonly ContentKind[]): string {
  if (!kinds.includes('iosVppEBook')) return 'app'
  return kinds.length === 1 ? 'book' : 'app or book'
}
