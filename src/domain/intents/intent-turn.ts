/** What one turn of work on a token's intents is given: the token, its conversation with Apple, and writes that check the fence. */
import { AppleTrouble } from '../../model/apple-finding.ts'
import { parseContentToken } from '../../model/content-token.ts'
import { type Instant, instantOf, instantPlus } from '../../model/date-time-offset.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import type { TakenToken } from '../../ports/instance-store.ts'
import type { TenantStorage, TenantStores } from '../../ports/storage.ts'
import { locationOf, type Pool, poolFor, type TokenAtLocation } from '../licenses/location-of.ts'
import type { HeldLeases } from '../sync/held-leases.ts'
import type { SyncDeps } from '../sync/run-context.ts'
import { saysNoToWriting } from '../sync/token-after-run.ts'
import { showWriting } from './show-writing.ts'

export interface IntentTurn {
  readonly deps: SyncDeps
  readonly taken: TakenToken
  readonly tenant: TenantStorage
  readonly at: TokenAtLocation
  readonly pool: Pool
  /** Opened when it is first asked for. */
  conversation(): Promise<AppleConversation>
  /** Awaited before each chunk. Rejects when the turn must stop; keeps its leases. */
  checkpoint(): Promise<void>
  /** One unit of work. Failure `superseded` when the token is gone or taken by somebody else. */
  write<T>(work: (stores: TenantStores, now: Instant) => Promise<T>): Promise<T>
  /** Apple has taken a write: what was said against writing is over. */
  writesAreTaken(): Promise<void>
  /** Rejects with `LocationTaken` when another server has become the manager of the location (Apple 7). */
  requireStillOurs(): Promise<void>
}

/** Another server manages the location now; asked for once more, Apple said so again. */
export class LocationTaken extends Error {}

export async function intentTurn(
  deps: SyncDeps,
  taken: TakenToken,
  leases: HeldLeases,
  signal: AbortSignal,
): Promise<IntentTurn> {
  const tenant = deps.storage.forTenant(taken.tenantId)
  const write: IntentTurn['write'] = (work) =>
    tenant.transaction(async (stores) => {
      await stores.tokens.checkFence(taken.tokenId, taken.fence)
      return work(stores, instantOf(deps.clock.now()))
    })
  const place = { tenantId: taken.tenantId, recordId: taken.tokenId, property: 'token' } as const
  const { at, sealed } = await write(async (stores) => ({
    at: await locationOf(stores, taken.tokenId),
    sealed: await stores.secrets.find(place),
  }))
  const holderId = at.ownership?.mdmId ?? null
  let opened: AppleConversation | undefined
  let seen = 0

  const conversation = async () => {
    if (opened) return opened
    const content = parseContentToken(sealed ? deps.secretBox.open(place, sealed) : '')
    if (!content.ok)
      throw new AppleTrouble({
        reason: 'unreadableToken',
        isDefinite: true,
        detail: content.problem.message,
      })
    opened = deps.apple.converse(content.value.outer, taken.lease.locationKey, signal)
    const { locationId } = at.token.record
    if (locationId !== null) opened.expectLocation(locationId)
    return opened
  }

  return {
    ...{ deps, taken, tenant, at, write, conversation },
    pool: poolFor(at),
    async checkpoint() {
      signal.throwIfAborted()
      await leases.refresh()
    },
    async writesAreTaken() {
      if (at.token.finding && saysNoToWriting(at.token.finding))
        await write((stores, now) => showWriting(stores, deps, at, null, now))
    },
    async requireStillOurs() {
      const { log, readConfig } = await conversation()
      // Whoever has taken the location over since the last sync is not overwritten.
      if (log.mdmIds.length === 0) await readConfig()
      const news = log.mdmIds.slice(seen)
      seen = log.mdmIds.length
      if (!news.some((id) => id !== holderId)) return
      const { mdm } = await readConfig()
      if ((mdm?.id ?? null) !== holderId) throw new LocationTaken()
    },
  }
}

export function after(instant: Instant, seconds: number): Instant {
  return instantPlus(instant, seconds * 1_000)
}
