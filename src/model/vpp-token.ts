/** The volume purchase token, declared once with its four faces (graph 3.1 to 3.5; order as on the wire). */
import { type EntityOf, entityType, type FaceNames, type SentOf } from './entity-type.ts'
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
import {
  appleDeviceDeliveryProtocol,
  mdmHolder,
  recommendedAction,
  stateReason,
  vppTokenAccountType,
  vppTokenActionResult,
  vppTokenState,
  vppTokenSyncStatus,
} from './vpp-token-types.ts'

const everywhere: FaceNames = { old: true, 'v1.0': true, beta: true, pomona: true }
const fromBeta: FaceNames = { beta: true, pomona: true }
/** What Graph has no word for (graph H12). */
const pomonaOnly: FaceNames = { pomona: true }

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
      maxLength: 64,
      maxItems: 100,
      description: 'Scope tags; stored and shown, never used to filter',
    }),
    tokenActionResults: complexes(vppTokenActionResult, {
      maxItems: 100,
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
      nullableIn: { beta: true },
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
    expirationDriftSeconds: int64({
      faces: pomonaOnly,
      write: 'service',
      description:
        "By how much Apple's date is later than that of the content token, below 0 = earlier; 0 = they are no more than a day apart, or one is not known",
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
