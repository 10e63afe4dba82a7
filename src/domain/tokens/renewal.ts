/** Whether a new content token may take the place of the stored one, and whether at once or after a proof (graph H5). */
import type { AppleFinding } from '../../model/apple-finding.ts'
import type { Clock } from '../../model/clock.ts'
import { neverInstant } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { tokenName } from '../../model/token-name.ts'
import type { AppleVpp } from '../../ports/apple-vpp.ts'
import { askLocation } from './ask-location.ts'
import type { SentContent } from './new-record.ts'

export type Renewal =
  /** The new content token is in force from now on. */
  | 'replace'
  /** Apple could not be asked: the old one stays in force until a run has proved the new one. */
  | 'pend'

/**
 * Asks Apple, so never call it inside a transaction. Failure `invalidModel` for a text that is no content token, `conflict`
 * for one that Apple refuses or that serves another location; then nothing has changed. A stored token that was never
 * proven is simply replaced.
 */
export async function judgeRenewal(
  deps: { readonly apple: AppleVpp | null; readonly clock: Clock },
  stored: StoredToken,
  content: SentContent,
): Promise<Renewal> {
  const { locationId, lastVerifiedDateTime } = stored.record
  const wasProven = lastVerifiedDateTime.instant !== neverInstant
  if (deps.apple === null || !wasProven || locationId === null) return 'replace'
  if (!content.parsed.ok)
    throw new Failure(
      'invalidModel',
      `The value of 'token' cannot renew this token. ${content.parsed.problem.message} Nothing was changed.`,
      { property: 'token' },
    )
  const asked = { apple: deps.apple, clock: deps.clock }
  const answer = await askLocation(asked, content.credential, locationId)
  switch (answer.kind) {
    case 'unreachable':
      return 'pend'
    case 'refused':
      throw refusedByApple(answer.finding)
    case 'location':
      if (answer.config.uId === locationId) return 'replace'
      throw wrongLocation(stored, {
        uId: answer.config.uId,
        name: answer.config.locationName,
      })
  }
}

function refusedByApple({ reason, errorNumber }: AppleFinding): Failure {
  const number = errorNumber === undefined ? '' : `, ${errorNumber}`
  return new Failure(
    'conflict',
    `Apple does not accept the new content token (${reason}${number}). Nothing was changed; the stored one stays in force. Download a new one and send it unchanged.`,
    { property: 'token' },
  )
}

/** The sentence of F14 (Apple 1.5). */
export function wrongLocation(
  { record }: StoredToken,
  found: { readonly uId: string; readonly name: string | null },
): Failure {
  return new Failure(
    'conflict',
    `This content token is for location "${found.name ?? 'without a name'}" (id ${found.uId}), but "${tokenName(record)}" serves "${record.locationName ?? 'without a name'}" (id ${record.locationId}). Nothing was changed.`,
    { property: 'token' },
  )
}
