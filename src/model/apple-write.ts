/** What Pomona asks Apple to change, and what Apple says of it (Apple 2.3, 2.7, 2.8). */
import type { AppleUser, Assignment } from './apple-rows.ts'
import { enumType } from './entity-type.ts'

export type AssetKey = Pick<Assignment, 'adamId' | 'pricingParam'>
export type TargetKind = Assignment['targetKind']

/** One licence of one asset for one device or user. */
export type LicensePair = Assignment

/** Which assignments a filtered read brings. */
export type AssignmentFilter =
  | AssetKey
  | { readonly targetKind: TargetKind; readonly target: string }

/** A call means every asset for every target; targets are of one kind (Apple 2.7, C15). */
export type LicenseWrite =
  | {
      readonly kind: 'associate' | 'disassociate'
      readonly assets: readonly AssetKey[]
      readonly targetKind: TargetKind
      readonly targets: readonly string[]
    }
  /** Takes back every revocable licence of these targets. */
  | {
      readonly kind: 'revoke'
      readonly targetKind: TargetKind
      readonly targets: readonly string[]
    }
  | {
      readonly kind: 'createUsers' | 'updateUsers' | 'retireUsers'
      readonly users: readonly UserChange[]
    }

export interface UserChange {
  readonly clientUserId: AppleUser['clientUserId']
  readonly email?: string
  readonly managedAppleId?: string
}

export interface EventStatus {
  readonly status: 'PENDING' | 'COMPLETE' | 'FAILED'
  readonly requested: number
  readonly completed: number
  readonly failures: readonly ItemFailure[]
}

/** Why a pair or a user was not done, in Pomona's words (Apple 4.1, "item"); the table of numbers stands in apple/errors.ts. */
export const itemReason = enumType('itemReason', {
  alreadyDone: 0,
  userNotFound: 1,
  userExists: 2,
  accountNotApplicable: 3,
  accountAlreadyBound: 4,
  badEmail: 5,
  notRevocable: 6,
  notDeviceAssignable: 7,
  notEnoughLicences: 8,
  licenceGone: 9,
  lockedElsewhere: 10,
  termsNotAccepted: 11,
  eventLost: 12,
  answerLost: 13,
  maintenance: 14,
  tooManyIdenticalCalls: 15,
  insufficientRights: 16,
  heldByOtherMdm: 17,
  appleUnavailable: 18,
  clientDefect: 19,
  unknownAppleError: 20,
  /** Apple accepts the content token no longer. */
  tokenRefused: 21,
  /** The location has no such app or book. */
  notOwned: 22,
  /** The location has it in the other quality only. */
  otherQualityOwned: 23,
})
export type ItemReason = keyof typeof itemReason.members

/** One reason for some of a write's pairs or users. Lists are empty when Apple names none. */
export interface ItemFailure {
  readonly reason: ItemReason
  readonly errorNumber: number
  readonly errorMessage: string
  readonly assets: readonly AssetKey[]
  readonly clientUserIds: readonly string[]
  readonly serialNumbers: readonly string[]
}

export interface ConfigChange {
  readonly mdm?: { readonly id: string; readonly name: string; readonly metadata: string }
  /** Both or none; `types` is the complete set. */
  readonly notifications?: {
    readonly url: string
    readonly token: string
    readonly types: readonly string[]
  }
}
