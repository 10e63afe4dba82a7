/** Gives a location up because the administrator said so (Apple 7): the name says it to whoever looks, and notifications end. */
import { instantOf } from '../../model/date-time-offset.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import { isRegistered, releasedRegistration } from '../ownership/own-registration.ts'
import { configureLocation, refusalIn } from './configure-location.ts'
import { readAgain } from './read-again.ts'
import { endNotifications } from './register-notifications.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

/** Refusals are noted; passing trouble rejects with AppleTrouble, and the next run goes on. */
export async function releaseLocation(
  deps: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
  ownership: Ownership,
): Promise<void> {
  const { progress } = begun
  const wanted = releasedRegistration(ownership, deps.instanceName)
  try {
    await endNotifications(deps, begun, conversation)
    await configureLocation(conversation, { mdm: wanted })
  } catch (error) {
    progress.ownershipEvents.push({ kind: 'releaseRefused', finding: refusalIn(error) })
    return
  }
  const isStanding = isRegistered(await readAgain(deps, begun, conversation), wanted)
  const at = instantOf(deps.clock.now())
  progress.ownershipEvents.push({ kind: isStanding ? 'released' : 'lost', at })
}
