import { describe, expect, test } from 'vitest'
import { removeToken } from '../../src/domain/tokens/remove-token.ts'
import { deviceRow, onePage, type Script, smallConfig, smallScript } from './scripted-apple.ts'
import { leaseMs, openSyncWorld, tenantId, worldWithToken } from './sync-world.ts'

describe('a run that is overtaken', () => {
  test('by a raised fence writes no completion, only that it was superseded', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    script.assignments = [
      ...onePage([deviceRow('A')]),
      () => world.tenant.transaction(({ tokens }) => tokens.raiseFence(id)),
      ...onePage([deviceRow('B')]),
    ]
    expect(await world.run()).toBe('superseded')
    expect(await world.targetsOf(id)).toEqual(['A'])
    expect(await world.runsOf(id)).toEqual(['create superseded'])
    const { record } = await world.token(id)
    expect(record).toMatchObject({
      state: 'unknown',
      stateReason: 'neverChecked',
      lastSyncStatus: 'inProgress',
      locationId: null,
      lastAppCount: 0,
    })
    expect(await world.audited(id)).toEqual(['token.added'])
    expect(world.observed).toMatchObject([{ kind: 'runEnded', status: 'superseded' }])
  })

  test('by a fence raised after its last page does not complete either', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    script.users = [() => world.tenant.transaction(({ tokens }) => tokens.raiseFence(id))]
    expect(await world.run()).toBe('superseded')
    expect(await world.stateOf(id)).toBe('unknown neverChecked inProgress')
  })

  test('by the removal of its token leaves nothing behind', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    script.beforeConfig = () => removeToken(world.deps, { tenantId, name: 'client' }, id, undefined)
    expect(await world.run()).toBe('superseded')
    expect(await world.tenant.reads.tokens.find(id)).toBeUndefined()
    expect(await world.audited(id)).toEqual(['token.removed', 'token.added'])
  })

  test('before it began does nothing at all', async () => {
    const { world, id } = await worldWithToken()
    const [taken] = await world.takeDue()
    await world.tenant.transaction(({ tokens }) => tokens.raiseFence(id))
    expect(taken && (await world.runTaken(taken))).toBe('superseded')
    expect(await world.runsOf(id)).toEqual(['create queued'])
    expect(world.apple.asked).toEqual([])
  })

  test('because its lease ended lets the run that took over go on', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    const outcomes: string[] = []
    script.beforeConfig = async () => {
      delete script.beforeConfig
      world.clock.turn(leaseMs)
      outcomes.push(await world.run())
    }
    outcomes.push(await world.run())
    expect(outcomes).toEqual(['completed', 'superseded'])
    expect(await world.stateOf(id)).toBe('valid unclaimed completed')
    expect(await world.runsOf(id)).toEqual(['interrupted completed', 'create superseded'])
  })

  test('keeps its leases while pages keep coming', async () => {
    const script: Script = smallScript()
    const { world } = await worldWithToken(script)
    const slow = () => world.clock.turn(leaseMs * 0.6)
    script.assets = [...onePage<never>([]), slow, ...script.assets, slow, ...script.assets]
    script.assignments = [slow, ...script.assignments]
    script.users = [slow, ...script.users]
    expect(await world.run()).toBe('completed')
  })
})

