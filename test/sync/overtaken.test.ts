import { describe, expect, test } from 'vitest'
import { removeToken } from '../../src/domain/tokens/remove-token.ts'
import { deviceRow, onePage, type Script, smallScript } from './scripted-apple.ts'
import { leaseMs, tenantId, worldWithToken } from './sync-world.ts'

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
