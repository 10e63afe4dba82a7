import { describe, expect, test } from 'vitest'
import { mostChangesListed } from '../../src/domain/sync/write-rows.ts'
import {
  assetRow,
  deviceRow,
  onePage,
  type Script,
  smallScript,
  unassigned,
  userRow,
} from './scripted-apple.ts'
import { type SyncWorld, worldWithToken } from './sync-world.ts'

async function changesOf(world: SyncWorld, id: string): Promise<readonly string[]> {
  const { id: runId } = await world.lastRun(id)
  const { rows } = await world.tenant.reads.runs.changes(runId, { limit: 100 })
  return rows.map((row) =>
    [
      ...[row.subject, row.change, row.adamId, row.serialNumber ?? row.clientUserId],
      ...[row.countsBefore?.assigned, row.countsAfter?.assigned, row.statusBefore, row.statusAfter],
    ]
      .filter((part) => part !== null && part !== undefined)
      .join(' '),
  )
}

describe('the history of a run', () => {
  test('lists what it added, changed and removed, with what was there before', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect(await changesOf(world, id)).toEqual([
      'asset added 9000000001 2',
      'asset added 9000000002 0',
      'assignment added 9000000001 POMSER000001',
      'assignment added 9000000001 POMSER000002',
      'user added u-0001 Registered',
    ])
    script.assets = onePage([assetRow('9000000001', { assignedCount: 1 }), unassigned('3')])
    script.assignments = onePage([deviceRow('POMSER000002')])
    script.users = onePage([{ ...userRow('u-0001'), status: 'Retired' }])
    await world.turnToDue(id)
    await world.run()
    expect(await changesOf(world, id)).toEqual([
      'asset added 3 0',
      'asset changed 9000000001 2 1',
      'asset removed 9000000002 0',
      'assignment removed 9000000001 POMSER000001',
      'user changed u-0001 Registered Retired',
    ])
  })

  test('counts what lies beyond its bound', async () => {
    const count = mostChangesListed + 7
    const rows = Array.from({ length: count }, (_, index) => deviceRow(`S${index}`))
    const assets = onePage([assetRow('9000000001', { assignedCount: count })])
    const script = { ...smallScript(), assets, assignments: onePage(rows) }
    const { world, id } = await worldWithToken(script)
    await world.run()
    const run = await world.lastRun(id)
    expect(run.figures).toMatchObject({ rowsAdded: count + 2, changesUnlisted: 9 })
    expect(await world.tenant.reads.runs.countChanges(run.id)).toBe(mostChangesListed)
  })

  test('of a run that finds nothing changed is empty', async () => {
    const { world, id } = await worldWithToken()
    await world.run()
    await world.turnToDue(id)
    await world.run()
    expect(await changesOf(world, id)).toEqual([])
  })
})
