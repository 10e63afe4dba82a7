/** Reads of the work on licences, and of the licences and users of a location; nothing changes. */
import { Failure } from '../../model/failure.ts'
import type { TokenId } from '../../model/ids.ts'
import type { StoredIntent } from '../../model/license-intent.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { getToken } from '../tokens/read-tokens.ts'
import { poolFor } from './location-of.ts'

/** Failure `notFound`, in the same words for an absent id and for one of another tenant. */
export async function getIntent(storage: Storage, actor: Actor, id: string): Promise<StoredIntent> {
  const intent = await storage.forTenant(actor.tenantId).reads.intents.find(id)
  if (intent) return intent
  throw new Failure(
    'notFound',
    `There is no change of licences or users '${id}' in this tenant. Its token may have been removed, or it ended long ago; list the changes to see which there are.`,
  )
}

/** The token whose rows say what there is at the location of this one. Failure `notFound` when there is no such token. */
export async function poolOfToken(
  storage: Storage,
  actor: Actor,
  tokenId: TokenId,
): Promise<TokenId> {
  const token = await getToken(storage, actor, tokenId)
  const { locationId } = token.record
  if (locationId === null) return tokenId
  const { tokens } = storage.forTenant(actor.tenantId).reads
  return poolFor({ token, twins: await tokens.listByLocation(locationId) }).poolId
}
