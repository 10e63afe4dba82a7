/** Apps as Graph shows them: the abstract base and its two VPP types (graph 5.2, 5.3; values from Apple 9.2). */
import { iosVppAppAssignedLicense, macOsVppAppAssignedLicense } from './assigned-license.ts'
import { entityType, type FaceNames } from './entity-type.ts'
import {
  complex,
  complexes,
  dateTimeOffset,
  flag,
  guid,
  int32,
  member,
  text,
  texts,
} from './kinds.ts'
import {
  iosDeviceType,
  iosVppAppRevokeLicensesActionResult,
  macOsVppAppRevokeLicensesActionResult,
  mimeContent,
  mobileAppPublishingState,
  vppLicensingType,
} from './vpp-content-types.ts'
import { vppToken } from './vpp-token.ts'
import { appleDeviceDeliveryProtocol, vppTokenAccountType } from './vpp-token-types.ts'

const both: FaceNames = { 'v1.0': true, beta: true }
const fromBeta: FaceNames = { beta: true }
const service = 'service' as const
/** In Graph's schema; here there is always a value. */
const nullable = { 'v1.0': true, beta: true } as const
const fixed = <const V extends string | number | boolean | null>(value: V) =>
  ({ kind: 'fixed', value }) as const
const ofToken = (property: string) => ({ kind: 'token', property }) as const

const mobileAppAssignment = entityType({
  names: { 'v1.0': 'mobileAppAssignment', beta: 'mobileAppAssignment' },
  properties: { id: guid({ faces: both, write: service, description: 'Key of the assignment' }) },
})
const mobileAppCategory = entityType({
  names: { 'v1.0': 'mobileAppCategory', beta: 'mobileAppCategory' },
  properties: { id: guid({ faces: both, write: service, description: 'Key of the category' }) },
})

export const mobileApp = entityType({
  names: { 'v1.0': 'mobileApp', beta: 'mobileApp' },
  isAbstract: true,
  navigations: {
    // Apps are not installed from here, so nothing is ever assigned or sorted (graph H2).
    assignments: {
      to: mobileAppAssignment,
      isCollection: true,
      faces: ['v1.0', 'beta'],
      expandsTo: 'nothing',
    },
    categories: {
      to: mobileAppCategory,
      isCollection: true,
      faces: ['v1.0', 'beta'],
      expandsTo: 'nothing',
    },
  },
  properties: {
    id: guid({ faces: both, write: service, description: 'Key of the app' }),
    createdDateTime: dateTimeOffset({
      faces: both,
      write: service,
      description: 'When a sync first brought the app',
    }),
    description: text({
      faces: both,
      write: service,
      maxLength: 65_536,
      description: 'What the store says about the app',
    }),
    developer: text({
      faces: both,
      write: service,
      source: { kind: 'same', property: 'publisher' },
      description: 'Who made the app',
    }),
    displayName: text({
      faces: both,
      write: service,
      description: "The store's name for the app; its number at Apple until that is known",
    }),
    informationUrl: text({
      faces: both,
      write: service,
      description: 'Where the maker tells more about the app',
    }),
    isFeatured: flag({
      faces: both,
      write: service,
      source: fixed(false),
      description: 'Always false: nothing is presented to users from here',
    }),
    largeIcon: complex(mimeContent, {
      faces: both,
      write: service,
      source: { kind: 'apart' },
      description: 'The icon; only in the answer for a single app, null in lists',
    }),
    lastModifiedDateTime: dateTimeOffset({
      faces: both,
      write: service,
      description: 'When a sync last changed the app',
    }),
    notes: text({ faces: both, write: service, source: fixed(null), description: 'Always null' }),
    owner: text({ faces: both, write: service, source: fixed(null), description: 'Always null' }),
    privacyInformationUrl: text({
      faces: both,
      write: service,
      description: "The maker's privacy statement",
    }),
    publisher: text({ faces: both, write: service, description: 'Who offers the app' }),
    publishingState: member(mobileAppPublishingState, {
      faces: both,
      write: service,
      initial: 'published',
      source: fixed('published'),
      description: 'Always published: what a sync brings is ready to be given out',
    }),
    dependentAppCount: int32({
      faces: fromBeta,
      write: service,
      source: fixed(0),
      description: 'Always 0',
    }),
    isAssigned: flag({
      faces: fromBeta,
      write: service,
      description: 'Whether any licence is in use',
    }),
    roleScopeTagIds: texts({
      faces: fromBeta,
      write: service,
      initial: ['0'],
      maxLength: 64,
      maxItems: 100,
      source: ofToken('roleScopeTagIds'),
      description: 'Scope tags of the token',
    }),
    supersededAppCount: int32({
      faces: fromBeta,
      write: service,
      source: fixed(0),
      description: 'Always 0',
    }),
    supersedingAppCount: int32({
      faces: fromBeta,
      write: service,
      source: fixed(0),
      description: 'Always 0',
    }),
    uploadState: int32({
      faces: fromBeta,
      write: service,
      source: fixed(1),
      description: 'Always 1: there is nothing to upload',
    }),
  },
})

