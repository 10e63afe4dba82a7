/** What a token is good for: the table of Apple 9.4 with the precedence of graph G14. Pure. */
import { type Instant, instantOf, instantPlus, neverInstant } from '../../model/date-time-offset.ts'
import type { RecommendedAction, StateReason, VppTokenState } from '../../model/vpp-token-types.ts'
import type { TokenFacts } from './token-facts.ts'

export interface TokenState {
  readonly state: VppTokenState
  readonly stateReason: StateReason
  readonly recommendedAction: RecommendedAction
}

const recentMs = 24 * 3_600_000

/** The first row that applies decides. Trouble that says nothing about the token decides only while nothing else is known. */
export function tokenState(facts: TokenFacts, now: Date): TokenState {
  const { finding } = facts
  const verdict = finding?.isDefinite ? finding.reason : null
  const isVerified = facts.verifiedAt !== neverInstant

  if (verdict === 'expired' || hasExpired(facts.expiresAt, now)) return as('expired', 'expired')
  // 9645 is a verdict too: it tells who manages the location, not that the token is bad.
  if (verdict !== null && verdict !== 'heldByOtherMdm') return as('invalid', verdict)
  if (!isVerified && verdict === null) return as('unknown', finding?.reason ?? 'neverChecked')
  if (verdict === 'heldByOtherMdm' || facts.holder !== null)
    return as('assignedToExternalMDM', 'heldByOtherMdm')
  if (facts.olderTwinName !== null) return as('duplicateLocationId', 'duplicateLocation')
  if (!facts.isHeldByPomona) {
    const unclaimed = as('valid', 'unclaimed')
    return facts.halfHeld === 'confirming' ? { ...unclaimed, recommendedAction: 'wait' } : unclaimed
  }
  if (finding?.reason === 'insufficientRights') return as('valid', 'insufficientRights')
  if (finding?.reason === 'serviceGone') return as('valid', 'serviceGone')
  if (instantOf(now) >= instantPlus(facts.verifiedAt, recentMs))
    return as('valid', 'notVerifiedRecently')
  return as('valid', 'ok')
}

/** True from the very instant on; never for the year 1. */
export function hasExpired(expiresAt: Instant, now: Date): boolean {
  return expiresAt !== neverInstant && expiresAt <= instantOf(now)
}

function as(state: VppTokenState, stateReason: StateReason): TokenState {
  return { state, stateReason, recommendedAction: actionFor(state, stateReason) }
}

const actions: Readonly<Record<StateReason, RecommendedAction>> = {
  ok: 'nothing',
  neverChecked: 'wait',
  expired: 'renew',
  revokedByApple: 'renew',
  rejectedByApple: 'renew',
  unreadableToken: 'renew',
  loginRequired: 'renew',
  legacyToken: 'renew',
  locationMismatch: 'renew',
  insufficientRights: 'renew',
  heldByOtherMdm: 'claim',
  unclaimed: 'claim',
  duplicateLocation: 'removeDuplicate',
  throttled: 'wait',
  maintenance: 'wait',
  appleUnavailable: 'wait',
  tlsRefused: 'checkNetwork',
  notificationsOff: 'nothing',
  notVerifiedRecently: 'checkNetwork',
  serviceGone: 'updatePomona',
  clientDefect: 'reportDefect',
  unknownAppleError: 'reportDefect',
}

function actionFor(state: VppTokenState, reason: StateReason): RecommendedAction {
  // With 401 the unknown number stopped the token: only another one helps.
  return state === 'invalid' && reason === 'unknownAppleError' ? 'renew' : actions[reason]
}
