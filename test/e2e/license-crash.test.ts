/** `kill -9` of the built service at seeded random moments inside assign and reclaim: every intent ends in receipts that are true. */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Instance } from '../../src/compose/instance.ts'
import type { LicenseStep, StoredIntent } from '../../src/model/license-intent.ts'
import { tenantId } from './cli-world.ts'
import { ownLocation } from './crash-location.ts'
import { type CrashWorld, crashWorld, leaseMs } from './crash-world.ts'
import { seededRandom } from './seeded-random.ts'

const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const kills = 15
const locations = 6
const adamIds = Array.from({ length: 8 }, (_, at) => String(9_000_060_000 + at))
const devices = Array.from({ length: 12 }, (_, at) => `QUAY${at}`)

interface Berth {
  readonly uId: string
  readonly tokenId: string
}

describe(`licences of a service that is killed ${kills} times (POMONA_TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  const some = <T>(list: readonly T[], most: number): readonly T[] => {
    const from = Math.floor(random() * list.length)
    return list.slice(from, from + 1 + Math.floor(random() * most))
  }
  const berths: Berth[] = []
  const accepted: string[] = []
  let world: CrashWorld

  beforeAll(async () => {
    world = await crashWorld({
      ...{ name: 'license-crash', seed: 'empty' },
      settings: {
        ...{ limits: { maxRequestPerSecond: 1_000 }, latencyMs: 15, eventDelaySeconds: 0 },
      },
    })
    await world.withInstance(async (instance, runAllDue) => {
      for (let index = 0; index < locations; index += 1) {
        const uId = String(7_000_000_000_000_600 + index)
        const { tokenId } = await ownLocation(world, instance, {
          ...{ uId, name: `Quay ${index}`, adamIds, quantity: 10, serialNumbers: [] },
        })
        berths.push({ uId, tokenId })
      }
      await runAllDue()
    })
  }, 120_000)
  afterAll(() => world.close())

  function order(): object {
    const chance = random()
    const assets = some(adamIds, 4).map((adamId) => ({ adamId }))
    if (chance < 0.5) return { action: 'assign', assets, serialNumbers: some(devices, 6) }
    if (chance < 0.7) return { action: 'unassign', assets, serialNumbers: some(devices, 6) }
    const [serialNumber] = some(devices, 1)
    if (chance < 0.85) return { action: 'reclaim', serialNumber }
    return { action: 'reclaim', knownSerialNumbers: some(devices, 9) }
  }

  test('are asked for', async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      const { ask, close } = await world.start()
      const asked = berths
        .filter(() => random() < 0.5)
        .map(async ({ tokenId }) => {
          const answer = await ask('POST', `/pomona/v1/tokens/${tokenId}/intents`, order())
          if (answer === undefined) return
          expect([answer.status, answer.json]).toMatchObject([201, { status: 'waiting' }])
          accepted.push(answer.json.id)
        })
      // Sometimes while it takes them in, mostly while it works on them.
      if (random() < 0.7) await Promise.all(asked)
      await delay(random() * 400)
      await world.kill()
      await Promise.all(asked)
      await close()
    }
    expect(accepted.length).toBeGreaterThan(kills)
  }, 300_000)

  test('and end in receipts, all of them, true at Apple, and nothing was sent more often than it may', async () => {
    world.clock.turn(leaseMs + 1_000)
    await world.withInstance(async (instance, runAllDue) => {
      const { reads } = instance.storage.forTenant(tenantId)
      const isOpen = async () => {
        for (const { tokenId } of berths)
          if (
            (await reads.intents.listOpen(tokenId)).length > 0 ||
            (await reads.runs.findActive(tokenId))
          )
            return true
        return false
      }
      await runAllDue(isOpen)
      const intents = (await reads.intents.list(null, { limit: 10_000 })).rows
      expect(intents.map(({ record }) => record.id)).toEqual(expect.arrayContaining(accepted))
      for (const { record } of intents) {
        expect(['done', 'incomplete', 'failed']).toContain(record.status)
        const { doneCount, skippedCount, failedCount, unknownCount, totalCount } = record
        expect(doneCount + skippedCount + failedCount + unknownCount).toBe(totalCount)
        expect(await reads.intents.countReceipts(record.id)).toBe(totalCount)
      }
      for (const berth of berths) await expectTruth(reads, berth, intents)
      await expectBoundedSending(instance, intents)
    })
  }, 300_000)

  type Reads = ReturnType<Instance['storage']['forTenant']>['reads']

  /** What is stored is what there is, and so is what the receipts say, the last of each pair. */
  async function expectTruth(reads: Reads, berth: Berth, intents: readonly StoredIntent[]) {
    const truth = await world.control('GET', `/libraries/${berth.uId}/truth`)
    const there = new Set<string>(
      truth.assignments.map(
        ({ adamId, serialNumber }: Record<string, string>) => `${adamId} ${serialNumber}`,
      ),
    )
    const stored = await reads.assignments.list(berth.tokenId, 0, 10_000)
    expect(stored.map(({ row }) => `${row.adamId} ${row.target}`).sort()).toEqual([...there].sort())
    const wanted = new Map<string, boolean | undefined>()
    for (const { record } of intents.filter((one) => one.record.tokenId === berth.tokenId)) {
      const { rows } = await reads.intents.receipts(record.id, { limit: 10_000 })
      for (const { adamId, serialNumber, status, reason } of rows) {
        const isAsWanted = status === 'done' || reason === 'alreadyDone'
        // What failed changed nothing; of what is unknown nothing can be said.
        if (isAsWanted) wanted.set(`${adamId} ${serialNumber}`, record.action === 'assign')
        else if (status === 'unknown') wanted.set(`${adamId} ${serialNumber}`, undefined)
      }
    }
    for (const [pair, isThere] of wanted)
      if (isThere !== undefined) expect([pair, there.has(pair)]).toEqual([pair, isThere])
  }

  /** No write without a stored step, none more often than twice (Apple 5), and only what the steps hold. */
  async function expectBoundedSending({ storage }: Instance, intents: readonly StoredIntent[]) {
    const { entries } = await world.control('GET', '/journal')
    const sent = entries.filter(
      ({ method, path }: Record<string, string>) =>
        method === 'POST' && path?.startsWith('/mdm/v2/assets/'),
    )
    const steps = await stepsOf(storage, intents)
    expect(Math.max(...steps.map(({ tries }) => tries))).toBeLessThanOrEqual(2)
    const tries = steps.reduce((sum, step) => sum + step.tries, 0)
    expect(sent.length).toBeLessThanOrEqual(tries)
    expect(sent.length).toBeGreaterThan(kills)
    const known = new Set(steps.map(({ write }) => bodyOf(write)))
    for (const { body } of sent) expect(known).toContain(JSON.stringify(body))
  }

  async function stepsOf(
    storage: Instance['storage'],
    intents: readonly StoredIntent[],
  ): Promise<readonly LicenseStep[]> {
    const steps: LicenseStep[] = []
    for (const { record } of intents)
      steps.push(...(await storage.forTenant(tenantId).reads.intents.listSteps(record.id)))
    return steps
  }
})

function bodyOf(write: LicenseStep['write']): string {
  if (!('assets' in write)) return JSON.stringify(write)
  return JSON.stringify({ assets: write.assets, serialNumbers: write.targets })
}
