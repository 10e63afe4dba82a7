/** Asks for a sync now (graph 4.2, D10, H7): stores the run and makes its token due; the due loop does the rest. */
import type { Clock } from '../../model/clock.ts'
import { instantOf, utc } from '../../model/date-time-offset.ts'
import type { NewId, TokenId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { queuedRun } from '../../model/sync-run.ts'
import type { Storage, TenantStores } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { absentToken, getToken } from '../tokens/read-tokens.ts'

export interface SyncRequestDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly newId: NewId
  /** In `off` nothing contacts Apple and an action changes nothing (graph D2, G6). */
  readonly appleMode: 'live' | 'simulated' | 'off'
}

/** Answers the token as stored. While a run is active there is no second one. Failure `notFound` when absent. */
export async function requestSync(
  deps: SyncRequestDeps,
  actor: Actor,
  tokenId: TokenId,
): Promise<StoredToken> {
  if (deps.appleMode === 'off') return getToken(deps.storage, actor, tokenId)
  return deps.storage.forTenant(actor.tenantId).transaction(async (stores) => {
    const token = await stores.tokens.find(tokenId)
    if (!token) throw absentToken(tokenId)
    const active = await stores.runs.findActive(tokenId)
    if (!active) await queueRun(deps, stores, actor, tokenId)
    await stores.tokens.makeDue(tokenId, instantOf(deps.clock.now()))
    return showInProgress(deps, stores, tokenId)
  })
}

async function queueRun(
  { clock, newId }: SyncRequestDeps,
  stores: TenantStores,
  actor: Actor,
  tokenId: TokenId,
): Promise<void> {
  const now = instantOf(clock.now())
  const run = queuedRun({ id: newId(), tokenId, cause: 'request', now })
  await stores.runs.insert(run)
  await stores.audit.insert({
    id: newId(),
    at: now,
    actor: actor.name,
    action: 'token.syncRequested',
    subject: tokenId,
    details: { runId: run.id },
  })
}

async function showInProgress(
  { clock }: SyncRequestDeps,
  stores: TenantStores,
  tokenId: TokenId,
): Promise<StoredToken> {
  const token = await stores.tokens.get(tokenId)
  if (token.record.lastSyncStatus === 'inProgress') return token
  const record = {
    ...token.record,
    lastSyncStatus: 'inProgress',
    lastModifiedDateTime: utc(instantOf(clock.now())),
  } as const
  return stores.tokens.update({ ...token, record })
}
