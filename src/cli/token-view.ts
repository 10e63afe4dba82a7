/** Tokens as people read them. */

import type { TokenView } from '../client/token-api.ts'
import { unlimitedCount } from '../model/apple-rows.ts'
import { neverInstant } from '../model/date-time-offset.ts'
import { tokenName } from '../model/token-name.ts'
import { printFacts } from './output.ts'

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

export function printToken(token: TokenView): void {
  printFacts([
    ['id', token.id],
    ['name', tokenName(token)],
    ['organization', token.organizationName ?? '-'],
    ['location', location(token)],
    ['state', `${token.state} (${token.stateReason})`],
    ['', token.stateMessage ?? ''],
    ['to do', token.recommendedAction],
    ['expires', `${time(token.expirationDateTime)}${drift(token)}`],
    ['last sync', lastSync(token)],
    ['apps', String(token.lastAppCount)],
    ['licences', `${licences(token)} used/total`],
    ['fingerprint', token.contentFingerprint ?? '-'],
  ])
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
