/** Reads of what is stored; no call to Apple is made and nothing changes. */
import { Failure } from '../../model/failure.ts'
import type { TokenId } from '../../model/ids.ts'
import type { ListedPage, ListQuery, Predicate } from '../../model/list-query.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from './actor.ts'

/** Failure `notFound`, in the same words for an absent id and for one of another tenant (graph D8). */
export async function getToken(storage: Storage, actor: Actor, id: TokenId): Promise<StoredToken> {
  const token = await storage.forTenant(actor.tenantId).reads.tokens.find(id)
  if (!token) throw absentToken(id)
  return token
}

export function listTokens(
  storage: Storage,
  actor: Actor,
  query: ListQuery,
): Promise<ListedPage<StoredToken>> {
  return storage.forTenant(actor.tenantId).reads.tokens.list(query)
}

export function countTokens(storage: Storage, actor: Actor, filter?: Predicate): Promise<number> {
  return storage.forTenant(actor.tenantId).reads.tokens.count(filter)
}

export function absentToken(id: TokenId): Failure {
  return new Failure(
    'notFound',
    `There is no token '${id}' in this tenant. It may have been removed; list the tokens to see which there are.`,
  )
}
