/** Part of a run's last transaction: the ownership as it has become, the wish that was used up, and when to look again. */
import { type Instant, instantOf, instantPlus } from '../../model/date-time-offset.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { ownershipAfter } from '../ownership/ownership-after.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

/** Apple's client/config is looked at hourly for owned locations (Apple 5). */
export const ownedIntervalMs = 3_600_000
/** What Apple tells of often comes in several messages: they are waited for. */
export const afterNewsMs = 5_000

export interface Settled {
  readonly ownership: Ownership | undefined
  /** The token with its wish used up, if it was. */
  readonly token: StoredToken
  /** When the next run is due at the latest, if this one went well. */
  readonly lookAgainAt: Instant | null
}

export async function settleOwnership(
  deps: Pick<SyncDeps, 'newId'>,
  stores: TenantStores,
  begun: BegunRun,
  stored: StoredToken,
  now: Date,
): Promise<Settled> {
  const { progress } = begun
  const token = progress.isClaimDone ? withoutWish(stored) : stored
  const locationId = progress.accepted?.config.uId ?? stored.record.locationId
  const before = locationId === null ? undefined : await stores.ownership.find(locationId)
  const ownership = before && ownershipAfter(before, progress.ownershipEvents)
  if (before && ownership && progress.ownershipEvents.length > 0) {
    await stores.ownership.put(ownership)
    await auditOwnership(
      stores,
      begun,
      { before, ownership },
      { id: deps.newId(), at: instantOf(now) },
    )
    await forgetRegistration(stores, begun)
  }
  return {
    ownership,
    token,
    lookAgainAt: await lookAgainAt(stores, begun, { ownership, token }, now),
  }
}

function withoutWish(token: StoredToken): StoredToken {
  return { ...token, record: { ...token.record, claimTokenManagementFromExternalMdm: false } }
}

/** Whoever held the location in between may have put another address there: ours is registered anew. */
async function forgetRegistration(
  stores: TenantStores,
  { taken, progress }: BegunRun,
): Promise<void> {
  if (!progress.ownershipEvents.some(({ kind }) => kind === 'claimed' || kind === 'lost')) return
  const channel = await stores.channels.find(taken.tokenId)
  if (channel) await stores.channels.put({ ...channel, url: null, retryAt: null })
}

async function auditOwnership(
  stores: TenantStores,
  { taken, run, progress }: BegunRun,
  { before, ownership }: { readonly before: Ownership; readonly ownership: Ownership },
  event: { readonly id: string; readonly at: Instant },
): Promise<void> {
  const isClaimed = progress.ownershipEvents.some(({ kind }) => kind === 'claimed')
  if (!isClaimed && before.state === ownership.state) return
  await stores.audit.insert({
    ...event,
    actor: 'pomona',
    action: isClaimed ? 'token.claimed' : 'token.ownershipChanged',
    subject: taken.tokenId,
    details: {
      locationId: ownership.locationId,
      mdmId: ownership.mdmId,
      oldState: before.state,
      state: ownership.state,
      holderId: progress.accepted?.config.mdm?.id ?? null,
      runId: run.id,
    },
  })
}

async function lookAgainAt(
  stores: TenantStores,
  { taken, startedAt, token: atStart }: BegunRun,
  { ownership, token }: { readonly ownership: Ownership | undefined; readonly token: StoredToken },
  now: Date,
): Promise<Instant | null> {
  const at = instantOf(now)
  const hadWish = atStart.record.claimTokenManagementFromExternalMdm
  const channel = await stores.channels.find(taken.tokenId)
  const news = Object.values(channel?.stale ?? {}).some((told) => told >= instantOf(startedAt))
  // A wish that was there from the start was acted upon, or Apple refused it.
  const isNew = !hadWish && token.record.claimTokenManagementFromExternalMdm
  const wishes = [
    ...(news ? [instantPlus(at, afterNewsMs)] : []),
    ...(isNew || ownership?.releaseBy === taken.tokenId ? [at] : []),
    ...(ownership?.confirmAt ? [ownership.confirmAt] : []),
    ...(ownership?.state === 'ours' ? [instantPlus(at, ownedIntervalMs)] : []),
  ]
  return wishes.sort()[0] ?? null
}