/** What both VPP types add; `from` = where they begin. */
const vppAppProperties = (from: FaceNames) => ({
  appStoreUrl: text({ faces: from, write: service, description: 'The page in the store' }),
  bundleId: text({ faces: from, write: service, description: 'Bundle identifier' }),
  licensingType: complex(vppLicensingType, {
    faces: from,
    write: service,
    description: 'Whether licences can be given to users, to devices, or to both',
  }),
  releaseDateTime: dateTimeOffset({
    faces: from,
    write: service,
    nullableIn: nullable,
    description: 'First release; year 1 when unknown',
  }),
  totalLicenseCount: int32({
    faces: from,
    write: service,
    description: 'Licences owned; 2147483647 when there is no end to them',
  }),
  usedLicenseCount: int32({ faces: from, write: service, description: 'Licences given out' }),
  vppTokenAccountType: member(vppTokenAccountType, {
    faces: from,
    write: service,
    initial: 'business',
    source: ofToken('vppTokenAccountType'),
    description: 'Account type of the token',
  }),
  vppTokenAppleId: text({
    faces: from,
    write: service,
    source: ofToken('appleId'),
    description: 'The account that the administrator gave for the token',
  }),
  vppTokenOrganizationName: text({
    faces: from,
    write: service,
    source: ofToken('organizationName'),
    description: 'Organization of the token',
  }),
  vppTokenId: text({
    faces: fromBeta,
    write: service,
    source: ofToken('id'),
    description: 'The token under which the app stands',
  }),
  vppTokenDisplayName: text({
    faces: fromBeta,
    write: service,
    source: ofToken('displayName'),
    description: "The administrator's name for that token",
  }),
  appleDeviceAppDeliveryProtocolType: member(appleDeviceDeliveryProtocol, {
    faces: fromBeta,
    write: service,
    initial: 'default',
    source: ofToken('appleDeviceAppDeliveryProtocolType'),
    nullableIn: nullable,
    description: 'How apps of the token are delivered to devices',
  }),
})

const revokeResults = {
  faces: fromBeta,
  write: service,
  maxItems: 100,
  description: 'Progress and outcome of revoke actions',
} as const

export const iosVppApp = entityType({
  names: { 'v1.0': 'iosVppApp', beta: 'iosVppApp' },
  base: mobileApp,
  navigations: {
    assignedLicenses: { to: iosVppAppAssignedLicense, isCollection: true, faces: ['beta'] },
    // From the time of the old entity (graph H1).
    vppToken: { to: vppToken, isCollection: false, faces: ['beta'], shownAs: 'old' },
  },
  properties: {
    ...mobileApp.properties,
    applicableDeviceType: complex(iosDeviceType, {
      faces: both,
      write: service,
      description: 'The devices it runs on; both when unknown',
    }),
    ...vppAppProperties(both),
    revokeLicenseActionResults: complexes(iosVppAppRevokeLicensesActionResult, revokeResults),
  },
})

/** v1.0 has no such type: there the row shows as a bare mobileApp (graph D11). */
export const macOsVppApp = entityType({
  names: { beta: 'macOsVppApp' },
  base: mobileApp,
  navigations: {
    assignedLicenses: { to: macOsVppAppAssignedLicense, isCollection: true, faces: ['beta'] },
  },
  properties: {
    ...mobileApp.properties,
    ...vppAppProperties(fromBeta),
    revokeLicenseActionResults: complexes(macOsVppAppRevokeLicensesActionResult, revokeResults),
  },
})
