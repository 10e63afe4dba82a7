/** Tokens as people read them. */

import type { TokenView } from '../client/token-api.ts'
import { unlimitedCount } from '../model/apple-rows.ts'
import { neverInstant } from '../model/date-time-offset.ts'
import { tokenName } from '../model/token-name.ts'
import { type Facts, printFacts } from './output.ts'
import { causeOf, type SyncTrouble } from './sync-trouble.ts'

export const tokenTable = {
  head: ['ID', 'NAME', 'STATE', 'REASON', 'EXPIRES', 'APPS', 'LICENCES USED/TOTAL', 'LAST SYNC'],
  cells: (token: TokenView) => [
    token.id,
    tokenName(token),
    token.state,
    token.stateReason,
    day(token.expirationDateTime),
    String(token.lastAppCount),
    licences(token),
    lastSync(token),
  ],
}

/** `trouble`: why the last sync failed. */
export function printToken(token: TokenView, trouble?: SyncTrouble): void {
  printFacts([
    ['id', token.id],
    ['name', tokenName(token)],
    ['organization', token.organizationName ?? '-'],
    ['location', location(token)],
    ['state', `${token.state} (${token.stateReason})`],
    ['', token.stateMessage ?? ''],
    ['to do', toDo(token, trouble)],
    ['expires', `${time(token.expirationDateTime)}${drift(token)}`],
    ['last sync', lastSync(token)],
    ...(trouble ? troubleFacts(token, trouble) : []),
    ['apps', String(token.lastAppCount)],
    ['licences', `${licences(token)} used/total`],
    ['fingerprint', token.contentFingerprint ?? '-'],
  ])
}

function troubleFacts(token: TokenView, trouble: SyncTrouble): Facts {
  const { reason, message, nextSyncDateTime } = trouble
  return [
    ['', causeOf(trouble)],
    // Above already, when it is what the state is about.
    ...(reason === token.stateReason ? [] : [['', message] as const]),
    ['next sync', time(nextSyncDateTime)],
  ]
}

/** What the failed sync needs comes first: without it nothing that the state asks for can be done. */
function toDo({ recommendedAction }: TokenView, trouble: SyncTrouble | undefined): string {
  const first = trouble?.recommendedAction ?? recommendedAction
  return first === recommendedAction || recommendedAction === 'nothing'
    ? first
    : `${first}, then ${recommendedAction}`
}

/** Apple's date is the one that is shown. */
function drift({ expirationDriftSeconds: seconds }: TokenView): string {
  return seconds === 0 ? '' : ` (${driftText(seconds)} than the content token says)`
}

/** More than a day, always. */
export function driftText(seconds: number): string {
  const days = Math.floor(Math.abs(seconds) / 86_400)
  return `${days} ${days === 1 ? 'day' : 'days'} ${seconds > 0 ? 'later' : 'earlier'}`
}

export function location({ locationName, locationId }: TokenView): string {
  if (locationId === null) return 'not known yet'
  return locationName === null ? locationId : `${locationName} (id ${locationId})`
}

export function licences({
  usedLicenseCount,
  totalLicenseCount,
}: Pick<TokenView, 'usedLicenseCount' | 'totalLicenseCount'>): string {
  const total = totalLicenseCount === unlimitedCount ? 'unlimited' : totalLicenseCount
  return `${usedLicenseCount}/${total}`
}

function lastSync({ lastSyncStatus, lastSyncDateTime }: TokenView): string {
  return isNever(lastSyncDateTime) ? lastSyncStatus : `${lastSyncStatus} ${time(lastSyncDateTime)}`
}

export function day(dateTime: string): string {
  return isNever(dateTime) ? '-' : dateTime.slice(0, 10)
}

/** As the service shows it, to the minute: its own values are UTC. */
export function time(dateTime: string): string {
  if (isNever(dateTime)) return '-'
  const zone = /(?:Z|[+-]\d\d:\d\d)$/.exec(dateTime)?.[0] ?? ''
  return `${dateTime.slice(0, 10)} ${dateTime.slice(11, 16)}${zone}`
}

function isNever(dateTime: string): boolean {
  return dateTime.slice(0, 10) === neverInstant.slice(0, 10)
}
