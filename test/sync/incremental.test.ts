import { describe, expect, test } from 'vitest'
import type { AppleFinding } from '../../src/model/apple-finding.ts'
import type { AppleUser, Assignment } from '../../src/model/apple-rows.ts'
import {
  assetRow,
  deviceRow,
  onePage,
  type Script,
  smallScript,
  unassigned,
  userRow,
  versionOf,
} from './scripted-apple.ts'
import { type SyncWorld, worldWithToken } from './sync-world.ts'

const hourMs = 3_600_000

/** The whole list at Apple, and what its delta tells. */
function assignmentsNow(script: Script, rows: readonly Assignment[], told: readonly Assignment[]) {
  const since = versionIn(script.assignments)
  script.assignments = onePage(rows)
  script.assignmentsSince = { [since]: [{ rows: told, versionId: versionOf(rows) }] }
  const { length } = rows
  script.assets = onePage([assetRow('9000000001', { assignedCount: length }), unassigned('2')])
}

function usersNow(script: Script, rows: readonly AppleUser[], told: readonly AppleUser[]) {
  const since = versionIn(script.users)
  script.users = onePage(rows)
  script.usersSince = { [since]: [{ rows: told, versionId: versionOf(rows) }] }
}

function versionIn(steps: Script['assignments' | 'users']): string {
  const [page] = steps
  return page && 'versionId' in page ? page.versionId : ''
}

async function questionsOf(world: SyncWorld, id: string): Promise<readonly string[]> {
  const before = world.apple.asked.length
  await world.turnToDue(id)
  expect(await world.run()).toBe('completed')
  return world.apple.asked.slice(before).map((asked) => asked.replace(/^\S+ /, ''))
}

const usersOf = async (world: SyncWorld, id: string) =>
  (await world.tenant.reads.users.list(id, 0, 100)).map(
    ({ row }) => `${row.clientUserId} ${row.status}`,
  )

describe('the next run', () => {
  test('looks at one page of assets and at what is new in the other lists', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const [assignments, users] = [versionIn(script.assignments), versionIn(script.users)]
    expect(await questionsOf(world, id)).toEqual([
      'config',
      'assets',
      `assignments since ${assignments}`,
      `users since ${users}`,
    ])
    expect(await world.lastRun(id)).toMatchObject({
      readings: { assets: 'unchanged', assignments: 'delta', users: 'delta' },
      figures: { pages: 3, rowsAdded: 0, rowsChanged: 0, rowsRemoved: 0 },
    })
  })

  test('adds what a delta tells, and goes on from its version', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const first = script.assignments
    const rows = [deviceRow('POMSER000001'), deviceRow('POMSER000002'), deviceRow('NEW')]
    assignmentsNow(script, rows, [deviceRow('NEW')])
    await questionsOf(world, id)
    expect(await world.targetsOf(id)).toEqual(['NEW', 'POMSER000001', 'POMSER000002'])
    const run = await world.lastRun(id)
    expect(run.versionsBefore.assignments).toBe(versionIn(first))
    expect(run.versions.assignments).toBe(versionOf(rows))
    expect(await questionsOf(world, id)).toContain(`assignments since ${versionOf(rows)}`)
  })

  test.each([
    ['leaves a removed row out', []],
    ['shows a removed row as if it were there', [deviceRow('A')]],
  ])('reads the whole asset again where a delta %s', async (_what, told) => {
    const many = Array.from({ length: 9 }, (_, index) => deviceRow(`OTHER${index}`, '3'))
    const script: Script = { ...smallScript() }
    const assets = (assigned: number) =>
      onePage([
        assetRow('9000000001', { assignedCount: assigned }),
        assetRow('3', { assignedCount: 9 }),
      ])
    script.assets = assets(2)
    script.assignments = onePage([deviceRow('A'), deviceRow('B'), ...many])
    const { world, id } = await worldWithToken(script)
    await world.run()
    const since = versionIn(script.assignments)
    script.assets = assets(1)
    script.assignments = onePage([deviceRow('B'), ...many])
    script.assignmentsSince = { [since]: onePage(told, versionIn(script.assignments)) }
    expect(await questionsOf(world, id)).toEqual([
      'config',
      'assets',
      `assignments since ${since}`,
      expect.stringMatching(/^users since/),
      'assignments of 9000000001',
      'assets',
    ])
    expect((await world.targetsOf(id)).filter((one) => !one.startsWith('OTHER'))).toEqual(['B'])
    expect((await world.lastRun(id)).figures).toMatchObject({ rowsRemoved: 1, assetsUneven: 0 })
  })

  test('walks all assignments when most of them would have to be read again', async () => {
    const five = ['A', 'B', 'C', 'D', 'E'].map((target) => deviceRow(target))
    const script = { ...smallScript(), assignments: onePage(five) }
    const { world, id } = await worldWithToken(script)
    await world.run()
    assignmentsNow(script, five.slice(2), [])
    expect(await questionsOf(world, id)).toContain('assignments')
    expect(await world.targetsOf(id)).toEqual(['C', 'D', 'E'])
    expect((await world.lastRun(id)).readings.assignments).toBe('full')
  })

  test('shows a difference that stays, and repairs nothing by guess', async () => {
    const script = {
      ...smallScript(),
      assets: onePage([assetRow('9000000001', { assignedCount: 5 })]),
    }
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect((await world.lastRun(id)).figures).toMatchObject({ assetsUneven: 1, rowsRemoved: 0 })
    expect(await world.rowCounts(id)).toEqual([1, 2, 1])
  })

  test('walks a list in full when Apple no longer knows its version', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.assignments = onePage([deviceRow('POMSER000001'), deviceRow('X')])
    expect(await questionsOf(world, id)).toContain('assignments')
    expect(await world.targetsOf(id)).toEqual(['POMSER000001', 'X'])
  })

  test('walks a list in full after a delta that broke off', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const since = versionIn(script.assignments)
    const trouble: AppleFinding = { reason: 'appleUnavailable', isDefinite: false }
    script.assignmentsSince = { [since]: [trouble] }
    await world.turnToDue(id)
    expect(await world.run()).toBe('failed')
    expect(await questionsOf(world, id)).toContain('assignments')
    script.assignmentsSince = {}
    expect(await questionsOf(world, id)).not.toContain('assignments')
  })

  test('walks a list in full after one that moved while it was walked', async () => {
    const script = smallScript()
    const [page] = onePage([deviceRow('POMSER000001')], 'v1')
    script.assignments = [page, { rows: [deviceRow('POMSER000002')], versionId: 'v2' }]
    script.assignmentsSince = { v1: onePage([], 'v2') }
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect(world.apple.asked.map((asked) => asked.replace(/^\S+ /, ''))).toContain(
      'assignments since v1',
    )
    script.assignments = onePage([deviceRow('POMSER000001'), deviceRow('POMSER000002')], 'v2')
    expect(await questionsOf(world, id)).toContain('assignments')
  })
})

