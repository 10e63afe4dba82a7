/** Where the next run of a token goes on: what the last completed one knew of each of Apple's lists (Apple 3.3, C7, C8). */
import type { Instant } from './date-time-offset.ts'

export type AppleList = 'assets' | 'assignments' | 'users'

/** `unchanged`: its first page showed the version known. `delta`: what came or changed after a version. */
export type ListReading = 'unchanged' | 'delta' | 'full'

export interface ListState {
  /** Stands for the whole list: behind it the next delta begins. */
  readonly versionId: string
  /** When the last complete walk began during which the list did not move; null = the next run walks it in full. */
  readonly walkedAt: Instant | null
}

/** A list that is absent was never read to its end. */
export type SyncState = Readonly<Partial<Record<AppleList, ListState>>>
