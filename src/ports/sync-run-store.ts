/** The runs of one tenant's tokens, and what each changed. At most one run per token is active (queued or running). */
import type { RunId, TokenId } from '../model/ids.ts'
import type { ListedPage, ListQuery, Predicate } from '../model/list-query.ts'
import type { SyncChange } from '../model/sync-history.ts'
import type { SyncRun } from '../model/sync-run.ts'

export interface SyncRunReads {
  findActive(tokenId: TokenId): Promise<SyncRun | undefined>
  find(id: RunId): Promise<SyncRun | undefined>
  /** Newest first unless asked otherwise. Operands: id, cause, status, requestedDateTime, startedDateTime, endedDateTime. */
  list(tokenId: TokenId, query: ListQuery): Promise<ListedPage<SyncRun>>
  count(tokenId: TokenId, filter?: Predicate): Promise<number>
  /** In the order in which they were made unless asked otherwise; none for a run that is not there. */
  changes(id: RunId, query: ListQuery): Promise<ListedPage<SyncChange>>
  countChanges(id: RunId, filter?: Predicate): Promise<number>
}

export interface SyncRunStore extends SyncRunReads {
  /** Failure `conflict` when the token already has an active run and this one is active too. */
  insert(run: SyncRun): Promise<void>
  /** Replaces the run. Failure `notFound` when absent. */
  update(run: SyncRun): Promise<void>
  get(id: RunId): Promise<SyncRun>
  /** Goes on with the list of what the run changed. Nothing happens when the run is gone. */
  insertChanges(id: RunId, changes: readonly SyncChange[]): Promise<void>
}
