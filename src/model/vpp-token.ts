/** The volume purchase token, declared once with its four faces (graph 3.1 to 3.5; order as on the wire). */
import {
  complexType,
  type EntityOf,
  entityType,
  enumType,
  type FaceNames,
  type SentOf,
} from './entity-type.ts'
import {
  complex,
  complexes,
  dateTimeOffset,
  flag,
  guid,
  int32,
  int64,
  member,
  secretText,
  text,
  texts,
} from './kinds.ts'

const everywhere: FaceNames = { old: true, 'v1.0': true, beta: true, pomona: true }
const fromBeta: FaceNames = { beta: true, pomona: true }
/** What Graph has no word for (graph H12). */
const pomonaOnly: FaceNames = { pomona: true }

export const vppTokenAccountType = enumType('vppTokenAccountType', { business: 0, education: 1 })

export const vppTokenState = enumType('vppTokenState', {
  unknown: 0,
  valid: 1,
  expired: 2,
  invalid: 3,
  assignedToExternalMDM: 4,
  duplicateLocationId: 5,
})
export type VppTokenState = keyof typeof vppTokenState.members

export const vppTokenSyncStatus = enumType('vppTokenSyncStatus', {
  none: 0,
  inProgress: 1,
  completed: 2,
  failed: 3,
})

export const vppTokenActionFailureReason = enumType('vppTokenActionFailureReason', {
  none: 0,
  appleFailure: 1,
  internalError: 2,
  expiredVppToken: 3,
  expiredApplePushNotificationCertificate: 4,
})

export const actionState = enumType('actionState', {
  none: 0,
  pending: 1,
  canceled: 2,
  active: 3,
  done: 4,
  failed: 5,
  notSupported: 6,
})

export const appleDeviceDeliveryProtocol = enumType('appleDeviceDeliveryProtocol', {
  default: 0,
  mobileDeviceManagement: 1,
  declarativeDeviceManagement: 2,
  unknownFutureValue: 3,
})

/** Why a token is in its state, in Pomona's words (Apple 4.3); Graph's `state` stays inside its enum. */
export const stateReason = enumType('stateReason', {
  ok: 0,
  neverChecked: 1,
  expired: 2,
  revokedByApple: 3,
  rejectedByApple: 4,
  unreadableToken: 5,
  loginRequired: 6,
  legacyToken: 7,
  locationMismatch: 8,
  insufficientRights: 9,
  heldByOtherMdm: 10,
  unclaimed: 11,
  duplicateLocation: 12,
  throttled: 13,
  maintenance: 14,
  appleUnavailable: 15,
  tlsRefused: 16,
  notificationsOff: 17,
  notVerifiedRecently: 18,
  serviceGone: 19,
  clientDefect: 20,
  unknownAppleError: 21,
})
export type StateReason = keyof typeof stateReason.members

/** The one thing to do next about a token. */
export const recommendedAction = enumType('recommendedAction', {
  nothing: 0,
  wait: 1,
  renew: 2,
  claim: 3,
  removeDuplicate: 4,
  checkNetwork: 5,
  updatePomona: 6,
  reportDefect: 7,
})
export type RecommendedAction = keyof typeof recommendedAction.members

export const vppTokenRevokeLicensesActionResult = complexType({
  name: 'vppTokenRevokeLicensesActionResult',
  fields: {
    totalLicensesCount: { shape: { kind: 'int32' }, nullable: false },
    failedLicensesCount: { shape: { kind: 'int32' }, nullable: false },
    actionFailureReason: {
      shape: { kind: 'member', of: vppTokenActionFailureReason },
      nullable: false,
    },
  },
})

export const vppTokenActionResult = complexType({
  name: 'vppTokenActionResult',
  fields: {
    actionName: { shape: { kind: 'text', maxLength: 4_096 }, nullable: true },
    actionState: { shape: { kind: 'member', of: actionState }, nullable: false },
    startDateTime: { shape: { kind: 'dateTimeOffset' }, nullable: false },
    lastUpdatedDateTime: { shape: { kind: 'dateTimeOffset' }, nullable: false },
  },
  derived: [vppTokenRevokeLicensesActionResult],
})

/** The server that Apple names as the manager of a location (Apple section 7). */
export const mdmHolder = complexType({
  name: 'mdmHolder',
  fields: {
    id: { shape: { kind: 'text', maxLength: 4_096 }, nullable: false },
    name: { shape: { kind: 'text', maxLength: 4_096 }, nullable: true },
    firstSeenDateTime: { shape: { kind: 'dateTimeOffset' }, nullable: false },
  },
})

/** Longest content token text, doubly encoded and in lines (Apple 1.2 allows 64 KiB once decoded). */
const contentTokenLimit = 131_072

