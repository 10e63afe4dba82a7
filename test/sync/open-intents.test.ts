import { expect, test } from 'vitest'
import { requestSync } from '../../src/domain/sync/request-sync.ts'
import { instantOf, instantPlus } from '../../src/model/date-time-offset.ts'
import { intent } from '../contract/intent-samples.ts'
import { smallScript } from './scripted-apple.ts'
import { type SyncWorld, tenantId, worldWithToken } from './sync-world.ts'

/** A process may end between a run's end and its intents: whoever starts next must find the token due for them. */
async function waitFor30Seconds(world: SyncWorld, tokenId: string): Promise<string> {
  const wakeAt = instantPlus(instantOf(world.clock.now()), 30_000)
  const { record, ...rest } = intent('01a1')
  await world.tenant.transaction(async ({ intents }) => {
    await intents.insert({ ...rest, record: { ...record, tokenId }, wakeAt })
  })
  return wakeAt
}

test('a token whose sync has ended is due for its open intents', async () => {
  const { world, id } = await worldWithToken(smallScript())
  await world.run()
  const wakeAt = await waitFor30Seconds(world, id)
  await requestSync({ ...world.deps, appleMode: 'simulated' }, { tenantId, name: 'c' }, id)
  expect(await world.run()).toBe('completed')
  expect((await world.token(id)).dueAt).toBe(wakeAt)
})

test('a token whose expiry has been written is due for its open intents', async () => {
  const expiry = '2026-12-01T12:00:00.0000000Z'
  const { world, id } = await worldWithToken(smallScript({ tokenExpiration: expiry }))
  await world.run()
  await world.turnToDue(id)
  const wakeAt = await waitFor30Seconds(world, id)
  expect(await world.run()).toBe('expired')
  expect((await world.token(id)).dueAt).toBe(wakeAt)
})
