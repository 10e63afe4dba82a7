/** Who holds the location of a token, since when, and what a claim would stop: for people who are about to claim it. */

import { never, utc } from '../../model/date-time-offset.ts'
import type { LocationOwner } from '../../model/location-owner.ts'
import type { NotificationChannel } from '../../model/notification-channel.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { NotificationChannelReads } from '../../ports/notification-channel-store.ts'
import type { OwnershipReads } from '../../ports/ownership-store.ts'

export interface Owner {
  readonly record: LocationOwner
  /** That of the token. */
  readonly version: number
}

export async function ownerOf(
  stores: { readonly ownership: OwnershipReads; readonly channels: NotificationChannelReads },
  token: StoredToken,
): Promise<Owner> {
  const { locationId } = token.record
  const ownership = locationId === null ? undefined : await stores.ownership.find(locationId)
  const channel = await stores.channels.find(token.record.id)
  return { record: ownerRecord(token, ownership, channel), version: token.version }
}

export function ownerRecord(
  { record }: StoredToken,
  ownership: Ownership | undefined,
  channel: NotificationChannel | undefined,
): LocationOwner {
  const { mdmHolder } = record
  const isPomona = mdmHolder !== null && mdmHolder.id === ownership?.mdmId
  const state = ownership?.state ?? 'observe'
  return {
    id: record.id,
    locationId: record.locationId,
    locationName: record.locationName,
    ownershipState: state,
    stateSinceDateTime: ownership ? utc(ownership.stateSince) : never,
    holder: mdmHolder,
    isHeldByPomona: isPomona && state !== 'released',
    ownMdmId: ownership?.mdmId ?? null,
    isClaimPending: record.claimTokenManagementFromExternalMdm,
    // A claim that waits as well came later, and wins.
    isReleasePending: ownership?.releaseBy != null && !record.claimTokenManagementFromExternalMdm,
    confirmationDateTime: ownership?.confirmAt ? utc(ownership.confirmAt) : never,
    lastRefusal: refusal(ownership),
    claimConsequences: isPomona && state === 'ours' ? [] : consequences(record, isPomona),
    areNotificationsOn: channel?.secretHash != null && channel.url !== null,
    notificationMessage: notificationMessage(channel),
    lastVerifiedDateTime: record.lastVerifiedDateTime,
  }
}

function refusal(ownership: Ownership | undefined): string | null {
  const finding = ownership?.finding
  if (!finding) return null
  const number = finding.errorNumber === undefined ? '' : ` (${finding.errorNumber})`
  return `${finding.reason}${number}${finding.detail === undefined ? '' : `: ${finding.detail}`}`
}

function notificationMessage(channel: NotificationChannel | undefined): string | null {
  const finding = channel?.finding
  if (!finding) return null
  const number = finding.errorNumber === undefined ? '' : ` (${finding.errorNumber})`
  return `Apple cannot deliver notifications${number}. Pomona polls instead; nothing is lost.`
}

function consequences(
  { mdmHolder, usedLicenseCount }: StoredToken['record'],
  isPomona: boolean,
): readonly string[] {
  if (mdmHolder === null || isPomona)
    return ['No other server is registered; Pomona begins to assign and take back licences.']
  const name = `"${String(mdmHolder.name ?? 'a server without a name')}" (id ${String(mdmHolder.id)})`
  return [
    `${name} is no longer registered as manager: it finds Pomona's name instead, and a well-behaved server stops assigning and taking back licences here.`,
    `The ${usedLicenseCount} licences that are assigned stay assigned; nothing is taken from any device or user.`,
    'Apple may go on sending notifications to that server until another address is registered.',
    'That server can register itself again at any time: then Pomona stops writing and tells you.',
  ]
}
