/** Why the last sync of a token failed, in the service's own sentences, and when it is tried again. */
import type { HistoryApi } from '../client/history-api.ts'
import { type FailedRun, findFailedRun } from '../client/sync-trouble.ts'
import type { TokenView } from '../client/token-api.ts'
import { stateMessage } from '../domain/sync/state-message.ts'
import type { TokenFacts } from '../domain/sync/token-facts.ts'
import { tokenState } from '../domain/sync/token-state.ts'
import type { AppleFinding } from '../model/apple-finding.ts'
import { neverInstant, parseDateTimeOffset } from '../model/date-time-offset.ts'
import { type StateReason, stateReason } from '../model/vpp-token-types.ts'

export interface SyncTrouble {
  readonly runId: string
  readonly reason: string
  /** Apple's number. */
  readonly errorNumber: number | null
  readonly httpStatus: number | null
  readonly message: string
  readonly recommendedAction: string
  /** Year 1 = none is planned. */
  readonly nextSyncDateTime: string
}

/** Undefined = the last sync went well, or nothing is kept of it. */
export async function findTrouble(
  history: HistoryApi,
  token: TokenView,
  now: Date,
): Promise<SyncTrouble | undefined> {
  const run = await findFailedRun(history, token)
  return run && syncTrouble(token, run, now)
}

export function syncTrouble(
  token: TokenView,
  { id: runId, finding }: FailedRun,
  now: Date,
): SyncTrouble {
  const { reason, errorNumber, httpStatus, detail } = finding
  return {
    ...{ runId, reason, errorNumber, httpStatus },
    ...(reason === token.stateReason
      ? { message: token.stateMessage ?? detail ?? reason, ...action(token) }
      : judged(token, runId, finding, now)),
    nextSyncDateTime: token.nextSyncDateTime,
  }
}

/** `appleUnavailable (Apple's number 9729, HTTP 503)`. */
export function causeOf({ reason, errorNumber, httpStatus }: SyncTrouble): string {
  const numbers = [
    ...(errorNumber === null ? [] : [`Apple's number ${errorNumber}`]),
    ...(httpStatus === null ? [] : [`HTTP ${httpStatus}`]),
  ]
  return numbers.length === 0 ? reason : `${reason} (${numbers.join(', ')})`
}

const action = ({ recommendedAction }: TokenView) => ({ recommendedAction })

/** The token's own state is about something else: what is to be said of the run alone. */
function judged(token: TokenView, runId: string, finding: FailedRun['finding'], now: Date) {
  const { reason, detail } = finding
  // A newer service may know reasons that this client does not.
  if (!isKnown(reason)) return { message: detail ?? reason, recommendedAction: 'wait' }
  const facts = factsOf(token, runId, { ...toldBy(finding), reason })
  const message = stateMessage(reason, facts, now)
  return { message, recommendedAction: tokenState(facts, now).recommendedAction }
}

function isKnown(reason: string): reason is StateReason {
  return Object.hasOwn(stateReason.members, reason)
}

/** Absent members, where the API says null. */
function toldBy({ isDefinite, errorNumber, httpStatus, detail }: FailedRun['finding']) {
  return {
    isDefinite,
    ...(errorNumber === null ? {} : { errorNumber }),
    ...(httpStatus === null ? {} : { httpStatus }),
    ...(detail === null ? {} : { detail }),
  }
}

/** As if nothing were known of the token but what the run met, so that nothing else is spoken of. */
function factsOf(token: TokenView, runId: string, finding: AppleFinding): TokenFacts {
  const { locationId, locationName, nextSyncDateTime } = token
  return {
    ...{ finding, runId, locationId, locationName },
    ...{ expiresAt: neverInstant, verifiedAt: neverInstant },
    ...{ holder: null, isHeldByPomona: false, halfHeld: null, olderTwinName: null },
    ...{ accountType: 'business', appleId: null },
    nextAttemptAt: parseDateTimeOffset(nextSyncDateTime)?.instant ?? neverInstant,
  }
}
