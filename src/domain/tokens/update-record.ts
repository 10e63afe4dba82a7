/** What a PATCH makes of a record: only the members sent, and of those only what is the caller's to decide (graph 3.5, D1). */
import { type Instant, neverInstant, utc } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { type SentVppToken, type VppToken, vppToken } from '../../model/vpp-token.ts'

export interface UpdateCircumstances {
  readonly now: Instant
  /** In `off` nobody but the caller decides anything, save for the facts inside a content token (graph D2). */
  readonly isAppleAsked: boolean
}

type Name = keyof VppToken

/** Known as soon as Apple has accepted the content token once. */
const fromLocation: ReadonlySet<Name> = new Set(['vppTokenAccountType', 'locationName'])
/** Known as soon as a content token could be read. */
const fromContent: ReadonlySet<Name> = new Set(['organizationName', 'expirationDateTime'])

/** Members that are not the caller's any more are accepted and ignored; the answer shows the truth. */
export function updatedRecord(
  stored: StoredToken,
  sent: SentVppToken,
  { now, isAppleAsked }: UpdateCircumstances,
): VppToken {
  const { token: _secret, id: _ignored, ...members } = sent
  requireOneWay(stored.record, sent)
  const taken = Object.entries(members).filter(([name]) =>
    isCallers(name as Name, stored, isAppleAsked),
  )
  const record: VppToken = {
    ...stored.record,
    lastModifiedDateTime: utc(now),
    ...Object.fromEntries(taken),
  }
  // Without a storefront of the caller's, Apple's country is the one (Apple 9.1).
  return record.countryOrRegion === null
    ? { ...record, countryOrRegion: record.appleCountryOrRegion }
    : record
}

function isCallers(name: Name, stored: StoredToken, isAppleAsked: boolean): boolean {
  const { record, finding } = stored
  if (vppToken.properties[name].write === 'caller' || name === 'countryOrRegion') return true
  if (fromContent.has(name) && record.contentExpirationDateTime.instant !== neverInstant)
    return false
  if (!isAppleAsked) return true
  const isAccepted = record.lastVerifiedDateTime.instant !== neverInstant
  if (fromContent.has(name) || fromLocation.has(name)) return !isAccepted
  return !isAccepted && !finding?.isDefinite
}

/** Documented of the real service: declarative management is a way of no return (graph 3.1). */
function requireOneWay(record: VppToken, sent: SentVppToken): void {
  const wanted = sent.appleDeviceAppDeliveryProtocolType
  const isDeclarative = record.appleDeviceAppDeliveryProtocolType === 'declarativeDeviceManagement'
  if (!isDeclarative || wanted === undefined || wanted === 'declarativeDeviceManagement') return
  throw new Failure(
    'invalidModel',
    "The value of 'appleDeviceAppDeliveryProtocolType' cannot be changed any more: the token has gone over to declarativeDeviceManagement, and there is no way back. Leave the property out.",
    { property: 'appleDeviceAppDeliveryProtocolType' },
  )
}
