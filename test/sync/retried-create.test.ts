import { expect, test } from 'vitest'
import { addToken } from '../../src/domain/tokens/add-token.ts'
import { openSyncWorld, tenantId } from './sync-world.ts'

test.each([
  ['within the time that is set gets the first answer', 86_399_999, true],
  ['after it makes another token', 86_400_000, false],
])('a create with the same key %s', async (_, laterMs, isSame) => {
  const world = await openSyncWorld()
  const actor = { tenantId, name: 'client' }
  const retry = { clientId: 'client', key: 'key-1', root: 'beta', recognizedMs: 86_400_000 }
  const create = () => addToken(world.deps, actor, { displayName: 'Kiel' }, retry)
  const first = await create()
  world.clock.turn(laterMs)
  const second = await create()
  expect(second.record.id === first.record.id).toBe(isSame)
  expect(await world.tenant.reads.tokens.count()).toBe(isSame ? 1 : 2)
})
