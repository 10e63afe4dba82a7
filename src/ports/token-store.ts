/** The tokens of one tenant. An id of another tenant is the same as an id that does not exist. */
import type { Instant } from '../model/date-time-offset.ts'
import type { TokenId } from '../model/ids.ts'
import type { ListedPage, ListQuery, Predicate } from '../model/list-query.ts'
import type { StoredToken } from '../model/stored-token.ts'

export interface TokenReads {
  /** Failure `notFound` when absent. */
  get(id: TokenId): Promise<StoredToken>
  find(id: TokenId): Promise<StoredToken | undefined>
  /** In the order of ids unless asked otherwise. Failure `badRequest` for an `after` that no list of this order gave. */
  list(query: ListQuery): Promise<ListedPage<StoredToken>>
  /** Those that meet the filter; absent = all. */
  count(filter?: Predicate): Promise<number>
  /** The oldest token of the tenant with this content (StoredToken.contentHash). */
  findByContent(contentHash: string): Promise<StoredToken | undefined>
  /** Tokens of the tenant that serve this Apple location, oldest first (createdAt, then id). */
  listByLocation(locationId: string): Promise<readonly StoredToken[]>
}

export interface TokenStore extends TokenReads {
  insert(token: StoredToken): Promise<void>
  /**
   * Replaces the record and its bookkeeping and answers the new version: one more than the stored one, whatever `token.version`
   * says. Failure `notFound` when absent.
   */
  update(token: StoredToken): Promise<StoredToken>
  /** Removes the token, its secrets, its Apple rows and its runs, all of them or none. Failure `notFound` when absent. */
  remove(id: TokenId): Promise<void>
  /** From here on, whoever runs under an older fence is refused (see `checkFence`). For a changed credential or claim. */
  raiseFence(id: TokenId): Promise<void>
  /** Failure `superseded` when the token is gone or its fence is another: the run must stop and write nothing more. */
  checkFence(id: TokenId, fence: number): Promise<void>
  /** Makes the token due no later than this; an earlier due time stays. */
  makeDue(id: TokenId, at: Instant): Promise<void>
  /** Makes the token due at exactly this instant, later than before or not; the version stays. */
  setDue(id: TokenId, at: Instant): Promise<void>
}
