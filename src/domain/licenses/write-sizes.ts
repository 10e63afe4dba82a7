/** How much goes into one write to Apple, and how many are under way at once. */
import type { WriteLimits } from '../../ports/apple-vpp.ts'
import type { RectangleLimits } from './rectangles.ts'

/** Pairs of one write: as many have to be looked at when its answer is lost, and are settled together. */
const maxPairs = 2_500
/** Waiting pairs that are looked at together to find rectangles in them. */
export const pairsPerWindow = 10_000
/** Events of one location at the same time. */
export const mostEvents = 10

/** Apple's own while nobody can be asked (Apple 3.1). */
export const defaultLimits: RectangleLimits & Pick<WriteLimits, 'maxUsers'> = {
  ...{ maxAssets: 25, maxSerialNumbers: 1_000, maxClientUserIds: 1_000, maxUsers: 100 },
  maxPairs,
}

export function sizesIn(limits: WriteLimits): RectangleLimits & Pick<WriteLimits, 'maxUsers'> {
  const { maxAssets, maxSerialNumbers, maxClientUserIds, maxUsers } = limits
  return { maxAssets, maxSerialNumbers, maxClientUserIds, maxUsers, maxPairs }
}
