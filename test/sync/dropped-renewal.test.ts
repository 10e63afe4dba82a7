import { expect, test } from 'vitest'
import { updateToken } from '../../src/domain/tokens/update-token.ts'
import { smallScript } from './scripted-apple.ts'
import { contentTokenOf, tenantId, worldWithToken } from './sync-world.ts'

test('a renewal whose dropping run breaks off is judged and dropped by the next one, which says so', async () => {
  const script = smallScript()
  const { world, id } = await worldWithToken(script)
  await world.run()

  const other = contentTokenOf('other')
  const elsewhere = smallScript({ uId: '7000000000000099' })
  const { config } = elsewhere
  elsewhere.config = { reason: 'appleUnavailable', isDefinite: false }
  world.apple.scripts.set(other, elsewhere)
  const actor = { tenantId, name: 'client' }
  await updateToken(world.deps, actor, id, { token: other }, undefined)
  expect((await world.token(id)).record.pendingContentFingerprint).not.toBeNull()
  elsewhere.config = config

  const stopped = new AbortController()
  const { assignments } = script
  script.assignments = [() => stopped.abort(new Error('killed')), ...assignments]
  const [taken] = await world.takeDue()
  if (!taken) throw new Error('the renewal is not due')
  expect(await world.runTaken(taken, stopped.signal)).toBe('interrupted')

  script.assignments = assignments
  expect(await world.run()).toBe('completed')
  expect(await world.stateOf(id)).toBe('valid locationMismatch completed')
  expect((await world.lastRun(id)).finding).toMatchObject({ reason: 'locationMismatch' })
  expect((await world.token(id)).record.pendingContentFingerprint).toBeNull()
  expect(await world.audited(id)).toContain('token.renewalDropped')
})
