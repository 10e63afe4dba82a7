/** Asks for a location to be claimed, in full sight of who holds it (Apple 7); the token's next run does it. */

import type { Clock } from '../../model/clock.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { NewId, TokenId } from '../../model/ids.ts'
import { observed, type SeenHolder } from '../../model/ownership.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { Storage, TenantStores } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { queueRun } from '../tokens/queue-run.ts'
import { absentToken } from '../tokens/read-tokens.ts'
import { newMdmId } from './new-mdm-id.ts'
import { type Owner, ownerOf } from './owner-of.ts'

export interface OwnershipDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly newId: NewId
  readonly appleMode: 'live' | 'simulated' | 'off'
}

/**
 * `seen`: the server that the caller knows to hold the location. Failure `conflict` when that is another one by now, when the
 * location is not known yet, or when Apple is asked nothing; then nothing has changed.
 */
export async function requestClaim(
  deps: OwnershipDeps,
  actor: Actor,
  tokenId: TokenId,
  seen: SeenHolder,
): Promise<Owner> {
  const now = instantOf(deps.clock.now())
  return deps.storage.forTenant(actor.tenantId).transaction(async (stores) => {
    const token = await requireToken(stores, tokenId)
    const locationId = requireLocation(deps, token)
    requireSameHolder(token, seen)
    const known =
      (await stores.ownership.find(locationId)) ??
      observed({ locationId, mdmId: newMdmId(), at: now })
    await stores.ownership.put({ ...known, seenHolder: seen, finding: null })
    const claiming = await stores.tokens.update({
      ...token,
      record: { ...token.record, claimTokenManagementFromExternalMdm: true },
    })
    await queueRun(stores, { tokenId, cause: 'claim', now, newId: deps.newId })
    await stores.audit.insert({
      id: deps.newId(),
      at: now,
      actor: actor.name,
      action: 'token.claimRequested',
      subject: tokenId,
      details: { locationId, holderId: seen.id },
    })
    return ownerOf(stores, claiming)
  })
}

/** Failure `conflict` when the location is not ours to give up. */
export async function requestRelease(
  deps: OwnershipDeps,
  actor: Actor,
  tokenId: TokenId,
): Promise<Owner> {
  const now = instantOf(deps.clock.now())
  return deps.storage.forTenant(actor.tenantId).transaction(async (stores) => {
    const token = await requireToken(stores, tokenId)
    const locationId = requireLocation(deps, token)
    const known = await stores.ownership.find(locationId)
    if (known?.state !== 'ours')
      throw new Failure(
        'conflict',
        `The location "${token.record.locationName ?? locationId}" is not Pomona's, so there is nothing to give up. Nothing was changed; see who holds it with: pomona token owner ${tokenId}.`,
      )
    await stores.ownership.put({ ...known, releaseBy: tokenId, finding: null })
    await takeClaimsBack(stores, locationId)
    await queueRun(stores, { tokenId, cause: 'release', now, newId: deps.newId })
    await stores.audit.insert({
      id: deps.newId(),
      at: now,
      actor: actor.name,
      action: 'token.releaseRequested',
      subject: tokenId,
      details: { locationId },
    })
    return ownerOf(stores, await requireToken(stores, tokenId))
  })
}

/** The last wish counts: a claim that waits was asked for before. */
async function takeClaimsBack({ tokens }: TenantStores, locationId: string): Promise<void> {
  for (const token of await tokens.listByLocation(locationId)) {
    if (!token.record.claimTokenManagementFromExternalMdm) continue
    const record = { ...token.record, claimTokenManagementFromExternalMdm: false }
    await tokens.update({ ...token, record })
  }
}

async function requireToken(stores: TenantStores, id: TokenId): Promise<StoredToken> {
  const token = await stores.tokens.find(id)
  if (!token) throw absentToken(id)
  return token
}

function requireLocation({ appleMode }: OwnershipDeps, { record }: StoredToken): string {
  if (appleMode === 'off')
    throw new Failure(
      'conflict',
      'This service asks nobody (its setting apple-mode is off), so no location can be claimed or given up. Nothing was changed.',
    )
  if (record.locationId !== null) return record.locationId
  throw new Failure(
    'conflict',
    'It is not known yet which location this token serves. Nothing was changed; wait for its first good sync.',
  )
}

function requireSameHolder({ record }: StoredToken, seen: SeenHolder): void {
  const holderId = record.mdmHolder === null ? null : String(record.mdmHolder.id)
  if (holderId === seen.id) return
  const holder =
    record.mdmHolder === null ? 'no server' : `"${record.mdmHolder.name ?? ''}" (id ${holderId})`
  throw new Failure(
    'conflict',
    `The location is held by ${holder} now, and not by the one that was seen (${seen.id ?? 'none'}). Nothing was changed; look at it again, and claim it from the one that holds it.`,
    { property: 'holderId' },
  )
}
