import type { AppleFinding } from '../model/apple-finding.ts'
import type { ErrorMeaning } from './errors.ts'

/** One try that did not bring a good answer: what it means, and what Apple said about waiting. */
export interface Refusal {
  readonly finding: AppleFinding
  readonly meaning: ErrorMeaning
  /** Apple's Retry-After in milliseconds from now, not capped; absent without one. */
  readonly retryAfterMs?: number
  /** Apple has certainly taken nothing of it: it said so by a number (Apple 2.1), or nothing was ever sent. */
  readonly isNotTaken?: true
}

export function refusal(
  meaning: ErrorMeaning,
  facts: Omit<
    AppleFinding,
    'reason' | 'isDefinite' | 'notBefore' | 'isVersionUnknown' | 'isOverLimits' | 'stopsToken'
  >,
): Refusal {
  const { reason, isDefinite, isVersionUnknown, isOverLimits, stopsToken } = meaning
  return {
    meaning,
    finding: {
      reason,
      isDefinite,
      ...(isVersionUnknown && { isVersionUnknown }),
      ...(isOverLimits && { isOverLimits }),
      ...(stopsToken && { stopsToken }),
      ...facts,
    },
  }
}

/**
 * The same about a write: unless Apple has certainly taken nothing, it may have taken all of it (Apple 4.2). A verdict stops the
 * token: whatever became of the write, nothing is sent again for it.
 */
export function refusalOfWrite(refused: Refusal): Refusal {
  const finding = { ...refused.finding, isOfWrite: true } as const
  if (refused.isNotTaken || finding.isDefinite) return { ...refused, finding }
  return { ...refused, finding: { ...finding, isAnswerLost: true } }
}
