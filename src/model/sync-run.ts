/** One execution of a sync against Apple, from the request to the receipt. */
import type { AppleFinding } from './apple-finding.ts'
import type { Instant } from './date-time-offset.ts'
import type { RunId, TokenId } from './ids.ts'

export type RunCause = 'create' | 'renewal' | 'request' | 'schedule' | 'twinRemoved' | 'interrupted'
export type RunStatus = 'queued' | 'running' | 'completed' | 'failed' | 'superseded'

/** What a run asked of Apple and what it changed here (Apple C16). Waits are milliseconds. */
export interface RunFigures {
  readonly requests: number
  readonly pages: number
  readonly tries: number
  readonly waitedMs: number
  readonly rowsAdded: number
  readonly rowsChanged: number
  readonly rowsRemoved: number
  /** Rows missing from a walk during which Apple's version moved: kept until a later walk confirms (Apple C7). */
  readonly rowsSuspect: number
}

export interface SyncRun {
  readonly id: RunId
  readonly tokenId: TokenId
  readonly cause: RunCause
  readonly status: RunStatus
  readonly requestedAt: Instant
  readonly startedAt: Instant | null
  /** Null while the run is active: queued or running. */
  readonly endedAt: Instant | null
  /** Why it failed; null otherwise. */
  readonly finding: AppleFinding | null
  readonly figures: RunFigures
  /** Apple's versionId per endpoint as the walk's first page gave it. */
  readonly versions: Readonly<Partial<Record<'assets' | 'assignments' | 'users', string>>>
  /** Names of fields of Apple's that this program does not know (Apple C13). */
  readonly unknownFields: readonly string[]
}

export const noFigures: RunFigures = {
  requests: 0,
  pages: 0,
  tries: 0,
  waitedMs: 0,
  rowsAdded: 0,
  rowsChanged: 0,
  rowsRemoved: 0,
  rowsSuspect: 0,
}

/** A run that waits for its turn. */
export function queuedRun(given: {
  readonly id: RunId
  readonly tokenId: TokenId
  readonly cause: RunCause
  readonly now: Instant
}): SyncRun {
  return {
    id: given.id,
    tokenId: given.tokenId,
    cause: given.cause,
    status: 'queued',
    requestedAt: given.now,
    startedAt: null,
    endedAt: null,
    finding: null,
    figures: noFigures,
    versions: {},
    unknownFields: [],
  }
}
