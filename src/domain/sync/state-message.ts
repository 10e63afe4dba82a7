/** The administrator's sentence for a reason (Apple 4.3), filled in from the facts. Pure. */
import { type Instant, millisecondsAt, neverInstant } from '../../model/date-time-offset.ts'
import type { StateReason } from '../../model/vpp-token-types.ts'
import type { TokenFacts } from './token-facts.ts'

type Sentence = (facts: TokenFacts, now: Date) => string

const sentences: Readonly<Record<StateReason, Sentence>> = {
  ok: () => 'Apple accepts this content token.',
  neverChecked: () => 'This content token has not been checked with Apple yet.',
  expired: (facts, now) =>
    `The content token expired${expiryIn(facts, now)}. Download a new one from ${portal(facts)} and renew it here.`,
  revokedByApple: (facts) =>
    `Apple revoked this content token (9625). A newer download, a password change or the departure of ${account(facts)} can cause this. Download a new one and renew it here.`,
  rejectedByApple: () =>
    'Apple does not recognise this content token (9622). Download a new one and renew it here.',
  unreadableToken: ({ finding }) =>
    finding?.detail ?? 'This is not a content token. Choose the file that ends in .vpptoken.',
  loginRequired: () =>
    'Apple asked for a login (9601). Download a new content token and renew it here.',
  legacyToken: () =>
    'This is an old user-based token (9647). Download a content token for a location and renew it here.',
  locationMismatch: ({ finding, locationId }) =>
    `Apple now answers for another location${named(onlyId(finding?.detail))} than stored${named(locationId)}. Nothing was written. Renew with the right token.`,
  insufficientRights: () =>
    'The account behind this token may not assign licences (9637). Reading goes on. Use a token of an account that may.',
  heldByOtherMdm: heldByOther,
  unclaimed: ({ halfHeld }) => unclaimed[halfHeld ?? 'nobody'],
  duplicateLocation: (facts) =>
    `Location ${location(facts)} is also served by "${facts.olderTwinName ?? 'an older token'}". Only one of them is synced.`,
  throttled: (facts) => `Apple is limiting requests for this location (9646).${nextAttempt(facts)}`,
  maintenance: (facts) => `Apple's service is in maintenance (9644).${nextAttempt(facts)}`,
  appleUnavailable: (facts) =>
    `Apple's service gave no usable answer${named(facts.finding?.detail)}.${nextAttempt(facts)}`,
  tlsRefused: ({ finding }) =>
    `The certificate of ${finding?.host ?? "Apple's service"} is not trusted. Check proxy and CA settings; nothing was sent.`,
  notificationsOff: ({ finding }) =>
    `Apple cannot deliver notifications${named(finding?.errorNumber)}. Pomona polls instead; nothing is lost.`,
  notVerifiedRecently: (facts, now) =>
    `The last successful check was ${age(facts.verifiedAt, now)} ago. The stored data may be out of date.`,
  serviceGone: () => 'Apple has withdrawn this service (9634). Update Pomona.',
  clientDefect: defect,
  unknownAppleError: ({ finding }) =>
    `Apple answered with an unknown number: ${finding?.errorNumber ?? 'none'}, HTTP ${finding?.httpStatus ?? 'none'}, "${finding?.detail ?? ''}".`,
}

const unclaimed = {
  nobody: 'No server is registered for this location. Pomona only reads until you claim it.',
  confirming:
    'Pomona has registered itself for this location and looks once more whether that stands. It only reads until then.',
  released: 'Pomona has given this location up and does nothing there until you claim it.',
} as const

export function stateMessage(reason: StateReason, facts: TokenFacts, now: Date): string {
  return sentences[reason](facts, now)
}

function expiryIn({ expiresAt }: TokenFacts, now: Date): string {
  // Apple may refuse a token as expired before the date that is known here (9621): then no date is stated.
  const isPast = expiresAt !== neverInstant && millisecondsAt(expiresAt) <= now.getTime()
  return isPast ? ` on ${shown(expiresAt)}` : ''
}

function heldByOther(facts: TokenFacts): string {
  const { holder } = facts
  if (holder === null)
    return `Location ${location(facts)} is run by Apple's own management (9645). Pomona only reads until you claim it.`
  const by =
    holder.name === null ? `the server with id ${holder.id}` : `"${holder.name}" (id ${holder.id})`
  return `Location ${location(facts)} is managed by ${by}, first seen ${shown(holder.firstSeenAt)}. Pomona only reads until you claim it.`
}

function defect({ finding, runId }: TokenFacts): string {
  const report = `report ${runId === null ? 'it' : `run ${runId}`}`
  return finding?.errorNumber === undefined
    ? `The run could not be finished${named(finding?.detail)}. If this comes again, ${report}.`
    : `Apple refused a request (${finding.errorNumber}). This is a fault in Pomona; ${report}.`
}

function portal({ accountType }: TokenFacts): string {
  return accountType === 'education' ? 'Apple School Manager' : 'Apple Business'
}

function account({ appleId }: TokenFacts): string {
  return appleId ?? 'the account that downloaded it'
}

function location({ locationName, locationId }: TokenFacts): string {
  return `"${locationName ?? locationId ?? 'without a name'}"`
}

function nextAttempt({ nextAttemptAt }: TokenFacts): string {
  return nextAttemptAt === neverInstant ? '' : ` Next attempt ${shown(nextAttemptAt)}.`
}

function named(value: string | number | null | undefined): string {
  return value === null || value === undefined ? '' : ` (${value})`
}

/** The id of the answering location; a finding whose detail is a sentence of its own names it elsewhere. */
function onlyId(detail: string | undefined): string | undefined {
  return detail !== undefined && /^\S+$/.test(detail) ? detail : undefined
}

/** `2027-03-01 08:00 UTC`: nobody acts on seconds. */
function shown(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

function age(since: Instant, now: Date): string {
  const hours = Math.floor((now.getTime() - millisecondsAt(since)) / 3_600_000)
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`
}
