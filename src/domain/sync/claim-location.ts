/** Takes a location over because the administrator said so (Apple 7): register, then look whether it stands. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import type { LocationConfig } from '../../model/apple-rows.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import { type Ownership, observed } from '../../model/ownership.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import { newMdmId } from '../ownership/new-mdm-id.ts'
import { isRegistered, registration } from '../ownership/own-registration.ts'
import { configureLocation, refusalIn } from './configure-location.ts'
import { readAgain } from './read-again.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

/**
 * Sends nothing when the registration stands already: an earlier run may have been cut off behind its request. What Apple
 * refuses is noted and leaves the wish as it is; passing trouble rejects with AppleTrouble. False = the wish was taken back, and
 * nothing was done.
 */
export async function claimLocation(
  deps: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
): Promise<boolean> {
  const { progress } = begun
  const config = progress.accepted?.config
  if (!config) return true
  const ownership = await beginClaim(deps, begun, config.uId)
  if (!ownership) return false
  const wanted = registration(ownership, deps.instanceName)
  const overdue = overdueFinding(ownership, config)
  if (overdue) {
    progress.ownershipEvents.push({ kind: 'claimOverdue', finding: overdue })
    progress.isClaimDone = true
    return true
  }
  // Where Apple has refused writes with 9645, registering once more shows whether it still does.
  const isRefusing = begun.token.finding?.reason === 'heldByOtherMdm'
  const isStanding = isRegistered(config, wanted) && !isRefusing
  if (ownership.state === 'ours' && isStanding) {
    progress.isClaimDone = true
    return true
  }
  if (!isStanding) {
    try {
      await configureLocation(conversation, { mdm: wanted })
      progress.isClaimTaken = true
    } catch (error) {
      progress.ownershipEvents.push({ kind: 'claimRefused', finding: refusalIn(error) })
      return true
    }
  }
  const isClaimed = isRegistered(await readAgain(deps, begun, conversation), wanted)
  const at = instantOf(deps.clock.now())
  // Whoever came in between has the location: to take it from them is a new wish (graph 9, row 10).
  progress.ownershipEvents.push({ kind: isClaimed ? 'claimed' : 'lost', at })
  progress.isClaimDone = true
  return true
}

/**
 * The wish as it is now, and the id that it registers, which is stored before anybody sees it, so that a run that comes after a
 * crash knows it again (Apple C17). The last wish counts: a release that waits was asked for before. Undefined = the wish was
 * taken back since the run began.
 */
async function beginClaim(
  { clock }: SyncDeps,
  { taken, tenant }: BegunRun,
  locationId: string,
): Promise<Ownership | undefined> {
  return tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(taken.tokenId, taken.fence)
    const { record } = await stores.tokens.get(taken.tokenId)
    if (!record.claimTokenManagementFromExternalMdm) return undefined
    const known = await stores.ownership.find(locationId)
    if (known && known.releaseBy === null) return known
    const fresh = known ?? observed({ locationId, mdmId: newMdmId(), at: instantOf(clock.now()) })
    const claimed = { ...fresh, releaseBy: null }
    await stores.ownership.put(claimed)
    return claimed
  })
}

/** A claim through Pomona's own API names the server that the administrator saw: another one is not taken over blindly. */
function overdueFinding(
  { seenHolder, mdmId }: Ownership,
  { mdm }: LocationConfig,
): AppleFinding | undefined {
  const holderId = mdm?.id ?? null
  if (seenHolder === null || seenHolder.id === holderId || holderId === mdmId) return undefined
  const holder = mdm === null ? 'no server any more' : `"${mdm.name ?? ''}" (id ${mdm.id})`
  return {
    reason: 'heldByOtherMdm',
    isDefinite: false,
    detail: `the location is held by ${holder}, and not by the server that was seen; claim it again if it is to be taken from there`,
  }
}
