/** Reads of a token's syncs and of what they changed; no call to Apple is made and nothing changes. */
import { Failure } from '../../model/failure.ts'
import type { RunId, TokenId } from '../../model/ids.ts'
import type { SyncRun } from '../../model/sync-run.ts'
import type { Storage } from '../../ports/storage.ts'
import type { SyncRunReads } from '../../ports/sync-run-store.ts'
import type { Actor } from '../tokens/actor.ts'
import { getToken } from '../tokens/read-tokens.ts'

/** Failure `notFound` when the token is absent: it has no history then. */
export async function runsOfToken(
  storage: Storage,
  actor: Actor,
  tokenId: TokenId,
): Promise<Pick<SyncRunReads, 'list' | 'count'>> {
  await getToken(storage, actor, tokenId)
  return storage.forTenant(actor.tenantId).reads.runs
}

/** Failure `notFound`, in the same words for an absent id and for one of another tenant (graph D8). */
export async function getRun(storage: Storage, actor: Actor, id: RunId): Promise<SyncRun> {
  const run = await storage.forTenant(actor.tenantId).reads.runs.find(id)
  if (run) return run
  throw new Failure(
    'notFound',
    `There is no sync run '${id}' here. Runs are kept for a set time; list those of its token to see which there are.`,
  )
}

/** Failure `notFound` when the run is absent. */
export async function changesOfRun(
  storage: Storage,
  actor: Actor,
  id: RunId,
): Promise<Pick<SyncRunReads, 'changes' | 'countChanges'>> {
  await getRun(storage, actor, id)
  return storage.forTenant(actor.tenantId).reads.runs
}
