/** The steps of a run that concern who manages the location (Apple 7): claim it, confirm a claim, give it up, notice its loss. */
import type { LocationConfig } from '../../model/apple-rows.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import { ownershipAfter } from '../ownership/ownership-after.ts'
import { claimLocation } from './claim-location.ts'
import { readAgain } from './read-again.ts'
import { releaseLocation } from './release-location.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

/**
 * After the location is known and leased, before its lists are read. Leaves in `progress` what happened and the newest
 * configuration; answers who holds the location as far as is known now. Undefined = never claimed.
 */
export async function tendOwnership(
  deps: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
): Promise<Ownership | undefined> {
  const isClaimWanted = begun.token.record.claimTokenManagementFromExternalMdm
  if (!isClaimWanted || !(await claimLocation(deps, begun, conversation))) {
    await watchOwnership(deps, begun, () => readAgain(deps, begun, conversation))
    const ownership = await ownershipNow(begun)
    if (ownership?.releaseBy != null && ownership.state === 'ours')
      await releaseLocation(deps, begun, conversation, ownership)
  }
  return ownershipNow(begun)
}

/** As stored, with what this run has done and seen since. */
export async function ownershipNow(begun: BegunRun): Promise<Ownership | undefined> {
  const { accepted, ownershipEvents } = begun.progress
  if (!accepted) return undefined
  const stored = await begun.tenant.reads.ownership.find(accepted.config.uId)
  return stored && ownershipAfter(stored, ownershipEvents)
}

/** Compares who is registered with who should be; somebody else counts once `confirmed` names them too (Apple 7). */
async function watchOwnership(
  deps: SyncDeps,
  begun: BegunRun,
  confirmed: () => Promise<LocationConfig>,
): Promise<void> {
  const ownership = await ownershipNow(begun)
  const config = begun.progress.accepted?.config
  if (!ownership || !config) return
  const isExpected = ownership.state === 'ours' || ownership.confirmAt !== null
  if (!isExpected) return
  const at = instantOf(deps.clock.now())
  const isOurs = isHeldBy(config, ownership) || isHeldBy(await confirmed(), ownership)
  if (!isOurs) begun.progress.ownershipEvents.push({ kind: 'lost', at })
  else if (ownership.confirmAt !== null && at >= ownership.confirmAt)
    begun.progress.ownershipEvents.push({ kind: 'confirmed', at })
}

/**
 * After the lists are read: did one of those answers name another manager than the configuration did? `seen` = how many the
 * conversation had named before. The configuration is then read again, and counts (Apple 7, "every answer").
 */
export async function watchAnswers(
  deps: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
  seen: number,
): Promise<void> {
  const expected = begun.progress.accepted?.config.mdm?.id ?? null
  if (!conversation.log.mdmIds.slice(seen).some((id) => id !== expected)) return
  const config = await readAgain(deps, begun, conversation)
  await watchOwnership(deps, begun, async () => config)
}

export function isHeldBy({ mdm }: LocationConfig, { mdmId }: Ownership): boolean {
  return mdm?.id === mdmId
}

/** In a location that was given up nothing is read but who holds it, until it is claimed again. */
export function isGivenUp(ownership: Ownership | undefined): boolean {
  return ownership?.state === 'released' && ownership.confirmAt === null
}

export async function isOursNow(begun: BegunRun): Promise<boolean> {
  return (await ownershipNow(begun))?.state === 'ours'
}
