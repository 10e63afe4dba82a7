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
 * refuses is noted and leaves the wish as it is; passing trouble rejects with AppleTrouble.
 */
export async function claimLocation(
  deps: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  const { progress } = begun
  const config = progress.accepted?.config
  if (!config) return
  const ownership = await storedOwnership(deps, begun, config.uId)
  const wanted = registration(ownership, deps.instanceName)
  const overdue = overdueFinding(ownership, config)
  if (overdue) {
    progress.ownershipEvents.push({ kind: 'claimOverdue', finding: overdue })
    progress.isClaimDone = true
    return
  }
  if (ownership.state === 'ours' && isRegistered(config, wanted)) {
    progress.isClaimDone = true
    return
  }
  if (!isRegistered(config, wanted)) {
    try {
      await configureLocation(conversation, { mdm: wanted })
    } catch (error) {
      progress.ownershipEvents.push({ kind: 'claimRefused', finding: refusalIn(error) })
      return
    }
  }
  const isStanding = isRegistered(await readAgain(deps, begun, conversation), wanted)
  const at = instantOf(deps.clock.now())
  // Whoever came in between has the location: to take it from them is a new wish (graph 9, row 10).
  progress.ownershipEvents.push({ kind: isStanding ? 'claimed' : 'lost', at })
  progress.isClaimDone = true
}

/** Its id is stored before anybody sees it, so that a run that comes after a crash knows it again (Apple C17). */
async function storedOwnership(
  { clock }: SyncDeps,
  { taken, tenant }: BegunRun,
  locationId: string,
): Promise<Ownership> {
  return tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(taken.tokenId, taken.fence)
    const known = await stores.ownership.find(locationId)
    if (known) return known
    const fresh = observed({ locationId, mdmId: newMdmId(), at: instantOf(clock.now()) })
    await stores.ownership.put(fresh)
    return fresh
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
