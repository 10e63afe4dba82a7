/** What one refresh of names, facts and pictures works with, and what has come of it so far. */
import type { StoreQuestions } from './asking-the-store.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

export interface MetadataRefresh {
  readonly deps: SyncDeps
  readonly run: BegunRun
  readonly store: StoreQuestions
  readonly tally: { asked: number; changed: number; icons: number; iconsMissed: number }
}
