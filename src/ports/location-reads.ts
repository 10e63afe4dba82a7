/** What the last sync left of a token's location, as lists that callers ask for (model/location-license.ts). */
import type { TokenId } from '../model/ids.ts'
import type { ListedPage, ListQuery, Predicate } from '../model/list-query.ts'
import type { LocationLicense, LocationUser } from '../model/location-license.ts'

/** In the order in which they were stored unless asked otherwise. */
export interface LocationReads {
  licenses(tokenId: TokenId, query: ListQuery): Promise<ListedPage<LocationLicense>>
  countLicenses(tokenId: TokenId, filter?: Predicate): Promise<number>
  users(tokenId: TokenId, query: ListQuery): Promise<ListedPage<LocationUser>>
  countUsers(tokenId: TokenId, filter?: Predicate): Promise<number>
}
