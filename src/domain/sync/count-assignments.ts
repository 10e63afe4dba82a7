/** Σ of the stored assignments per asset beside Apple's `assignedCount` (Apple 9.3). */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Asset } from '../../model/apple-rows.ts'
import type { AssetKey } from '../../model/apple-write.ts'
import type { AppleCounts } from '../../model/sync-run.ts'
import type { BegunRun } from './run-context.ts'
import { chunkSize } from './write-rows.ts'

export interface CountedAssignments {
  /** Assets whose assignments do not come to what Apple counts, and those of assignments that have no asset. */
  readonly uneven: readonly AssetKey[]
  /** Assignments that a full reading of the uneven assets brings, about. */
  readonly unevenRows: number
  readonly counts: Omit<AppleCounts, 'users'>
}

/** Rows counted in one question, about: requests to the API wait no longer. */
const rowsPerCount = 5_000

export async function countAssignments(run: BegunRun): Promise<CountedAssignments> {
  const assets = await assetsByNumber(run)
  const uneven: AssetKey[] = []
  let unevenRows = 0
  let assignments = 0
  let after = ''
  for (const until of bounds(assets)) {
    const stored = await run.tenant.reads.assignments.counts(run.taken.tokenId, after, until)
    const storedByKey = new Map(stored.map((group) => [keyOf(group), group]))
    const told = assets.filter(({ adamId }) => adamId > after && (!until || adamId <= until))
    for (const asset of told) {
      const count = storedByKey.get(keyOf(asset))?.count ?? 0
      storedByKey.delete(keyOf(asset))
      if (count === asset.assignedCount) continue
      uneven.push({ adamId: asset.adamId, pricingParam: asset.pricingParam })
      unevenRows += asset.assignedCount
    }
    for (const { adamId, pricingParam } of storedByKey.values())
      uneven.push({ adamId, pricingParam })
    for (const { count } of stored) assignments += count
    after = until ?? after
    await nextTurn()
  }
  return { uneven, unevenRows, counts: { ...licenses(assets), assignments } }
}

/** In the order of their numbers, which are digits. */
async function assetsByNumber(run: BegunRun): Promise<readonly Asset[]> {
  const assets: Asset[] = []
  for (let after = 0; ; ) {
    const stored = await run.tenant.reads.assets.list(run.taken.tokenId, after, chunkSize)
    const last = stored.at(-1)
    if (last === undefined) break
    after = last.number
    for (const { row } of stored) assets.push(row)
    await nextTurn()
  }
  return assets.sort((left, right) => (left.adamId < right.adamId ? -1 : 1))
}

/** The last adamId of each question; null = to the end. */
function bounds(assets: readonly Asset[]): readonly (string | null)[] {
  const bounds: (string | null)[] = []
  let rows = 0
  for (const { adamId, assignedCount } of assets) {
    rows += assignedCount
    if (rows < rowsPerCount || bounds.at(-1) === adamId) continue
    bounds.push(adamId)
    rows = 0
  }
  return [...bounds, null]
}

function licenses(assets: readonly Asset[]) {
  const counts = {
    assets: assets.length,
    totalLicenses: 0,
    availableLicenses: 0,
    assignedLicenses: 0,
    retiredLicenses: 0,
  }
  for (const asset of assets) {
    counts.assignedLicenses += asset.assignedCount
    counts.retiredLicenses += asset.retiredCount
    if (asset.isUnlimited) continue
    counts.totalLicenses += asset.totalCount
    counts.availableLicenses += asset.availableCount
  }
  return counts
}

function keyOf({ adamId, pricingParam }: AssetKey): string {
  return `${pricingParam} ${adamId}`
}
