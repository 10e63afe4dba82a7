import { Failure } from '../model/failure.ts'
import { type IntentView, isEnded, type LicenseApi } from './license-api.ts'
import type { Patience } from './wait-for-sync.ts'

/** The intent once it has ended; `seen` is told of each look. Failure `unavailable` when that takes longer than the limit. */
export async function waitForIntent(
  api: Pick<LicenseApi, 'intent'>,
  id: string,
  { pollMs, limitMs, now, sleep }: Patience,
  seen: (intent: IntentView) => void,
): Promise<IntentView> {
  const endMs = now() + limitMs
  for (;;) {
    const intent = await api.intent(id)
    seen(intent)
    if (isEnded(intent)) return intent
    if (now() >= endMs)
      throw new Failure(
        'unavailable',
        `The change '${id}' has not ended within ${Math.round(limitMs / 1_000)} s. It goes on at the service; look again with: pomona license show ${id}.`,
      )
    await sleep(pollMs)
  }
}