describe('a run that is stopped', () => {
  test('between two chunks is taken up again, with what it had written', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    const stop = new AbortController()
    script.assignments = [
      ...onePage([deviceRow('A')]),
      () => stop.abort(),
      ...onePage([deviceRow('B')]),
    ]
    const [taken] = await world.takeDue()
    expect(taken && (await world.runTaken(taken, stop.signal))).toBe('interrupted')
    expect(await world.runsOf(id)).toEqual(['create running'])
    expect(await world.targetsOf(id)).toEqual(['A'])

    script.assignments = onePage([deviceRow('A'), deviceRow('B')])
    expect(await world.run()).toBe('completed')
    expect(await world.runsOf(id)).toEqual(['interrupted completed', 'create superseded'])
    expect(await world.targetsOf(id)).toEqual(['A', 'B'])
  })

  test('by a crash of the process is free again when its lease has ended', async () => {
    const { world, id } = await worldWithToken()
    // Taken, and never heard of again.
    await world.takeDue()
    expect(await world.takeDue()).toEqual([])
    world.clock.turn(leaseMs - 1)
    expect(await world.takeDue()).toEqual([])
    world.clock.turn(1)
    expect(await world.run()).toBe('completed')
    expect(await world.stateOf(id)).toBe('valid unclaimed completed')
  })

  test('by an error that nobody foresaw is closed as failed and says so', async () => {
    const script: Script = smallScript()
    const { world, id } = await worldWithToken(script)
    script.beforeConfig = () => {
      throw new TypeError('a secret may stand here')
    }
    await expect(world.run()).rejects.toThrow(TypeError)
    expect(await world.stateOf(id)).toBe('unknown clientDefect failed')
    const run = await world.lastRun(id)
    expect(run).toMatchObject({
      status: 'failed',
      finding: { reason: 'clientDefect', isDefinite: false, detail: 'TypeError' },
    })
    expect((await world.token(id)).record.stateMessage).toBe(
      `The run could not be finished (TypeError). If this comes again, report run ${run.id}.`,
    )
    const { dueAt } = await world.token(id)
    expect(Date.parse(dueAt) - world.clock.now().getTime()).toBe(315_000)
  })
})

describe('one location, several tokens', () => {
  test('a run waits in the queue while somebody else holds the location', async () => {
    const world = await openSyncWorld()
    const script: Script = smallScript()
    const older = await world.addToken('Kiel', script)
    const younger = await world.addToken('Kiel again', smallScript())
    const outcomes: string[] = []
    script.assets = [
      async () => {
        outcomes.push(await world.run())
      },
      ...script.assets,
    ]
    const [taken] = await world.takeDue(1)
    if (taken) outcomes.push(await world.runTaken(taken))
    expect(outcomes).toEqual(['postponed', 'completed'])
    expect(await world.runsOf(younger)).toEqual(['create queued'])
    expect(await world.stateOf(younger)).toBe('unknown neverChecked inProgress')
    expect(await world.stateOf(older)).toBe('valid unclaimed completed')

    expect(await world.run()).toBe('completed')
    expect(await world.runsOf(younger)).toEqual(['create completed'])
    expect(await world.stateOf(younger)).toBe('duplicateLocationId duplicateLocation completed')
  })

  test('the younger record asks for the configuration only and names the older', async () => {
    const world = await openSyncWorld()
    await world.addToken('Kiel', smallScript())
    await world.run()
    const younger = await world.addToken('Kiel again', smallScript())
    world.apple.asked.length = 0
    expect(await world.run()).toBe('completed')
    expect(world.apple.asked.map((each) => each.split(' ')[1])).toEqual(['config'])
    const { record } = await world.token(younger)
    expect(record.stateMessage).toBe(
      'Location "Kiel Depot" is also served by "Kiel". Only one of them is synced.',
    )
    expect(record).toMatchObject({
      recommendedAction: 'removeDuplicate',
      locationId: '7000000000000001',
      lastAppCount: 0,
    })
    expect(await world.rowCounts(younger)).toEqual([0, 0, 0])
  })

  test('the older record that comes to know its location later makes the younger learn the truth', async () => {
    const world = await openSyncWorld()
    const late: Script = { ...smallScript(), config: { reason: 'throttled', isDefinite: false } }
    const older = await world.addToken('Kiel', late)
    await world.run()
    const younger = await world.addToken('Kiel again', smallScript())
    await world.run()
    expect(await world.stateOf(younger)).toBe('valid unclaimed completed')
    late.config = smallConfig
    await world.turnToDue(older)
    await world.run()
    expect(await world.run()).toBe('completed')
    expect(await world.stateOf(older)).toBe('valid unclaimed completed')
    expect(await world.stateOf(younger)).toBe('duplicateLocationId duplicateLocation completed')
  })

  test('when the older record is removed, the younger syncs', async () => {
    const world = await openSyncWorld()
    const older = await world.addToken('Kiel', smallScript())
    await world.run()
    const younger = await world.addToken('Kiel again', smallScript())
    await world.run()
    await removeToken(world.deps, { tenantId, name: 'client' }, older, undefined)
    expect(await world.run()).toBe('completed')
    expect(await world.stateOf(younger)).toBe('valid unclaimed completed')
    expect(await world.runsOf(younger)).toEqual(['twinRemoved completed', 'create completed'])
    expect(await world.rowCounts(younger)).toEqual([2, 2, 1])
  })

  test('when the older record is removed while the younger runs, the younger is due at once', async () => {
    const world = await openSyncWorld()
    const older = await world.addToken('Kiel', smallScript())
    await world.run()
    const script: Script = smallScript()
    const younger = await world.addToken('Kiel again', script)
    await world.run()
    await world.turnToDue(older)
    await world.run()
    await world.turnToDue(younger)
    const [taken] = await world.takeDue()
    // Between the run's look for twins and its end.
    const { tenant } = world
    const transaction = tenant.transaction.bind(tenant)
    let units = 0
    const forTenant = () => ({
      ...tenant,
      transaction: async (work: Parameters<typeof transaction>[0]) => {
        units += 1
        if (units === 2) await transaction(({ tokens }) => tokens.remove(older))
        return transaction(work)
      },
    })
    const plain = world.deps.storage.forTenant
    Object.assign(world.deps.storage, { forTenant })
    expect(taken && (await world.runTaken(taken))).toBe('completed')
    Object.assign(world.deps.storage, { forTenant: plain })
    expect(await world.run()).toBe('completed')
    expect(await world.rowCounts(younger)).toEqual([2, 2, 1])
  })
})

