import type { TokenId } from '../../model/ids.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { getToken } from '../tokens/read-tokens.ts'
import { type Owner, ownerOf } from './owner-of.ts'

/** As the last run saw it. Failure `notFound` when there is no such token. */
export async function readOwner(storage: Storage, actor: Actor, id: TokenId): Promise<Owner> {
  const token = await getToken(storage, actor, id)
  return ownerOf(storage.forTenant(actor.tenantId).reads, token)
}