export const vppToken = entityType({
  names: {
    old: 'appleVolumePurchaseProgramToken',
    'v1.0': 'vppToken',
    beta: 'vppToken',
    pomona: 'vppToken',
  },
  properties: {
    id: guid({ faces: everywhere, write: 'service', description: 'Key of the token' }),
    organizationName: text({
      faces: everywhere,
      write: 'untilKnown',
      description: 'The organization that the content token names',
    }),
    vppTokenAccountType: member(vppTokenAccountType, {
      faces: { ...everywhere, old: 'volumePurchaseProgramTokenAccountType' },
      write: 'untilKnown',
      initial: 'business',
      description: 'Whether the token comes from Apple Business or Apple School Manager',
    }),
    appleId: text({
      faces: everywhere,
      write: 'caller',
      description: 'The account that downloaded the content token, as the administrator gave it',
    }),
    expirationDateTime: dateTimeOffset({
      faces: everywhere,
      write: 'untilKnown',
      description: 'When the content token expires',
    }),
    lastSyncDateTime: dateTimeOffset({
      faces: everywhere,
      write: 'untilKnown',
      description: 'When the last sync with Apple ended',
    }),
    token: secretText({
      faces: { old: true, 'v1.0': true, beta: true },
      write: 'caller',
      maxLength: contentTokenLimit,
      description: 'The content token (.vpptoken); written only, null in every later answer',
    }),
    lastModifiedDateTime: dateTimeOffset({
      faces: everywhere,
      write: 'untilKnown',
      description: 'When the record last changed',
    }),
    state: member(vppTokenState, {
      faces: everywhere,
      write: 'untilKnown',
      initial: 'unknown',
      shownAs: {
        old: { assignedToExternalMDM: 'invalid', duplicateLocationId: 'invalid' },
        'v1.0': { duplicateLocationId: 'invalid' },
      },
      description: 'What the content token is good for at present',
    }),
    lastSyncStatus: member(vppTokenSyncStatus, {
      faces: everywhere,
      write: 'untilKnown',
      initial: 'none',
      description: 'How the last sync with Apple went',
    }),
    automaticallyUpdateApps: flag({
      faces: everywhere,
      write: 'caller',
      description: 'Whether apps of this token are to be kept up to date',
    }),
    countryOrRegion: text({
      faces: everywhere,
      write: 'untilKnown',
      description: "The storefront; the caller's value stands, else Apple's country",
    }),
    displayName: text({
      faces: fromBeta,
      write: 'caller',
      description: "The administrator's name for the token",
    }),
    locationName: text({
      faces: fromBeta,
      write: 'untilKnown',
      description: 'The location that the token serves, by the name it has at Apple',
    }),
    dataSharingConsentGranted: flag({
      faces: fromBeta,
      write: 'caller',
      description: 'Whether the administrator agreed that data is shared with Apple',
    }),
    claimTokenManagementFromExternalMdm: flag({
      faces: fromBeta,
      write: 'caller',
      description: 'Consent to take the location over from another MDM, used up by one run',
    }),
    roleScopeTagIds: texts({
      faces: fromBeta,
      write: 'caller',
      initial: ['0'],
      description: 'Scope tags; stored and shown, never used to filter',
    }),
    tokenActionResults: complexes(vppTokenActionResult, {
      faces: fromBeta,
      write: 'untilKnown',
      description: 'Progress and outcome of actions on the token',
    }),
    appleDeviceAppDeliveryProtocolType: member(appleDeviceDeliveryProtocol, {
      faces: fromBeta,
      write: 'caller',
      initial: 'default',
      description: 'How apps are delivered to devices; once declarative it does not go back',
    }),
    lastAppCount: int32({
      faces: fromBeta,
      write: 'untilKnown',
      description: 'Number of apps under the token at the last sync',
    }),
    stateReason: member(stateReason, {
      faces: pomonaOnly,
      write: 'service',
      initial: 'neverChecked',
      description: 'Why the token is in its state',
    }),
    stateMessage: text({
      faces: pomonaOnly,
      write: 'service',
      description: 'The reason in a sentence: what happened, why, what to do',
    }),
    recommendedAction: member(recommendedAction, {
      faces: pomonaOnly,
      write: 'service',
      initial: 'wait',
      description: 'The one thing to do next',
    }),
    contentFingerprint: text({
      faces: pomonaOnly,
      write: 'service',
      description: 'First 8 hex digits of the SHA-256 of the content token; null without one',
    }),
    pendingContentFingerprint: text({
      faces: pomonaOnly,
      write: 'service',
      description: 'Fingerprint of a renewal that waits until Apple can be asked; null without one',
    }),
    contentExpirationDateTime: dateTimeOffset({
      faces: pomonaOnly,
      write: 'service',
      description: 'The expiry that the content token itself states',
    }),
    locationId: text({
      faces: pomonaOnly,
      write: 'service',
      description: "Apple's uId of the location; null until a run has learned it",
    }),
    appleCountryOrRegion: text({
      faces: pomonaOnly,
      write: 'service',
      description: "The location's country at Apple, two lower-case letters",
    }),
    mdmHolder: complex(mdmHolder, {
      faces: pomonaOnly,
      write: 'service',
      description: 'The server that Apple names as manager of the location, if any',
    }),
    totalLicenseCount: int64({
      faces: pomonaOnly,
      write: 'service',
      description: 'Licences owned; 2147483647 when any app or book is unlimited',
    }),
    usedLicenseCount: int64({
      faces: pomonaOnly,
      write: 'service',
      description: 'Licences assigned',
    }),
    lastVerifiedDateTime: dateTimeOffset({
      faces: pomonaOnly,
      write: 'service',
      description: 'When Apple last accepted the content token',
    }),
    nextSyncDateTime: dateTimeOffset({
      faces: pomonaOnly,
      write: 'service',
      description: 'When the next sync is due at the earliest',
    }),
  },
})

export type VppToken = EntityOf<typeof vppToken>
export type SentVppToken = SentOf<typeof vppToken>
