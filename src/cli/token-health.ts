/** How urgent the state of a token is, for a monitor. Pure. */
import type { TokenView } from '../client/token-api.ts'
import { millisecondsAt, neverInstant, parseDateTimeOffset } from '../model/date-time-offset.ts'
import { tokenName } from '../model/token-name.ts'
import { causeOf, type SyncTrouble } from './sync-trouble.ts'
import { time } from './token-view.ts'

/** In the order of urgency, most urgent last; the place is not the exit code. */
export const severities = ['ok', 'unknown', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

export interface TokenHealth {
  readonly id: string
  readonly name: string
  readonly severity: Severity
  /** Null = all is well. */
  readonly problem: string | null
  readonly expirationDateTime: string
}

/** Milliseconds before the expiry. */
export interface Thresholds {
  readonly warnMs: number
  readonly critMs: number
}

/** `trouble`: why the last sync failed; absent = it did not, or nobody looked. */
export function tokenHealth(
  token: TokenView,
  thresholds: Thresholds,
  now: Date,
  trouble?: SyncTrouble,
): TokenHealth {
  const [severity, verdict] = judged(token, thresholds, now)
  const problem = trouble ? withTrouble(verdict, trouble) : verdict
  const { id, expirationDateTime } = token
  return { id, name: tokenName(token), severity, problem, expirationDateTime }
}

/** The most urgent of them; without a token nobody knows anything. */
export function worst(healths: readonly TokenHealth[]): Severity {
  if (healths.length === 0) return 'unknown'
  const place = Math.max(...healths.map(({ severity }) => severities.indexOf(severity)))
  return severities[place] ?? 'unknown'
}

type Judgement = readonly [Severity, string | null]

function judged(token: TokenView, { warnMs, critMs }: Thresholds, now: Date): Judgement {
  const { state, stateReason } = token
  if (state === 'expired') return ['critical', `expired${on(token)}`]
  if (state === 'invalid') return ['critical', stateReason]
  const leftMs = millisecondsLeft(token, now)
  const isBad = readBy[stateReason]
  if (leftMs !== null && leftMs <= critMs) return ['critical', expiry(token, leftMs)]
  if (isBad?.[0] === 'critical') return isBad
  if (leftMs !== null && leftMs <= warnMs) return ['warning', expiry(token, leftMs)]
  if (isBad) return isBad
  if (state === 'unknown') return ['unknown', stateReason]
  if (token.lastSyncStatus === 'failed') return ['warning', syncFailed]
  return ['ok', null]
}

const syncFailed = 'its last sync failed'

function withTrouble(verdict: string | null, trouble: SyncTrouble): string {
  const next = `next attempt ${time(trouble.nextSyncDateTime)}`
  const why = `${causeOf(trouble)}, ${next}`
  if (verdict === trouble.reason) return why
  const before = verdict === null || verdict === syncFailed ? '' : `${verdict}; `
  return `${before}${syncFailed}: ${why}`
}

/** What a reason says beside the expiry; reasons that are not here say nothing bad. */
const readBy: Readonly<Record<string, Judgement>> = {
  serviceGone: ['critical', 'serviceGone'],
  heldByOtherMdm: ['warning', 'heldByOtherMdm'],
  duplicateLocation: ['warning', 'duplicateLocation'],
  insufficientRights: ['warning', 'insufficientRights'],
  notVerifiedRecently: ['warning', 'notVerifiedRecently'],
}

/** Null = the expiry is not known. */
function millisecondsLeft({ expirationDateTime }: TokenView, now: Date): number | null {
  const instant = parseDateTimeOffset(expirationDateTime)?.instant
  if (instant === undefined || instant === neverInstant) return null
  return millisecondsAt(instant) - now.getTime()
}

const dayMs = 86_400_000

function expiry(token: TokenView, leftMs: number): string {
  const days = Math.floor(leftMs / dayMs)
  return leftMs <= 0 ? `expired${on(token)}` : `expires in ${days} d${on(token)}`
}

function on({ expirationDateTime }: TokenView): string {
  return expirationDateTime.startsWith('0001-') ? '' : ` (${expirationDateTime.slice(0, 10)})`
}