describe('every list is walked in full', () => {
  test('once a day, in one run that begins no later', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const beganMs = world.clock.now().getTime()
    const walks: number[] = []
    for (let run = 0; run < 9; run += 1) {
      await questionsOf(world, id)
      const { readings } = await world.lastRun(id)
      const kinds = new Set(Object.values(readings))
      expect([...kinds].join(' ')).toMatch(/^(full|unchanged delta)$/)
      if (kinds.has('full')) walks.push((world.clock.now().getTime() - beganMs) / hourMs)
    }
    expect(walks.map(Math.round)).toEqual([24, 48])
    expect(Math.max(...walks.map((hours) => hours % 24))).toBeLessThan(0.1)
  })
})

describe('a delta of users', () => {
  const rows = [userRow('u-0001'), { ...userRow('u-0002'), inviteCode: 'code' }]

  test('replaces the row of a user that now shows with another key', async () => {
    const script = { ...smallScript(), users: onePage(rows) }
    const { world, id } = await worldWithToken(script)
    await world.run()
    const bound = { ...userRow('u-0002'), idHash: 'hash', status: 'Associated' }
    usersNow(script, [userRow('u-0001'), bound], [bound])
    expect(await questionsOf(world, id)).not.toContain('users')
    expect(await usersOf(world, id)).toEqual(['u-0001 Registered', 'u-0002 Associated'])
  })

  test('that tells of a retired row alone is followed by a full walk: the live one may be gone', async () => {
    const script = { ...smallScript(), users: onePage(rows) }
    const { world, id } = await worldWithToken(script)
    await world.run()
    const retired = { ...userRow('u-0002'), status: 'Retired' }
    usersNow(script, [userRow('u-0001'), retired], [retired])
    expect(await questionsOf(world, id)).toContain('users')
    expect(await usersOf(world, id)).toEqual(['u-0001 Registered', 'u-0002 Retired'])
  })
})
