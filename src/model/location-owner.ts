/** Who manages a token's location, as Pomona's own API shows it (graph H12, Apple 7). */
import { type EntityOf, entityType, type FaceNames } from './entity-type.ts'
import { complex, dateTimeOffset, flag, guid, member, text, texts } from './kinds.ts'
import { ownershipState } from './ownership.ts'
import { mdmHolder } from './vpp-token-types.ts'

const faces: FaceNames = { pomona: true }
const shown = { faces, write: 'service', isOpaque: true } as const

export const locationOwner = entityType({
  names: { pomona: 'locationOwner' },
  properties: {
    id: guid({ ...shown, description: 'Key of the token whose location it is' }),
    locationId: text({ ...shown, description: "Apple's uId; null until a run has learned it" }),
    locationName: text({ ...shown, description: 'The name of the location at Apple' }),
    ownershipState: member(ownershipState, {
      ...shown,
      initial: 'observe',
      description:
        'observe: read only · ours: read and write · conflict: was ours, read only until claimed again · released: nothing',
    }),
    stateSinceDateTime: dateTimeOffset({
      ...shown,
      description: 'Since when; year 1 = never claimed',
    }),
    holder: complex(mdmHolder, {
      ...shown,
      description: 'The server that Apple names as manager; null = none',
    }),
    isHeldByPomona: flag({ ...shown, description: 'Whether that server is this tenant’s Pomona' }),
    ownMdmId: text({
      ...shown,
      description: 'The id under which this tenant registers; null before the first claim',
    }),
    isClaimPending: flag({ ...shown, description: 'A claim waits for the next run' }),
    isReleasePending: flag({ ...shown, description: 'A release waits for the next run' }),
    confirmationDateTime: dateTimeOffset({
      ...shown,
      description: 'When a claim that was sent is looked at once more; year 1 = none is open',
    }),
    lastRefusal: text({
      ...shown,
      description: 'Why the last claim or release came to nothing; null = it did not',
    }),
    claimConsequences: texts({
      ...shown,
      initial: [],
      maxLength: 1_024,
      maxItems: 10,
      description: 'What a claim would change, in sentences',
    }),
    areNotificationsOn: flag({
      ...shown,
      description: 'Whether Apple tells of changes; without, Pomona looks by itself',
    }),
    notificationMessage: text({
      ...shown,
      description: 'Why Apple cannot tell of changes; null = nothing is known against it',
    }),
    lastVerifiedDateTime: dateTimeOffset({
      ...shown,
      description: 'When Apple was last asked with success: how old all this is',
    }),
  },
})

export type LocationOwner = EntityOf<typeof locationOwner>