describe('the expiry', () => {
  test('is written when it comes, without a run and without asking Apple', async () => {
    const script = smallScript({ tokenExpiration: '2026-12-01T12:00:00.0000000Z' })
    const { world, id } = await worldWithToken(script)
    await world.run()
    const before = await world.token(id)
    expect(before.dueAt).toBe('2026-12-01T12:00:00.0000000Z')
    world.apple.asked.length = 0
    await world.turnToDue(id)
    expect(await world.run()).toBe('expired')
    expect(world.apple.asked).toEqual([])
    const after = await world.token(id)
    expect(after.record).toEqual({
      ...before.record,
      state: 'expired',
      stateReason: 'expired',
      recommendedAction: 'renew',
      stateMessage:
        'The content token expired on 2026-12-01 12:00 UTC. Download a new one from Apple Business and renew it here.',
      lastModifiedDateTime: { instant: '2026-12-01T12:00:00.0000000Z', offsetMinutes: 0 },
    })
    expect(after.version).toBe(before.version + 1)
    expect(after.dueAt).toBe(before.record.nextSyncDateTime.instant)
    expect(await world.runsOf(id)).toEqual(['create completed'])
    expect(await world.audited(id)).toEqual([
      'token.stateChanged',
      'token.stateChanged',
      'token.added',
    ])
  })

  test('is no reason not to sync when a sync was asked for', async () => {
    const script = smallScript({ tokenExpiration: '2026-12-01T12:00:00.0000000Z' })
    const { world, id } = await worldWithToken(script)
    await world.run()
    await world.turnToDue(id)
    script.config = { ...smallConfig, tokenExpiration: '2027-12-01T12:00:00.0000000Z' }
    const { requestSync } = await import('../../src/domain/sync/request-sync.ts')
    await requestSync({ ...world.deps, appleMode: 'simulated' }, { tenantId, name: 'c' }, id)
    expect(await world.run()).toBe('completed')
    expect(await world.stateOf(id)).toBe('valid unclaimed completed')
  })
})
