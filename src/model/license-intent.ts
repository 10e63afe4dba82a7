/** Work on licences that was asked for: stored before anything is sent, followed to its end, closed with a receipt per pair or user. */
import type { ItemReason, LicenseWrite } from './apple-write.ts'
import type { Instant } from './date-time-offset.ts'
import { type EntityOf, entityType, enumType, type FaceNames } from './entity-type.ts'
import { dateTimeOffset, guid, int32, member, requiredText, text } from './kinds.ts'
import { type LicenseRequest, licenseAction } from './license-request.ts'

const own: FaceNames = { pomona: true }
const service = 'service' as const

export const intentStatus = enumType('intentStatus', {
  /** Nothing has been done for it yet. */
  waiting: 0,
  active: 1,
  /** Everything is as wanted. */
  done: 2,
  /** Ended, and something is not as wanted: the receipts say what. */
  incomplete: 3,
  /** Ended, and nothing of it was done. */
  failed: 4,
})
export type IntentStatus = keyof typeof intentStatus.members

/** Who asked: Pomona's own API, or one of Graph's actions, whose results are to be shown (graph G16, 5.3). */
export const intentCause = enumType('intentCause', {
  request: 0,
  revokeLicenses: 1,
  revokeAllLicenses: 2,
  revokeUserLicense: 3,
  revokeDeviceLicense: 4,
})
export type IntentCause = keyof typeof intentCause.members

export const licenseIntent = entityType({
  names: { pomona: 'licenseIntent' },
  properties: {
    id: guid({ faces: own, write: service, description: 'Key of the change' }),
    tokenId: guid({
      faces: own,
      write: service,
      source: { kind: 'token', property: 'id' },
      description: 'The token it works with',
    }),
    action: member(licenseAction, {
      faces: own,
      write: service,
      initial: 'assign',
      description: 'What is to be done',
    }),
    status: member(intentStatus, {
      faces: own,
      write: service,
      initial: 'waiting',
      description: 'How far it has come; done, incomplete and failed are ends',
    }),
    cause: member(intentCause, {
      faces: own,
      write: service,
      initial: 'request',
      description: "Who asked: Pomona's own API, or an action of Graph's",
    }),
    requestedBy: requiredText({
      faces: own,
      write: service,
      maxLength: 256,
      description: 'The client that asked for it',
    }),
    totalCount: int32({
      faces: own,
      write: service,
      description: 'Pairs of asset and target, or users, found so far; each gets a receipt',
    }),
    doneCount: int32({ faces: own, write: service, description: 'Of these: done' }),
    skippedCount: int32({
      faces: own,
      write: service,
      description: 'Of these: nothing to do, or nothing that could be asked of Apple',
    }),
    failedCount: int32({ faces: own, write: service, description: 'Of these: refused' }),
    unknownCount: int32({
      faces: own,
      write: service,
      description: 'Of these: asked, and nobody can say whether it was done',
    }),
    message: text({
      faces: own,
      write: service,
      description: 'What it waits for, or why it ended as it did',
    }),
    createdDateTime: dateTimeOffset({
      faces: own,
      write: service,
      description: 'When it was asked for',
    }),
    startedDateTime: dateTimeOffset({
      faces: own,
      write: service,
      description: 'When work on it began; year 1 before',
    }),
    endedDateTime: dateTimeOffset({
      faces: own,
      write: service,
      description: 'When its last receipt was written; year 1 before',
    }),
  },
})
export type LicenseIntent = EntityOf<typeof licenseIntent>

export interface StoredIntent {
  readonly record: LicenseIntent
  /** Grows with every stored change; the ETag. */
  readonly version: number
  /** Null once every receipt of it is written. */
  readonly request: LicenseRequest | null
  /** Where to go on with the request. */
  readonly cursor: number
  /** Nothing is to be done for it before. */
  readonly wakeAt: Instant
  /** Nothing new is sent before; null = at once. */
  readonly pausedUntil: Instant | null
  /** Attempts in a row that ended with a verdict on the token, or with a list that was too long. */
  readonly setbacks: number
  /** The item of the library whose revoke results tell of it; null = none. */
  readonly itemId: string | null
}

export const receiptStatus = enumType('receiptStatus', {
  waiting: 0,
  done: 1,
  skipped: 2,
  failed: 3,
  unknown: 4,
})
export type ReceiptStatus = keyof typeof receiptStatus.members

/** What became of one pair, or of one user (then without an asset). */
export const licenseReceipt = entityType({
  names: { pomona: 'licenseReceipt' },
  properties: {
    adamId: requiredText({
      faces: own,
      write: service,
      maxLength: 64,
      description: 'Number of the app or book at Apple; empty where users are changed',
    }),
    pricingParam: requiredText({
      faces: own,
      write: service,
      maxLength: 64,
      description: 'Its quality; empty where users are changed',
    }),
    serialNumber: text({ faces: own, write: service, description: 'The device, if it is one' }),
    clientUserId: text({ faces: own, write: service, description: 'The user, if it is one' }),
    status: member(receiptStatus, {
      faces: own,
      write: service,
      initial: 'waiting',
      description: 'What became of it',
    }),
    reason: text({
      faces: own,
      write: service,
      maxLength: 64,
      description: 'Why it was not done; null otherwise',
    }),
    errorNumber: int32({
      faces: own,
      write: service,
      description: "Apple's number for the reason; 0 without one",
    }),
    message: text({
      faces: own,
      write: service,
      isOpaque: true,
      description: 'What the reason means, and what to do; null without one',
    }),
  },
})
export type LicenseReceipt = EntityOf<typeof licenseReceipt>

/** What a receipt is about, and how it ended. Users have no asset: adamId and pricingParam are empty. */
export interface Receipt {
  readonly adamId: string
  readonly pricingParam: string
  readonly targetKind: 'serialNumber' | 'clientUserId'
  readonly target: string
  readonly email: string | null
  readonly managedAppleId: string | null
  readonly status: ReceiptStatus
  readonly reason: ItemReason | null
  readonly errorNumber: number
  /** Events that were to do it and did not. */
  readonly tries: number
}

export interface NumberedReceipt {
  readonly number: number
  readonly receipt: Receipt
}

/**
 * sending = about to be asked, or asked and cut off · sent = the event is known · unanswered = asked twice without an answer ·
 * held = certainly not taken: to be asked again · settled = every receipt of it is written
 */
export type StepStatus = 'sending' | 'sent' | 'unanswered' | 'held' | 'settled'

/** One write to Apple (Apple C17): stored before it is sent, its event after. */
export interface LicenseStep {
  readonly id: string
  readonly intentId: string
  readonly write: LicenseWrite
  readonly status: StepStatus
  readonly eventId: string | null
  /** How often Apple may have taken it. */
  readonly tries: number
  readonly sentAt: Instant
  /** When to look for its outcome. */
  readonly pollAt: Instant
}
