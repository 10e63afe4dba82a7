import { expect, test } from 'vitest'
import { updateToken } from '../../src/domain/tokens/update-token.ts'
import { instantOf } from '../../src/model/date-time-offset.ts'
import { smallScript } from './scripted-apple.ts'
import { tenantId, worldWithToken } from './sync-world.ts'

test('a wish to claim the location that comes while a run goes on is for the next one, at once', async () => {
  const script = smallScript()
  const { world, id } = await worldWithToken(script)
  const actor = { tenantId, name: 'client' }
  const wish = { claimTokenManagementFromExternalMdm: true }
  script.users = [
    async () => {
      await updateToken(world.deps, actor, id, wish, undefined)
    },
    ...script.users,
  ]
  expect(await world.run()).toBe('completed')
  const { record, dueAt } = await world.token(id)
  expect(record.claimTokenManagementFromExternalMdm).toBe(true)
  expect(dueAt).toBe(instantOf(world.clock.now()))
})
