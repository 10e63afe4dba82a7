/** The runs of one tenant's tokens. At most one run per token is active (queued or running). */
import type { RunId, TokenId } from '../model/ids.ts'
import type { Page, PageRequest } from '../model/list-query.ts'
import type { SyncRun } from '../model/sync-run.ts'

export interface SyncRunReads {
  findActive(tokenId: TokenId): Promise<SyncRun | undefined>
  /** Newest first. */
  list(tokenId: TokenId, query: PageRequest): Promise<Page<SyncRun>>
}

export interface SyncRunStore extends SyncRunReads {
  /** Failure `conflict` when the token already has an active run and this one is active too. */
  insert(run: SyncRun): Promise<void>
  /** Replaces the run. Failure `notFound` when absent. */
  update(run: SyncRun): Promise<void>
  get(id: RunId): Promise<SyncRun>
}
