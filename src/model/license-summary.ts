/** Counts of one token's licences for a bundle id (graph 3.4, operation 12). A complex type on the wire; listed like rows. */
import { type EntityOf, entityType, type FaceNames } from './entity-type.ts'
import { int32, text } from './kinds.ts'

const beta: FaceNames = { beta: true }
const service = 'service' as const

export const vppTokenLicenseSummary = entityType({
  names: { beta: 'vppTokenLicenseSummary' },
  properties: {
    vppTokenId: text({ faces: beta, write: service, description: 'The token' }),
    appleId: text({ faces: beta, write: service, description: 'Its account' }),
    organizationName: text({ faces: beta, write: service, description: 'Its organization' }),
    availableLicenseCount: int32({
      faces: beta,
      write: service,
      description: 'Licences of the app that can be given out',
    }),
    usedLicenseCount: int32({
      faces: beta,
      write: service,
      description: 'Licences of the app given out',
    }),
  },
})

export type LicenseSummary = EntityOf<typeof vppTokenLicenseSummary>
