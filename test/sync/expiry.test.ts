import { describe, expect, test } from 'vitest'
import { requestSync } from '../../src/domain/sync/request-sync.ts'
import { updateToken } from '../../src/domain/tokens/update-token.ts'
import { instantOf } from '../../src/model/date-time-offset.ts'
import { type Script, smallConfig, smallScript } from './scripted-apple.ts'
import { tenantId, worldWithToken } from './sync-world.ts'

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

  test.each([
    ['the next sync is due as well', 7],
    ['it was written before and the token is due again', 3],
  ])('is not all there is to do when %s', async (_why, hours) => {
    const script: Script = smallScript({ tokenExpiration: '2026-12-01T12:00:00.0000000Z' })
    const { world, id } = await worldWithToken(script)
    await world.run()
    world.clock.turn(hours * 3_600_000)
    if (hours < 6) {
      expect(await world.run()).toBe('expired')
      const now = instantOf(world.clock.now())
      await world.tenant.transaction(({ tokens }) => tokens.makeDue(id, now))
    }
    expect(await world.run()).toBe('completed')
    expect(await world.stateOf(id)).toBe('expired expired completed')
  })

  test('that has been written is no reason to sync at every change of the record', async () => {
    const script = smallScript({ tokenExpiration: '2026-12-01T12:00:00.0000000Z' })
    const { world, id } = await worldWithToken(script)
    await world.run()
    await world.turnToDue(id)
    await world.run()
    const { dueAt } = await world.token(id)
    const actor = { tenantId, name: 'client' }
    await updateToken(world.deps, actor, id, { displayName: 'Kiel' }, undefined)
    expect((await world.token(id)).dueAt).toBe(dueAt)
    expect(await world.takeDue()).toEqual([])
  })

  test('is no reason not to sync when a sync was asked for', async () => {
    const script = smallScript({ tokenExpiration: '2026-12-01T12:00:00.0000000Z' })
    const { world, id } = await worldWithToken(script)
    await world.run()
    await world.turnToDue(id)
    script.config = { ...smallConfig, tokenExpiration: '2027-12-01T12:00:00.0000000Z' }
    await requestSync({ ...world.deps, appleMode: 'simulated' }, { tenantId, name: 'c' }, id)
    expect(await world.run()).toBe('completed')
    expect(await world.stateOf(id)).toBe('valid unclaimed completed')
  })
})
