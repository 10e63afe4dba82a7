/** Who holds which licence at a location, and who is registered there, as the last sync left it (graph H12; Apple 2.5, 2.6). */
import { type EntityOf, entityType, type FaceNames } from './entity-type.ts'
import { requiredText, text } from './kinds.ts'

const own: FaceNames = { pomona: true }
const service = 'service' as const

export const locationLicense = entityType({
  names: { pomona: 'locationLicense' },
  properties: {
    adamId: requiredText({
      faces: own,
      write: service,
      maxLength: 64,
      description: 'Number of the app or book at Apple',
    }),
    pricingParam: requiredText({
      faces: own,
      write: service,
      maxLength: 64,
      description: 'Its quality: STDQ or PLUS',
    }),
    displayName: text({ faces: own, write: service, description: 'Its name, when known' }),
    serialNumber: text({ faces: own, write: service, description: 'The device that holds it' }),
    clientUserId: text({ faces: own, write: service, description: 'The user who holds it' }),
    userEmailAddress: text({
      faces: own,
      write: service,
      description: "The user's address, when Apple knows one",
    }),
  },
})
export type LocationLicense = EntityOf<typeof locationLicense>

export const locationUser = entityType({
  names: { pomona: 'locationUser' },
  properties: {
    clientUserId: requiredText({
      faces: own,
      write: service,
      description: 'Id of the user, as whoever registered it chose it',
    }),
    email: text({ faces: own, write: service, description: 'Address, when Apple knows one' }),
    status: requiredText({
      faces: own,
      write: service,
      maxLength: 64,
      description: 'Registered, Associated, Retired or Deleted, in the words of Apple',
    }),
    inviteCode: text({
      faces: own,
      write: service,
      description: 'Code of the invitation while nobody has accepted it',
    }),
    idHash: text({
      faces: own,
      write: service,
      description: 'Equal for users with the same Apple Account',
    }),
  },
})
export type LocationUser = EntityOf<typeof locationUser>
