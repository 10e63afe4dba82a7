/** The apps and books of one tenant, over all its tokens, and the licences that are in use (Apple 9.2). */
import type { LicensePair } from '../model/apple-write.ts'
import type { TokenId } from '../model/ids.ts'
import type { LibraryItem, StoredItem } from '../model/library-item.ts'
import type { LicenseSummary } from '../model/license-summary.ts'
import type { ListedPage, ListQuery, Predicate } from '../model/list-query.ts'
import type { ContentKind } from '../model/vpp-content-types.ts'

/** What identifies an item under its token. */
export interface ItemKey {
  readonly adamId: string
  readonly contentKind: ContentKind
}

/** The values of a record that are stored as its own: no token's, no fixed ones. */
export type ItemValues = Omit<StoredItem, 'version'>

export interface LibraryReads {
  /** Items of these kinds, in the order of ids unless asked otherwise. Pictures are left out (null). */
  list(kinds: readonly ContentKind[], query: ListQuery): Promise<ListedPage<StoredItem>>
  count(kinds: readonly ContentKind[], filter?: Predicate): Promise<number>
  /** With its picture. */
  find(id: string): Promise<StoredItem | undefined>
  /**
   * Items of one token in the order of adamId and kind, without pictures, that follow `after` (absent = from the start), at
   * most `limit`.
   */
  listOfToken(
    tokenId: TokenId,
    after: ItemKey | undefined,
    limit: number,
  ): Promise<readonly StoredItem[]>
  /** One row per token that owns an item with this bundle id, keyed by the token. */
  summaries(bundleId: string, query: ListQuery): Promise<ListedPage<LicenseSummary>>
  countSummaries(bundleId: string, filter?: Predicate): Promise<number>
}

export interface LibraryStore extends LibraryReads {
  /** Failure `conflict` when the token has an item of the same key; `notFound` when there is no such token. */
  insert(tokenId: TokenId, items: readonly ItemValues[]): Promise<void>
  /** Replaces the stored values by id, pictures aside, and counts each version up. */
  update(tokenId: TokenId, items: readonly ItemValues[]): Promise<void>
  remove(tokenId: TokenId, ids: readonly string[]): Promise<void>
  /** Inserts or replaces the picture; null removes it. Nothing happens when the item is gone. */
  putIcon(tokenId: TokenId, id: string, icon: LibraryItem['largeIcon']): Promise<void>
}

/** One assignment as a licence: who holds it. */
export interface HeldLicense extends LicensePair {
  /** Of the live user with this clientUserId; null for devices. */
  readonly userEmailAddress: string | null
}

/** Operands are the declared names of an assigned license: userId, userEmailAddress, deviceName, … */
export interface LicenseReads {
  /** Licences of an app or book under a token, in the order in which they were stored unless asked otherwise. */
  list(tokenId: TokenId, adamId: string, query: ListQuery): Promise<ListedPage<HeldLicense>>
  count(tokenId: TokenId, adamId: string, filter?: Predicate): Promise<number>
  /**
   * Who holds licences of an app or book, and nothing more: in the order of quality, kind and target, those that follow `after`
   * (absent = from the start), at most `limit`.
   */
  listPairs(
    tokenId: TokenId,
    adamId: string,
    after: LicensePair | undefined,
    limit: number,
  ): Promise<readonly LicensePair[]>
  find(tokenId: TokenId, pair: LicensePair): Promise<HeldLicense | undefined>
}
