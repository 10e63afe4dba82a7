/** Asks Apple, briefly, which location stands behind a content token: before a renewal, and before an upload (graph H5). */
import { type AppleFinding, AppleTrouble } from '../../model/apple-finding.ts'
import type { LocationConfig } from '../../model/apple-rows.ts'
import type { Clock } from '../../model/clock.ts'
import type { AppleVpp } from '../../ports/apple-vpp.ts'

export type LocationAnswer =
  | { readonly kind: 'location'; readonly config: LocationConfig }
  /** A verdict on the content token. */
  | { readonly kind: 'refused'; readonly finding: AppleFinding }
  /** No usable answer in time: nothing is known. */
  | { readonly kind: 'unreachable'; readonly finding: AppleFinding }

/** Longest wait of a caller for Apple (graph H5). */
const patienceMs = 5_000

export async function askLocation(
  { apple, clock }: { readonly apple: AppleVpp; readonly clock: Clock },
  credential: string,
  locationKey: string,
): Promise<LocationAnswer> {
  const outOfPatience = new AbortController()
  const settled = new AbortController()
  const patience = clock
    .sleep(patienceMs, settled.signal)
    .then(() => outOfPatience.abort(new Error('Apple did not answer in time')))
    .catch(() => undefined) // the answer came first
  const conversation = apple.converse(credential, locationKey, outOfPatience.signal)
  try {
    return { kind: 'location', config: await conversation.readConfig() }
  } catch (error) {
    if (error instanceof AppleTrouble)
      return { kind: error.finding.isDefinite ? 'refused' : 'unreachable', finding: error.finding }
    if (!outOfPatience.signal.aborted) throw error
    // What was met on the way says more than that it took too long.
    const met = conversation.log.refusals.at(-1)?.text
    const detail = met ?? `no answer within ${patienceMs / 1_000} seconds`
    return {
      kind: 'unreachable',
      finding: { reason: 'appleUnavailable', isDefinite: false, detail },
    }
  } finally {
    settled.abort()
    await patience
  }
}
