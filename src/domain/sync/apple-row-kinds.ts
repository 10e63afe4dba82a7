/** When two of Apple's rows are the same row, and when they say the same (Apple 2.4 to 2.6). */
import type { AppleUser, Asset, Assignment } from '../../model/apple-rows.ts'

export interface RowKind<Row> {
  /** A part of the key that few rows of a page share. */
  labelOf(row: Row): string
  /** Of two rows with the same label: whether they have the same key. */
  hasSameKey(left: Row, right: Row): boolean
  /** Whether two rows with the same key say the same. */
  isSame(left: Row, right: Row): boolean
}

export const assetKind: RowKind<Asset> = {
  labelOf: ({ adamId }) => adamId,
  hasSameKey: (left, right) =>
    left.adamId === right.adamId && left.pricingParam === right.pricingParam,
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
  labelOf: ({ target }) => target,
  hasSameKey: (left, right) =>
    left.target === right.target &&
    left.adamId === right.adamId &&
    left.pricingParam === right.pricingParam &&
    left.targetKind === right.targetKind,
  isSame: () => true,
}

export const userKind: RowKind<AppleUser> = {
  labelOf: ({ clientUserId }) => clientUserId,
  hasSameKey: (left, right) =>
    left.clientUserId === right.clientUserId &&
    left.idHash === right.idHash &&
    left.inviteCode === right.inviteCode,
  isSame: (left, right) => left.status === right.status && left.email === right.email,
}
