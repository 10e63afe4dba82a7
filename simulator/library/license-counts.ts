/** Apple's number for "as many as you like" (Apple contract 2.4). */
export const unlimitedTotal = 2_147_483_647

/**
 * The licenses of one asset. What is available is never stored but always what is left over, so that
 * total = available + assigned + retired holds after every step (Apple contract 11.3 S6).
 */
export interface LicensePool {
  totalCount: number | 'unlimited'
  assignedCount: number
  retiredCount: number
}

export function shownTotal(pool: LicensePool): number {
  return pool.totalCount === 'unlimited' ? unlimitedTotal : pool.totalCount
}

export function availableCount(pool: LicensePool): number {
  return shownTotal(pool) - pool.assignedCount - pool.retiredCount
}

/** Undefined when there are too few licenses; an unlimited pool never runs short. */
export function take(pool: LicensePool, count: number): LicensePool | undefined {
  if (pool.totalCount !== 'unlimited' && availableCount(pool) < count) return undefined
  return { ...pool, assignedCount: pool.assignedCount + count }
}

/** Undefined when fewer licenses are assigned than would come back. */
export function giveBack(pool: LicensePool, count: number): LicensePool | undefined {
  if (pool.assignedCount < count) return undefined
  return { ...pool, assignedCount: pool.assignedCount - count }
}

/** Assigned licenses that stay with a user who left; undefined when fewer are assigned. */
export function retire(pool: LicensePool, count: number): LicensePool | undefined {
  const back = giveBack(pool, count)
  return back && { ...back, retiredCount: pool.retiredCount + count }
}

/** Undefined when the total would reach Apple's number for "unlimited". */
export function buy(pool: LicensePool, quantity: number | 'unlimited'): LicensePool | undefined {
  if (quantity === 'unlimited' || pool.totalCount === 'unlimited') {
    return { ...pool, totalCount: 'unlimited' }
  }
  const totalCount = pool.totalCount + quantity
  return totalCount < unlimitedTotal ? { ...pool, totalCount } : undefined
}

/** Only unassigned licenses go back to Apple; undefined when there are too few of them. */
export function refund(pool: LicensePool, quantity: number): LicensePool | undefined {
  if (pool.totalCount === 'unlimited' || availableCount(pool) < quantity) return undefined
  return { ...pool, totalCount: pool.totalCount - quantity }
}

/** What nobody uses goes back, all of it; an unlimited pool is a fixed one from then on. */
export function refundAll(pool: LicensePool): LicensePool {
  return { ...pool, totalCount: pool.assignedCount + pool.retiredCount }
}

export const emptyPool: LicensePool = { totalCount: 0, assignedCount: 0, retiredCount: 0 }
