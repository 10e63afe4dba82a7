/**
 * Two processes of the built service on one PostgreSQL: work is shared and nothing is done twice, Apple's limits hold for both
 * together, and when one is killed the other goes on.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/compose/system-clock.ts'
import type { SyncRun } from '../../src/model/sync-run.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { migrateStorage } from '../../src/storage/open.ts'
import { makeSchema, type PostgresSchema, postgresUrl } from '../postgres-schema.ts'
import { tenantId } from './cli-world.ts'
import { ownLocation } from './crash-location.ts'
import { type CrashWorld, crashWorld, type RunningProgram } from './crash-world.ts'

const locations = 6
const adamIds = ['9000080001', '9000080002', '9000080003']
const devices = Array.from({ length: 40 }, (_, at) => `PIER${at}`)
const deadlineMs = 180_000

interface Pier {
  readonly uId: string
  readonly tokenId: string
}

// Whether it may be skipped is said in contract/postgres.test.ts.
describe.skipIf(!postgresUrl)('two services on one database', () => {
  const piers: Pier[] = []
  let schema: PostgresSchema
  let world: CrashWorld
  let nodes: readonly [RunningProgram, RunningProgram]

  beforeAll(async () => {
    schema = await makeSchema(postgresUrl ?? '')
    await migrateStorage({ url: schema.url, clock: systemClock })
    world = await crashWorld({
      ...{ name: 'two-services', seed: 'empty', storageUrl: schema.url },
      settings: {
        ...{ pageSizes: { assets: 2, assignments: 7, users: 5 } },
        ...{ latencyMs: 30, eventDelaySeconds: 0 },
      },
    })
    await world.withInstance(async (instance) => {
      for (let index = 0; index < locations; index += 1) {
        const uId = String(7_000_000_000_000_800 + index)
        const { tokenId } = await ownLocation(world, instance, {
          ...{ uId, name: `Pier ${index}`, adamIds, quantity: 90, serialNumbers: devices },
        })
        piers.push({ uId, tokenId })
      }
    })
    nodes = [await world.start('first'), await world.start('second')]
  }, 120_000)
  afterAll(async () => {
    for (const node of nodes ?? []) await node.close()
    await world?.close()
    await schema?.remove()
  })

  /** The same data through connections of the test's own. */
  function withStorage<T>(use: (storage: Storage) => Promise<T>): Promise<T> {
    return world.withInstance(({ storage }) => use(storage))
  }

  async function runsOf(storage: Storage, { tokenId }: Pier): Promise<readonly SyncRun[]> {
    return (await storage.forTenant(tenantId).reads.runs.list(tokenId, { limit: 100 })).rows
  }

  /** Until nothing is left to be done, or until it is as asked. */
  async function until(isSo: (storage: Storage) => Promise<boolean>): Promise<void> {
    await withStorage(async (storage) => {
      const end = Date.now() + deadlineMs
      while (!(await isSo(storage))) {
        if (Date.now() > end) throw new Error('It did not come in time')
        await delay(100)
      }
    })
  }

  async function isAtRest(storage: Storage): Promise<boolean> {
    const { runs, intents } = storage.forTenant(tenantId).reads
    for (const { tokenId } of piers)
      if ((await runs.findActive(tokenId)) || (await intents.listOpen(tokenId)).length > 0)
        return false
    return true
  }

  /** Of each location at its own node and, at the same moment, of each at the other. */
  async function askBoth(path: string, bodyOf: (node: number, index: number) => unknown) {
    const answers = await Promise.all(
      piers.flatMap(({ tokenId }, index) =>
        nodes.map(({ ask }, node) =>
          ask('POST', path.replace('{id}', tokenId), bodyOf(node, index)),
        ),
      ),
    )
    expect(answers.map((answer) => answer?.status)).toEqual(
      Array(2 * locations).fill(path.endsWith('intents') ? 201 : 200),
    )
  }

  const sync = () =>
    askBoth('/v1.0/deviceAppManagement/vppTokens/{id}/syncLicenses', () => undefined)

  async function expectConduct(): Promise<void> {
    const verdicts = await world.control('POST', '/journal/assert', [
      { assert: 'maxRate', perSecond: 15 },
      { assert: 'maxParallel', n: 5 },
      // Once by the one that was killed.
      { assert: 'maxTries', n: 2 },
      { assert: 'tokenVerbatim' },
    ])
    expect(verdicts.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([])
  }

  test('sync each of several due locations once, whoever takes it', async () => {
    await until(isAtRest)
    await withStorage(async (storage) => {
      for (const pier of piers)
        expect((await runsOf(storage, pier)).map(({ status }) => status)).toEqual(['completed'])
    })
    await expectConduct()
  }, 240_000)

  test('asked at both at once they sync each location again, and never twice at a time', async () => {
    await sync()
    await until(isAtRest)
    await withStorage(async (storage) => {
      for (const pier of piers) {
        const runs = (await runsOf(storage, pier)).toReversed()
        expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['completed']))
        // The second question meets the run of the first, or comes when that is over already.
        expect([2, 3]).toContain(runs.length)
        for (const [index, run] of runs.entries())
          expect((run.startedAt ?? '') >= (runs[index - 1]?.endedAt ?? '')).toBe(true)
      }
    })
    await expectConduct()
  }, 240_000)

  test('one is killed in the midst of syncs and writes that were asked at both: the other ends them, and sends nothing twice', async () => {
    const common = ['BOTH1', 'BOTH2']
    await askBoth('/pomona/v1/tokens/{id}/intents', (node) => ({
      action: 'assign',
      assets: adamIds.map((adamId) => ({ adamId })),
      serialNumbers: [`NODE${node}A`, `NODE${node}B`, ...common],
    }))
    // The first of each location is with Apple, and its event known: it is looked at again in half a minute.
    await until(async (storage) => {
      const { intents } = storage.forTenant(tenantId).reads
      for (const { tokenId } of piers) {
        const [first] = await intents.listOpen(tokenId)
        const steps = await intents.openSteps(first?.record.id ?? '')
        if (steps.length === 0 || steps.some(({ status }) => status !== 'sent')) return false
      }
      return true
    })
    for (const { uId } of piers)
      await world.control('DELETE', `/libraries/${uId}/assignments`, {
        ...{ assets: [{ adamId: adamIds[0] }], serialNumbers: devices.slice(0, 5) },
      })
    const { entries: before } = await world.control('GET', '/journal')
    await sync()
    await until(async () => {
      const { entries } = await world.control('GET', '/journal')
      const busy = entries
        .slice(before.length)
        .filter(({ path }: { path: string }) => path === '/mdm/v2/assignments')
      return new Set(busy.map(({ uId }: { uId: string }) => uId)).size === locations
    })
    await nodes[0].kill()
    await until(isAtRest)

    const interrupted = await withStorage(async (storage) => {
      const causes: string[] = []
      for (const pier of piers) {
        const runs = await runsOf(storage, pier)
        causes.push(...runs.map(({ cause }) => cause))
        await expectTruth(storage, pier)
      }
      return causes.filter((cause) => cause === 'interrupted').length
    })
    expect(interrupted).toBeGreaterThan(0)
    await expectPairsSentOnce([...common, 'NODE0A', 'NODE0B', 'NODE1A', 'NODE1B'])
    await expectConduct()
    // Both had a part in it.
    for (const node of nodes) expect(node.log()).toContain('runEnded')
  }, 300_000)

  async function expectTruth(storage: Storage, { uId, tokenId }: Pier): Promise<void> {
    const { reads } = storage.forTenant(tenantId)
    const truth = await world.control('GET', `/libraries/${uId}/truth`)
    const there = truth.assignments.map(
      ({ adamId, serialNumber }: Record<string, string>) => `${adamId} ${serialNumber}`,
    )
    const stored = await reads.assignments.list(tokenId, 0, 10_000)
    expect(stored.map(({ row }) => `${row.adamId} ${row.target}`).sort()).toEqual(there.sort())
    const intents = (await reads.intents.list(tokenId, { limit: 10 })).rows
    expect(intents.map(({ record }) => [record.status, record.totalCount])).toEqual([
      ['done', 12],
      ['done', 12],
    ])
    // What both were asked for was there when the second came to it.
    expect(intents.map(({ record }) => record.skippedCount).sort()).toEqual([0, 6])
  }

  async function expectPairsSentOnce(serialNumbers: readonly string[]): Promise<void> {
    const { entries } = await world.control('GET', '/journal')
    const sent: string[] = []
    for (const { path, uId, body } of entries)
      if (path === '/mdm/v2/assets/associate')
        for (const { adamId } of body.assets)
          for (const serial of body.serialNumbers) sent.push(`${uId} ${adamId} ${serial}`)
    const wanted = piers.flatMap(({ uId }) =>
      adamIds.flatMap((adamId) => serialNumbers.map((serial) => `${uId} ${adamId} ${serial}`)),
    )
    expect(sent.sort()).toEqual(wanted.sort())
  }
})
