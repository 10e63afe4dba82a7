/** Why the last sync of a token failed: its run knows, whatever else the token's own state is about (Apple 9.4). */
import type { HistoryApi, RunView } from './history-api.ts'
import type { TokenView } from './token-api.ts'

/** A run that failed, with what it met. */
export type FailedRun = RunView & { readonly finding: NonNullable<RunView['finding']> }

/** Runs that something newer has overtaken, or that have not ended, stand before the one that is looked for. */
const looksBack = 10

/** The newest ended run of a token whose last sync failed. Undefined = that went well, or its run is not kept any more. */
export async function findFailedRun(
  { runs }: Pick<HistoryApi, 'runs'>,
  { id, lastSyncStatus }: Pick<TokenView, 'id' | 'lastSyncStatus'>,
): Promise<FailedRun | undefined> {
  if (lastSyncStatus !== 'failed') return undefined
  const newest = (await runs(id, looksBack)).find(
    ({ status }) => status === 'completed' || status === 'failed',
  )
  return newest?.status === 'failed' && newest.finding !== null
    ? { ...newest, finding: newest.finding }
    : undefined
}
