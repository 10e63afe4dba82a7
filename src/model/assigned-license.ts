/** A licence in use, as an app's navigation shows it (graph 5.4, values from Apple 9.2). */
import { type EntityOf, entityType, type FaceNames } from './entity-type.ts'
import { guid, text } from './kinds.ts'

const beta: FaceNames = { beta: true }
const service = 'service' as const

const common = {
  id: guid({
    faces: beta,
    write: service,
    // Worked out from the licence's own facts, not stored.
    isOpaque: true,
    description: 'Key; the same as long as the licence stays where it is',
  }),
  userId: text({
    faces: beta,
    write: service,
    description: 'The user who holds it, by the id at Apple; null for a device',
  }),
  userName: text({
    faces: beta,
    write: service,
    source: { kind: 'fixed', value: null },
    description: 'Always null: Pomona keeps no directory',
  }),
  userEmailAddress: text({
    faces: beta,
    write: service,
    description: "The user's address, when Apple knows one",
  }),
  userPrincipalName: text({
    faces: beta,
    write: service,
    source: { kind: 'fixed', value: null },
    description: 'Always null: Pomona keeps no directory',
  }),
}

const device = {
  managedDeviceId: text({
    faces: beta,
    write: service,
    source: { kind: 'fixed', value: null },
    description: 'Always null: Pomona manages no devices',
  }),
  deviceName: text({ faces: beta, write: service, description: "The device's serial number" }),
}

export const iosVppAppAssignedLicense = entityType({
  names: { beta: 'iosVppAppAssignedLicense' },
  properties: common,
})
export const iosVppAppAssignedUserLicense = entityType({
  names: { beta: 'iosVppAppAssignedUserLicense' },
  base: iosVppAppAssignedLicense,
  properties: common,
})
export const iosVppAppAssignedDeviceLicense = entityType({
  names: { beta: 'iosVppAppAssignedDeviceLicense' },
  base: iosVppAppAssignedLicense,
  properties: { ...common, ...device },
})
export const macOsVppAppAssignedLicense = entityType({
  names: { beta: 'macOsVppAppAssignedLicense' },
  properties: common,
})

export type AssignedLicense = EntityOf<typeof iosVppAppAssignedDeviceLicense>
