import { describe, expect, test } from 'vitest'
import { removeToken } from '../../src/domain/tokens/remove-token.ts'
import { type Script, smallConfig, smallScript } from './scripted-apple.ts'
import { openSyncWorld, tenantId } from './sync-world.ts'

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

  test('the younger record is read all the same while another server holds the location', async () => {
    const world = await openSyncWorld()
    const mdm = { id: 'old', name: 'Old MDM', metadata: 'x' }
    await world.addToken('Kiel', smallScript({ mdm }))
    await world.run()
    const younger = await world.addToken('Kiel again', smallScript({ mdm }))
    await world.run()
    expect(await world.stateOf(younger)).toBe('assignedToExternalMDM heldByOtherMdm completed')
    expect(await world.rowCounts(younger)).toEqual([2, 2, 1])
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
