import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { runSync } from '../../src/domain/sync/run-sync.ts'
import { startDueLoop } from '../../src/jobs/due-loop.ts'
import { type Script, smallScript } from './scripted-apple.ts'
import { leaseMs, openSyncWorld, type SyncWorld } from './sync-world.ts'

function startLoop({ deps }: SyncWorld) {
  return startDueLoop({
    schedule: deps.storage.instance.schedule,
    clock: deps.clock,
    observe: deps.observe,
    runOne: (taken, leases, signal) => runSync(deps, taken, leases, signal),
    concurrency: 3,
    leaseMs,
  })
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nextTurn()
}

describe('the due loop on a storage', () => {
  test('brings every token to its state, two of one location included', async () => {
    const world = await openSyncWorld()
    const expected = new Map<string, string>()
    for (let n = 10; n < 20; n += 1) {
      const id = await world.addToken(`T${n}`, smallScript({ uId: `70000000000000${n}` }))
      expected.set(id, 'valid unclaimed completed')
    }
    const revoked: Script = {
      ...smallScript(),
      config: { reason: 'revokedByApple', isDefinite: true },
    }
    expected.set(await world.addToken('Revoked', revoked), 'invalid revokedByApple failed')
    const twin = await world.addToken('Twin', smallScript({ uId: '7000000000000010' }))
    expected.set(twin, 'duplicateLocationId duplicateLocation completed')

    const loop = startLoop(world)
    for (const [id, state] of expected) await until(async () => (await world.stateOf(id)) === state)
    await loop.stop()
    expect(troublesIn(world)).toEqual([])
  })

  test('stops a walk without end, and the next loop takes it up again', async () => {
    const world = await openSyncWorld()
    const script: Script = smallScript()
    const id = await world.addToken('Kiel', script)
    const plain = script.assets
    const inWalk = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    script.assets = [
      () => {
        inWalk.resolve()
        return goOn.promise
      },
      ...plain,
    ]
    const loop = startLoop(world)
    await inWalk.promise
    const stopped = loop.stop()
    goOn.resolve()
    await stopped
    expect(await world.runsOf(id)).toEqual(['create running'])
    expect(await world.rowCounts(id)).toEqual([0, 0, 0])

    script.assets = plain
    const restarted = startLoop(world)
    await until(async () => (await world.stateOf(id)) === 'valid unclaimed completed')
    await restarted.stop()
    const runs = await world.runsOf(id)
    expect(runs.slice(-2)).toEqual(['interrupted completed', 'create superseded'])
  })
})

function troublesIn({ observed }: SyncWorld) {
  return observed.filter(({ kind }) => kind !== 'runEnded' && kind !== 'metadataRefreshed')
}
