/** What the steps of a run are given, and what they leave behind for its end. */

import type { AppleFinding } from '../../model/apple-finding.ts'
import type { LocationConfig } from '../../model/apple-rows.ts'
import type { Clock } from '../../model/clock.ts'
import type { Instant } from '../../model/date-time-offset.ts'
import type { NewId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { AppleCounts, SyncRun } from '../../model/sync-run.ts'
import type { AppleList, ListReading, ListState, SyncState } from '../../model/sync-state.ts'
import type { AppMetadataSource } from '../../ports/app-metadata.ts'
import type { AppleConversation, AppleVpp } from '../../ports/apple-vpp.ts'
import type { TakenToken } from '../../ports/instance-store.ts'
import type { Observe } from '../../ports/observer.ts'
import type { SealedSecret, SecretBox } from '../../ports/secret-box.ts'
import type { Storage, TenantStorage } from '../../ports/storage.ts'
import type { OwnershipEvent } from '../ownership/ownership-after.ts'

export interface SyncDeps {
  readonly storage: Storage
  readonly apple: AppleVpp
  readonly metadata: AppMetadataSource
  readonly secretBox: SecretBox
  readonly clock: Clock
  readonly newId: NewId
  /** 0 ≤ value < 1. */
  readonly random: () => number
  readonly observe: Observe
  /** By which other servers know this one (Apple 7). */
  readonly instanceName: string
  /** Where Apple can reach this service with notifications; null = it cannot, or shall not (Apple 6). */
  readonly notificationUrl: ((channelId: string) => string) | null
}

/** A run that has begun, with its token as it was then. */
export interface BegunRun {
  readonly taken: TakenToken
  readonly tenant: TenantStorage
  readonly run: SyncRun
  /** Where the last completed run left each list. */
  readonly state: SyncState
  readonly startedAt: Date
  readonly token: StoredToken
  readonly sealed: SealedSecret | undefined
  /** A renewal that nobody could judge yet. */
  readonly pending: SealedSecret | undefined
  readonly progress: RunProgress
  /** Awaited before each chunk. Rejects when the run must stop; keeps its leases. */
  checkpoint(): Promise<void>
}

/** How far a list was read in this run, and where the next one goes on. */
export interface ReadList extends ListState {
  readonly reading: ListReading
}

/** Filled in while the run goes on, so that nothing is forgotten when it breaks off. */
export interface RunProgress {
  conversation: AppleConversation | null
  /** What Apple said of the location, and when: a good answer. */
  accepted: { readonly config: LocationConfig; readonly at: Instant } | null
  /** An older record of the tenant serves the location: only its configuration was asked for (graph H7). */
  isDuplicate: boolean
  /** What happened to the ownership of the location, in order. */
  readonly ownershipEvents: OwnershipEvent[]
  /** The administrator's wish to claim the location was acted upon: it is used up (graph 9, row 10). */
  isClaimDone: boolean
  /** Apple has taken it. */
  isClaimTaken: boolean
  /** Why a pending renewal was dropped by this run. */
  droppedRenewal: AppleFinding | null
  /** Every list was walked to its end: the counts are whole. */
  isWalked: boolean
  readonly lists: Partial<Record<AppleList, ReadList>>
  /** Lists whose delta broke off: should the run fail, the next one walks them in full. */
  readonly doubted: Set<AppleList>
  /** Null until every list was read to its end. */
  counts: AppleCounts | null
  /** Changes that the run's history lists, and those beyond its bound. */
  changesListed: number
  changesUnlisted: number
  assetsUneven: number
  rowsAdded: number
  rowsChanged: number
  rowsRemoved: number
  rowsSuspect: number
}

export function noProgress(): RunProgress {
  return {
    conversation: null,
    accepted: null,
    isDuplicate: false,
    ownershipEvents: [],
    isClaimDone: false,
    isClaimTaken: false,
    droppedRenewal: null,
    isWalked: false,
    lists: {},
    doubted: new Set(),
    counts: null,
    changesListed: 0,
    changesUnlisted: 0,
    assetsUneven: 0,
    rowsAdded: 0,
    rowsChanged: 0,
    rowsRemoved: 0,
    rowsSuspect: 0,
  }
}
