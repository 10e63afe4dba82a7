/** The first step: the run's row says that it runs, or the expiry is written without asking anybody. */
import type { Clock } from '../../model/clock.ts'
import { type Instant, instantOf, utc } from '../../model/date-time-offset.ts'
import type { NewId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { queuedRun, type SyncRun } from '../../model/sync-run.ts'
import type { SyncState } from '../../model/sync-state.ts'
import { tokenName } from '../../model/token-name.ts'
import type { TakenToken } from '../../ports/instance-store.ts'
import type { SealedSecret } from '../../ports/secret-box.ts'
import type { Storage, TenantStores } from '../../ports/storage.ts'
import { olderTwin } from './older-twin.ts'
import { auditState } from './state-audit.ts'
import { stayDueForIntents } from './stay-due.ts'
import { withState } from './token-after-run.ts'
import { hasExpired } from './token-state.ts'

export type Begun =
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'running'
      readonly run: SyncRun
      readonly state: SyncState
      readonly token: StoredToken
      readonly sealed: SealedSecret | undefined
      readonly pending: SealedSecret | undefined
    }

/** Failure `superseded` when the token is gone or somebody else's; then nothing is written. */
export function beginRun(
  { storage, clock, newId }: { storage: Storage; clock: Clock; newId: NewId },
  { tenantId, tokenId, fence }: TakenToken,
): Promise<Begun> {
  return storage.forTenant(tenantId).transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    const now = clock.now()
    const token = await stores.tokens.get(tokenId)
    const active = await stores.runs.findActive(tokenId)
    if (active === undefined && isOnlyExpiryDue(token, now)) {
      await writeExpiry(stores, token, now, newId)
      return { kind: 'expired' }
    }
    const run = await startRun(stores, { tokenId, active, now: instantOf(now), newId })
    const shown = await showInProgress(stores, token)
    const place = { tenantId, recordId: tokenId } as const
    const sealed = await stores.secrets.find({ ...place, property: 'token' })
    const pending = await stores.secrets.find({ ...place, property: 'pendingToken' })
    const state = await stores.syncState.find(tokenId)
    return { kind: 'running', run, state, token: shown, sealed, pending }
  })
}

function isOnlyExpiryDue({ record }: StoredToken, now: Date): boolean {
  return (
    record.nextSyncDateTime.instant > instantOf(now) &&
    record.state !== 'expired' &&
    hasExpired(record.expirationDateTime.instant, now)
  )
}

/** graph 9, row 8. */
async function writeExpiry(
  stores: TenantStores,
  token: StoredToken,
  now: Date,
  newId: NewId,
): Promise<void> {
  const { locationId } = token.record
  const twins = locationId === null ? [] : await stores.tokens.listByLocation(locationId)
  const twin = olderTwin(token, twins)
  const ownership = locationId === null ? undefined : await stores.ownership.find(locationId)
  const beside = { olderTwinName: twin ? tokenName(twin.record) : null, runId: null, ownership }
  const expired = withState(token, beside, now)
  const lastModifiedDateTime = utc(instantOf(now))
  await stores.tokens.update({ ...expired, record: { ...expired.record, lastModifiedDateTime } })
  await stayDueForIntents(stores, token.record.id)
  await auditState(stores, token, expired, { id: newId(), at: instantOf(now), runId: null })
}

async function startRun(
  stores: TenantStores,
  given: {
    readonly tokenId: string
    readonly active: SyncRun | undefined
    readonly now: Instant
    readonly newId: NewId
  },
): Promise<SyncRun> {
  const { tokenId, active, now, newId } = given
  if (active?.status === 'queued') {
    const run: SyncRun = { ...active, status: 'running', startedAt: now }
    await stores.runs.update(run)
    return run
  }
  // Whoever ran it before is gone: this token was due and free to take.
  if (active) await stores.runs.update({ ...active, status: 'superseded', endedAt: now })
  const cause = active ? 'interrupted' : 'schedule'
  const run: SyncRun = {
    ...queuedRun({ id: newId(), tokenId, cause, now }),
    status: 'running',
    startedAt: now,
  }
  await stores.runs.insert(run)
  return run
}

/** graph 9, row 4. */
async function showInProgress(stores: TenantStores, token: StoredToken): Promise<StoredToken> {
  if (token.record.lastSyncStatus === 'inProgress') return token
  return stores.tokens.update({
    ...token,
    record: { ...token.record, lastSyncStatus: 'inProgress' },
  })
}
