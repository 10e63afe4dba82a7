/** The manager of a location as people read it. */
import type { OwnerView } from '../client/owner-api.ts'
import { factLines } from './output.ts'
import { time } from './token-view.ts'

const states: Readonly<Record<OwnerView['ownershipState'], string>> = {
  observe: 'observe (read only)',
  ours: 'ours (read and write)',
  conflict: 'conflict (was ours, read only)',
  released: 'released (nothing is done there)',
}

/** `of`: what a claim would change is told beside who holds the location, or left out. */
export function ownerLines(
  owner: OwnerView,
  of: 'holderAndClaim' | 'holder' = 'holderAndClaim',
): readonly string[] {
  const { holder, locationName, locationId } = owner
  return factLines([
    [
      'location',
      locationId === null ? 'not known yet' : `${locationName ?? '-'} (id ${locationId})`,
    ],
    ['state', states[owner.ownershipState]],
    ['since', time(owner.stateSinceDateTime)],
    ['held by', holder === null ? 'no server' : `${holder.name ?? '-'} (id ${holder.id})`],
    ...(holder === null ? [] : [['first seen', time(holder.firstSeenDateTime)] as const]),
    ...pending(owner).map((text) => ['pending', text] as const),
    ...(owner.lastRefusal === null ? [] : [['refused', owner.lastRefusal] as const]),
    ['news', owner.areNotificationsOn ? 'Apple tells of changes' : 'Pomona looks by itself'],
    ...(owner.notificationMessage === null ? [] : [['', owner.notificationMessage] as const]),
    ['as of', time(owner.lastVerifiedDateTime)],
    ...(of === 'holder' ? [] : owner.claimConsequences).map(
      (text, place) => [place === 0 ? 'a claim' : '', text] as const,
    ),
  ])
}

function pending({ isClaimPending, isReleasePending, confirmationDateTime }: OwnerView): string[] {
  return [
    ...(isClaimPending ? ['a claim'] : []),
    ...(isReleasePending ? ['a release'] : []),
    ...(confirmationDateTime.startsWith('0001-')
      ? []
      : [`a claim that is looked at once more at ${time(confirmationDateTime)}`]),
  ]
}
