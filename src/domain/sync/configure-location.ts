/** One change of `client/config`, sent so that it is not made twice without need (Apple 5, "lost answer"). */
import { type AppleFinding, AppleTrouble } from '../../model/apple-finding.ts'
import type { ConfigChange } from '../../model/apple-write.ts'
import type { StateReason } from '../../model/vpp-token-types.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'

/** A lost answer is looked for, and the change sent again, once, only where it is not there. Rejects with AppleTrouble. */
export async function configureLocation(
  conversation: AppleConversation,
  change: ConfigChange,
): Promise<void> {
  if (await isTaken(conversation, change)) return
  if (await conversation.isConfigured(change)) return
  if (await isTaken(conversation, change)) return
  if (await conversation.isConfigured(change)) return
  throw new AppleTrouble({
    reason: 'appleUnavailable',
    isDefinite: false,
    detail: 'twice no answer to a change of client/config, and it was not made',
  })
}

/** False = nobody knows. */
async function isTaken(conversation: AppleConversation, change: ConfigChange): Promise<boolean> {
  try {
    await conversation.configure(change)
    return true
  } catch (error) {
    if (error instanceof AppleTrouble && error.finding.isAnswerLost) return false
    throw error
  }
}

/** Trouble that concerns the whole run: it breaks off and comes again by itself. */
const passing: ReadonlySet<StateReason> = new Set([
  'throttled',
  'maintenance',
  'appleUnavailable',
  'tlsRefused',
  'serviceGone',
])

/** Why Apple refuses a change; rethrows whatever says nothing about the change itself. */
export function refusalIn(error: unknown): AppleFinding {
  if (!(error instanceof AppleTrouble)) throw error
  const { isDefinite, reason, notBefore, item, stopsToken } = error.finding
  // A number that nobody knows may pass too: then there is an instant to wait for (Apple 4.1).
  const isPassing = passing.has(reason) || (notBefore !== undefined && item === undefined)
  if (isDefinite || isPassing || stopsToken) throw error
  return error.finding
}
