/** Apple has told of an event: a hint that it may have ended, so its outcome is asked for sooner (Apple 6, C9). Never the proof. */
import type { Instant } from '../../model/date-time-offset.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { hastenedPoll } from './poll-times.ts'

/** Makes the token due whose intent waits for the event; nothing for an event that nobody here waits for. */
export async function hastenEvent(
  { intents, tokens }: Pick<TenantStores, 'intents' | 'tokens'>,
  { eventId, now }: { readonly eventId: string; readonly now: Instant },
): Promise<void> {
  const step = await intents.findStepOf(eventId)
  const intent = step && (await intents.find(step.intentId))
  if (!intent) return
  const pollAt = hastenedPoll(step, now)
  const wakeAt = pollAt < intent.wakeAt ? pollAt : intent.wakeAt
  await intents.updateStep({ ...step, pollAt })
  await intents.update({ ...intent, wakeAt })
  await tokens.makeDue(intent.record.tokenId, wakeAt)
}
