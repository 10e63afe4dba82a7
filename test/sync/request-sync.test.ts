import { describe, expect, test } from 'vitest'
import { requestSync } from '../../src/domain/sync/request-sync.ts'
import { formatDateTimeOffset } from '../../src/model/date-time-offset.ts'
import { smallScript } from './scripted-apple.ts'
import { type SyncWorld, tenantId, worldWithToken } from './sync-world.ts'

const actor = { tenantId, name: 'client-1' }

const ask = (world: SyncWorld, id: string, appleMode: 'simulated' | 'off' = 'simulated') =>
  requestSync({ ...world.deps, appleMode }, actor, id)

describe('a requested sync', () => {
  test('queues a run, is audited, shows in the answer and makes the token due', async () => {
    const { world, id } = await worldWithToken()
    await world.run()
    world.clock.turn(60_000)
    expect(await world.takeDue()).toEqual([])
    const answered = await ask(world, id)
    expect(answered).toEqual(await world.token(id))
    expect(answered.record.lastSyncStatus).toBe('inProgress')
    expect(formatDateTimeOffset(answered.record.lastModifiedDateTime)).toBe(
      '2026-12-01T09:01:00.0010000Z',
    )
    expect(await world.runsOf(id)).toEqual(['request queued', 'create completed'])
    const { rows } = await world.tenant.reads.audit.list({ limit: 1 })
    expect(rows[0]).toMatchObject({
      action: 'token.syncRequested',
      actor: 'client-1',
      subject: id,
      details: { runId: (await world.lastRun(id)).id },
    })
    expect(await world.run()).toBe('completed')
    expect(await world.runsOf(id)).toEqual(['request completed', 'create completed'])
  })

  test('twice is one run and changes nothing more', async () => {
    const { world, id } = await worldWithToken()
    await world.run()
    const first = await ask(world, id)
    world.clock.turn(5)
    expect(await ask(world, id)).toEqual(first)
    expect(await world.runsOf(id)).toEqual(['request queued', 'create completed'])
    expect(await world.audited(id)).toHaveLength(3)
  })

  test('while the first run still waits is that run, and the answer says in progress', async () => {
    const { world, id } = await worldWithToken()
    expect((await ask(world, id)).record.lastSyncStatus).toBe('inProgress')
    expect(await world.runsOf(id)).toEqual(['create queued'])
  })

  test('while a run goes on is no second one', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    Object.assign(script, { beforeConfig: () => ask(world, id) })
    expect(await world.run()).toBe('completed')
    expect(await world.runsOf(id)).toEqual(['create completed'])
    expect(await world.takeDue()).toEqual([])
  })

  test('runs although the stored status says in progress, as a caller may have sent it', async () => {
    const { world, id } = await worldWithToken()
    await world.run()
    await world.tenant.transaction(async ({ tokens }) => {
      const token = await tokens.get(id)
      await tokens.update({ ...token, record: { ...token.record, lastSyncStatus: 'inProgress' } })
    })
    await ask(world, id)
    expect(await world.runsOf(id)).toEqual(['request queued', 'create completed'])
  })

  test('changes nothing in mode off', async () => {
    const { world, id } = await worldWithToken()
    await world.run()
    const before = await world.token(id)
    expect(await ask(world, id, 'off')).toEqual(before)
    expect(await world.token(id)).toEqual(before)
    expect(await world.runsOf(id)).toEqual(['create completed'])
  })

  test.each(['simulated', 'off'] as const)('of an absent token fails in mode %s', async (mode) => {
    const { world } = await worldWithToken()
    const absent = '01900000-0000-7000-8000-00000000ffff'
    await expect(ask(world, absent, mode)).rejects.toMatchObject({ code: 'notFound' })
  })
})
