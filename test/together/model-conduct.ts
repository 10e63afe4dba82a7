/** What the simulator's journal must say of Pomona after a history (Apple 11.8). */
import { expect } from 'vitest'
import { writeRequest } from '../../src/apple/write-request.ts'
import { pairsOf } from '../../src/domain/licenses/rectangles.ts'
import type { LicenseStep } from '../../src/model/license-intent.ts'
import type { LicenseRequest } from '../../src/model/license-request.ts'
import { lists, type Step } from './model-steps.ts'
import { observed, ours, type TruthWorld } from './truth-world.ts'

/** After whatever has happened. */
export async function expectGoodConduct(
  world: TruthWorld,
  history: readonly Step[],
): Promise<void> {
  const requests = history.flatMap((step) => (step.kind === 'write' ? [step.request] : []))
  const earlySyncs = history.filter(({ kind }) => kind === 'syncNow' || kind === 'killedRun').length
  expect(
    await broken(world, [
      { assert: 'tokenVerbatim' },
      { assert: 'noSecretInUrl' },
      { assert: 'noWrites', uId: observed },
      { assert: 'claimVerified', uId: ours },
      { assert: 'maxParallel', n: 5 },
      { assert: 'maxRate', perSecond: 12 },
      { assert: 'retryAfter', cap: 3_600 },
      { assert: 'limitsFresh', seconds: 300 },
      { assert: 'pollSpacing', seconds: 30, giveUp: 600 },
      // Tries are counted within a life; who asks for a sync does not wait five minutes for it.
      { assert: 'maxTries', n: 5 * (1 + world.kills + earlySyncs) },
      ...wantedRectangles(requests),
    ]),
  ).toEqual([])
  expect(world.crashes).toEqual([])
}

/** While nothing disturbs it. */
export async function expectPerfectConduct(world: TruthWorld): Promise<void> {
  expect(
    await broken(world, [
      { assert: 'maxTries', n: 1 },
      { assert: 'noAssetReread' },
      ...lists.flatMap((endpoint) => [
        { assert: 'pagedToEnd', endpoint },
        { assert: 'noRestart', endpoint },
      ]),
      { assert: 'usedSince', endpoint: 'assignments' },
      { assert: 'usedSince', endpoint: 'users' },
      { assert: 'limitsFresh', seconds: 300 },
      { assert: 'maxParallel', n: 5 },
      { assert: 'maxRate', perSecond: 12 },
      { assert: 'pollSpacing', seconds: 30, giveUp: 600 },
    ]),
  ).toEqual([])
}

/** Without what was another server's doing, and without those that nothing was there to judge by. */
async function broken(world: TruthWorld, rules: readonly object[]): Promise<readonly unknown[]> {
  const entries = await entriesOf(world)
  const foreign = new Set(entries.filter(isForeign).map(({ seq }) => seq))
  const verdicts = (await world.brokenRules(rules)) as readonly {
    readonly seqs: readonly number[]
  }[]
  return verdicts.filter(({ seqs }) => seqs.some((seq) => !foreign.has(seq)))
}

interface Entry {
  readonly seq: number
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly eventId: string | null
}

async function entriesOf({ apple }: TruthWorld): Promise<readonly Entry[]> {
  return (await apple.control('GET', '/journal')).entries
}

/** Another server names its own users. Questions about limits and about the store's apps are no location's. */
function isForeign({ path, body }: Entry): boolean {
  if (path === '/mdm/v2/service/config' || !path.startsWith('/mdm/v2/')) return true
  return path.startsWith('/mdm/v2/users/') && !JSON.stringify(body).includes('"p-')
}

/** What a reclaim takes back is not known beforehand. */
function wantedRectangles(requests: readonly LicenseRequest[]): readonly object[] {
  const wanted = (action: 'assign' | 'unassign') =>
    requests.flatMap((request) =>
      request.action === action && 'targets' in request
        ? pairsOf(request).map(({ adamId, pricingParam, targetKind, target }) => ({
            ...{ adamId, pricingParam, [targetKind]: target },
          }))
        : [],
    )
  const mayReclaim = requests.some(({ action }) => action === 'reclaim')
  return [
    { assert: 'rectangles', endpoint: 'associate', wanted: wanted('assign') },
    ...(mayReclaim
      ? []
      : [{ assert: 'rectangles', endpoint: 'disassociate', wanted: wanted('unassign') }]),
  ]
}

/** Each intent has ended with a receipt for all of it, and Apple has taken no step more often than twice (Apple 5). */
export async function expectReceipts(world: TruthWorld): Promise<void> {
  const { intents } = world.tenant.reads
  const steps: LicenseStep[] = []
  for (const { record } of (await intents.list(null, { limit: 1_000 })).rows) {
    expect(['done', 'incomplete', 'failed']).toContain(record.status)
    const { doneCount, skippedCount, failedCount, unknownCount, totalCount } = record
    expect(doneCount + skippedCount + failedCount + unknownCount).toBe(totalCount)
    expect(await intents.countReceipts(record.id)).toBe(totalCount)
    steps.push(...(await intents.listSteps(record.id)))
  }
  const most = new Map<string, number>()
  for (const { write, tries } of steps) {
    expect(tries).toBeLessThanOrEqual(2)
    const { endpoint, body } = writeRequest(write)
    const key = `/mdm/v2/${endpoint} ${JSON.stringify(body)}`
    most.set(key, (most.get(key) ?? 0) + tries)
  }
  const taken = new Map<string, number>()
  for (const entry of await entriesOf(world)) {
    if (entry.method !== 'POST' || entry.eventId === null || isForeign(entry)) continue
    const key = `${entry.path} ${JSON.stringify(entry.body)}`
    taken.set(key, (taken.get(key) ?? 0) + 1)
  }
  for (const [key, times] of taken)
    expect([key, times <= (most.get(key) ?? 0)]).toEqual([key, true])
}
