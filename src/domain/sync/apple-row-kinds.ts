/** When two of Apple's rows are the same row, and when they say the same (Apple 2.4 to 2.6). */
import type { AppleUser, Asset, Assignment } from '../../model/apple-rows.ts'

export interface RowKind<Row> {
  /** Equal exactly for rows with the same key. */
  keyOf(row: Row): string
  /** Whether two rows with the same key say the same. */
  isSame(left: Row, right: Row): boolean
}

export const assetKind: RowKind<Asset> = {
  keyOf: (row) => key(row.adamId, row.pricingParam),
  isSame: (left, right) =>
    left.productType === right.productType &&
    left.totalCount === right.totalCount &&
    left.availableCount === right.availableCount &&
    left.assignedCount === right.assignedCount &&
    left.retiredCount === right.retiredCount &&
    left.isUnlimited === right.isUnlimited &&
    left.isDeviceAssignable === right.isDeviceAssignable &&
    left.isRevocable === right.isRevocable &&
    left.supportedPlatforms.length === right.supportedPlatforms.length &&
    left.supportedPlatforms.every(
      (platform, place) => platform === right.supportedPlatforms[place],
    ),
}

export const assignmentKind: RowKind<Assignment> = {
  keyOf: (row) => key(row.adamId, row.pricingParam, row.targetKind, row.target),
  isSame: () => true,
}

export const userKind: RowKind<AppleUser> = {
  keyOf: (row) => key(row.clientUserId, row.idHash, row.inviteCode),
  isSame: (left, right) => left.status === right.status && left.email === right.email,
}

/** Unambiguous whatever the parts hold, and null is not the empty text. */
function key(...parts: readonly (string | null)[]): string {
  return JSON.stringify(parts)
}
