/** What an administrator asks to be done with licences or users: pairs spelt out, or licences by where they are. */
import type { AssetKey, LicensePair, TargetKind, UserChange } from './apple-write.ts'
import { enumType } from './entity-type.ts'

export const licenseAction = enumType('licenseAction', {
  assign: 0,
  unassign: 1,
  reclaim: 2,
  createUsers: 3,
  updateUsers: 4,
  retireUsers: 5,
})
export type LicenseAction = keyof typeof licenseAction.members

export type LicenseRequest = PairsRequest | ReclaimRequest | UsersRequest

/** Every asset for every target, or pairs one by one. */
export type PairsRequest = {
  readonly action: 'assign' | 'unassign'
} & (
  | {
      readonly assets: readonly AssetKey[]
      readonly targetKind: TargetKind
      readonly targets: readonly string[]
    }
  | { readonly pairs: readonly LicensePair[] }
)

export interface ReclaimRequest {
  readonly action: 'reclaim'
  readonly from: ReclaimScope
  /** Only what was assigned through Pomona (graph 4.2). */
  readonly isOursOnly?: true
}

export type ReclaimScope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'app'; readonly adamId: string }
  | {
      readonly kind: 'target'
      readonly targetKind: TargetKind
      readonly target: string
      /** Absent = all of its licences. */
      readonly adamId?: string
    }
  /** Serial numbers that hold licences and are not among these. */
  | { readonly kind: 'orphans'; readonly knownSerialNumbers: readonly string[] }

export interface UsersRequest {
  readonly action: 'createUsers' | 'updateUsers' | 'retireUsers'
  readonly users: readonly UserChange[]
}

export type PairRequest = PairsRequest | ReclaimRequest

export function isUsersRequest(request: LicenseRequest): request is UsersRequest {
  return 'users' in request
}

/** Which way licences go. */
export function wayOf({ action }: PairRequest): 'assign' | 'unassign' {
  return action === 'assign' ? 'assign' : 'unassign'
}
