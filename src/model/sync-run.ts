/** One execution of a sync against Apple, from the request to the receipt. */
import type { AppleFinding } from './apple-finding.ts'
import type { Instant } from './date-time-offset.ts'
import type { RunId, TokenId } from './ids.ts'
import type { AppleList, ListReading } from './sync-state.ts'

export type RunCause =
  | 'create'
  | 'renewal'
  | 'request'
  | 'schedule'
  | 'twinRemoved'
  | 'interrupted'
  | 'licenses'
  | 'claim'
  | 'release'
  | 'notification'
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
  /** Changes beyond those that a run's history keeps: counted only. */
  readonly changesUnlisted: number
  /** Assets whose assignments, read once more, still do not come to what Apple counts (Apple 9.3). */
  readonly assetsUneven: number
  /** As the token shows it (model/vpp-token.ts): Apple's date for the content token against its own (Apple 9.1). */
  readonly expirationDriftSeconds: number
}

/** What Apple said of a location when its lists were read. Licences are summed in 64 bit; unlimited assets count as used only. */
export interface AppleCounts {
  readonly assets: number
  readonly totalLicenses: number
  readonly availableLicenses: number
  readonly assignedLicenses: number
  readonly retiredLicenses: number
  /** Rows, as they were listed. */
  readonly assignments: number
  readonly users: number
}

/** A refusal that a run met, also where a later try went well; the same one is told once. */
export interface AppleRefusal {
  readonly errorNumber: number | null
  readonly httpStatus: number | null
  /** Apple's text, or the cause of the trouble; holds no secret. */
  readonly text: string | null
  readonly times: number
}

type OfLists<T> = Readonly<Partial<Record<AppleList, T>>>

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
  /** Apple's versionId per list, as the last completed run before left it. */
  readonly versionsBefore: OfLists<string>
  /** Apple's versionId per list as the first page of its last walk gave it. */
  readonly versions: OfLists<string>
  /** How far each list was read. */
  readonly readings: OfLists<ListReading>
  /** Null until every list was read to its end. */
  readonly counts: AppleCounts | null
  readonly refusals: readonly AppleRefusal[]
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
  changesUnlisted: 0,
  assetsUneven: 0,
  expirationDriftSeconds: 0,
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
    versionsBefore: {},
    versions: {},
    readings: {},
    counts: null,
    refusals: [],
    unknownFields: [],
  }
}
