/** The enums and complex types of the volume purchase token (graph 3.3, 3.4; the reasons are Apple's, 4.3). */
import { complexType, enumType } from './entity-type.ts'

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
    actionName: { shape: { kind: 'text', maxLength: 256 }, nullable: true },
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
