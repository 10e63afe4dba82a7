import type { AppleFinding } from '../model/apple-finding.ts'
import type { ErrorMeaning } from './errors.ts'

/** One try that did not bring a good answer: what it means, and what Apple said about waiting. */
export interface Refusal {
  readonly finding: AppleFinding
  readonly meaning: ErrorMeaning
  /** Apple's Retry-After in milliseconds from now, not capped; absent without one. */
  readonly retryAfterMs?: number
}

export function refusal(
  meaning: ErrorMeaning,
  facts: Omit<AppleFinding, 'reason' | 'isDefinite' | 'notBefore'>,
): Refusal {
  return {
    meaning,
    finding: { reason: meaning.reason, isDefinite: meaning.isDefinite, ...facts },
  }
}
