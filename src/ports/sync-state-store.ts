/** What the next run of a token goes on from (model/sync-state.ts). It goes with its token. */
import type { TokenId } from '../model/ids.ts'
import type { AppleList, ListState, SyncState } from '../model/sync-state.ts'

export interface SyncStateStore {
  /** Empty when nothing is known, also of a token that is not there. */
  find(tokenId: TokenId): Promise<SyncState>
  /** Inserts or replaces. Nothing happens when there is no such token. */
  put(tokenId: TokenId, list: AppleList, state: ListState): Promise<void>
}
