/** How what was learned becomes the stored token: the one place where facts are written into a record. Pure. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import type { LocationConfig } from '../../model/apple-rows.ts'
import {
  type DateTimeOffset,
  type Instant,
  millisecondsAt,
  neverInstant,
  utc,
} from '../../model/date-time-offset.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { VppToken } from '../../model/vpp-token.ts'
import type { LicenseTotals } from '../../ports/apple-row-store.ts'
import { dueAt } from './due.ts'
import { stateMessage } from './state-message.ts'
import { type Beside, factsOf, holderOf } from './token-facts.ts'
import { tokenState } from './token-state.ts'

export interface Learned {
  /** Null = Apple has not accepted the token in this run. */
  readonly accepted: { readonly config: LocationConfig; readonly at: Instant } | null
  /** Why the run failed; null = it went well. */
  readonly finding: AppleFinding | null
  /** Apple has registered Pomona as manager in this run. */
  readonly isClaimTaken: boolean
  /** Null = not walked to the end: the old counts stand. */
  readonly totals: LicenseTotals | null
}

export function tokenAfterRun(
  token: StoredToken,
  learned: Learned,
  beside: Beside,
  times: { readonly endedAt: Instant; readonly nextSyncAt: Instant; readonly now: Date },
): StoredToken {
  const record: VppToken = {
    ...token.record,
    ...(learned.accepted ? locationFacts(token.record, learned.accepted) : {}),
    ...(learned.totals ? counts(learned.totals) : {}),
    lastSyncDateTime: utc(times.endedAt),
    lastSyncStatus: learned.finding === null ? 'completed' : 'failed',
    nextSyncDateTime: utc(times.nextSyncAt),
  }
  const finding = standingFinding(token.finding, learned)
  return withState({ ...token, record, finding }, beside, times.now)
}

/** The token with the state that its facts come to, the sentence for it, and when it is due next. */
export function withState(token: StoredToken, beside: Beside, now: Date): StoredToken {
  const facts = factsOf(token, beside)
  const decided = tokenState(facts, now)
  return {
    ...token,
    record: {
      ...token.record,
      ...decided,
      // As long as nobody has judged the token, what the caller stored stands (graph D1; 9, row 6).
      state: decided.state === 'unknown' ? token.record.state : decided.state,
      stateMessage: stateMessage(decided.stateReason, facts, now),
    },
    dueAt: dueAt(facts.nextAttemptAt, facts.expiresAt, now),
  }
}

/** A verdict stands until a good answer or another verdict; passing trouble does not hide it (Apple 9.4). */
function standingFinding(stored: AppleFinding | null, learned: Learned): AppleFinding | null {
  if (learned.finding?.isDefinite) return learned.finding
  const isOver = learned.isClaimTaken && stored?.reason === 'heldByOtherMdm'
  if (stored && saysNoToWriting(stored) && !isOver) return stored
  if (learned.finding === null || learned.accepted !== null) return learned.finding
  return stored?.isDefinite ? stored : learned.finding
}

/**
 * 9637 and 9645 to a write: how reading goes says nothing of writing (Apple 9.4, rows 4 and 7). A write that is taken does; of the
 * account's rights a renewal, of the location's manager a claim.
 */
export function saysNoToWriting({ reason, isOfWrite }: AppleFinding): boolean {
  return isOfWrite === true && (reason === 'insufficientRights' || reason === 'heldByOtherMdm')
}

function locationFacts(
  record: VppToken,
  { config, at }: { readonly config: LocationConfig; readonly at: Instant },
) {
  return {
    locationId: config.uId,
    locationName: config.locationName ?? record.locationName,
    vppTokenAccountType: config.accountType ?? record.vppTokenAccountType,
    expirationDateTime: expiration(record, config),
    expirationDriftSeconds: drift(record, config),
    ...countries(record, config),
    mdmHolder: holder(record, config, at),
    lastVerifiedDateTime: utc(at),
  } satisfies Partial<VppToken>
}

/** Apple's date wins over the one in the content token, which wins over the caller's (graph D1). */
function expiration(record: VppToken, config: LocationConfig): DateTimeOffset {
  if (config.tokenExpiration !== null) return utc(config.tokenExpiration)
  const inContent = record.contentExpirationDateTime
  return inContent.instant === neverInstant ? record.expirationDateTime : inContent
}

const toleratedDriftSeconds = 24 * 3_600

/** More than a day between Apple's date and the content token's own is told (Apple 9.1). */
function drift(
  { contentExpirationDateTime: { instant: inContent } }: VppToken,
  { tokenExpiration }: LocationConfig,
): number {
  if (tokenExpiration === null || inContent === neverInstant) return 0
  const seconds = Math.trunc((millisecondsAt(tokenExpiration) - millisecondsAt(inContent)) / 1_000)
  return Math.abs(seconds) > toleratedDriftSeconds ? seconds : 0
}

/** A caller's storefront stands; one that was Apple's follows Apple (Apple 9.1). */
export function countries(record: VppToken, config: LocationConfig) {
  const appleCountryOrRegion = config.country ?? record.appleCountryOrRegion
  const isApples =
    record.countryOrRegion === null || record.countryOrRegion === record.appleCountryOrRegion
  return {
    appleCountryOrRegion,
    countryOrRegion: isApples ? appleCountryOrRegion : record.countryOrRegion,
  }
}

function holder(record: VppToken, { mdm }: LocationConfig, at: Instant): VppToken['mdmHolder'] {
  if (mdm === null) return null
  const known = holderOf(record.mdmHolder)
  const firstSeenAt = known?.id === mdm.id ? known.firstSeenAt : at
  return { type: 'mdmHolder', id: mdm.id, name: mdm.name, firstSeenDateTime: utc(firstSeenAt) }
}

function counts({ appCount, total, used }: LicenseTotals) {
  return { lastAppCount: appCount, totalLicenseCount: total, usedLicenseCount: used }
}
