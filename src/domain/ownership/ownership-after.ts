/** What becomes of the ownership of a location by what a run did and saw (Apple 7). Pure. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import { type Instant, instantPlus } from '../../model/date-time-offset.ts'
import type { Ownership } from '../../model/ownership.ts'

export type OwnershipEvent =
  /** Registered, and found so by a first look. */
  | { readonly kind: 'claimed'; readonly at: Instant }
  /** Still registered when it was looked at again. */
  | { readonly kind: 'confirmed'; readonly at: Instant }
  /** Another server, or none, stands where we were: asked for once more, Apple said so again. */
  | { readonly kind: 'lost'; readonly at: Instant }
  | { readonly kind: 'claimRefused'; readonly finding: AppleFinding }
  /** Another server holds the location than the one that the administrator saw. */
  | { readonly kind: 'claimOverdue'; readonly finding: AppleFinding }
  | { readonly kind: 'released'; readonly at: Instant }
  | { readonly kind: 'releaseRefused'; readonly finding: AppleFinding }

/** A claim counts when it stands after so long: two servers that claim at the same time see it (Apple 7). */
export const confirmAfterMs = 60_000

export function ownershipAfter(before: Ownership, events: readonly OwnershipEvent[]): Ownership {
  return events.reduce(after, before)
}

function after(ownership: Ownership, event: OwnershipEvent): Ownership {
  switch (event.kind) {
    case 'claimed': {
      const confirmAt = instantPlus(event.at, confirmAfterMs)
      return { ...ownership, confirmAt, seenHolder: null, finding: null }
    }
    case 'confirmed':
      return {
        ...inState(ownership, 'ours', event.at),
        confirmAt: null,
        seenHolder: null,
        finding: null,
      }
    case 'lost':
      return {
        ...inState(ownership, 'conflict', event.at),
        ...{ confirmAt: null, releaseBy: null, seenHolder: null },
      }
    case 'claimRefused':
      return { ...ownership, finding: event.finding }
    case 'claimOverdue':
      return { ...ownership, seenHolder: null, finding: event.finding }
    case 'released':
      return {
        ...inState(ownership, 'released', event.at),
        ...{ confirmAt: null, releaseBy: null, seenHolder: null, finding: null },
      }
    case 'releaseRefused':
      return { ...ownership, releaseBy: null, finding: event.finding }
  }
}

function inState(ownership: Ownership, state: Ownership['state'], at: Instant): Ownership {
  return ownership.state === state ? ownership : { ...ownership, state, stateSince: at }
}
