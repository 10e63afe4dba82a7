/** Apple's date for a content token against the one that stands in it (Apple 9.1): more than a day between them is shown. */
import { expect, test } from 'vitest'
import { updateToken } from '../../src/domain/tokens/update-token.ts'
import { smallScript } from './scripted-apple.ts'
import { contentTokenOf, tenantId, worldWithToken } from './sync-world.ts'

const day = 86_400

/** The content token says 2027-03-01T08:00:00Z. */
test.each([
  ['the same', '2027-03-01T08:00:00.0000000Z', 0],
  ['a day later', '2027-03-02T08:00:00.0000000Z', 0],
  ['a day and a second later', '2027-03-02T08:00:01.0000000Z', day + 1],
  ['a day earlier', '2027-02-28T08:00:00.0000000Z', 0],
  ['a day and a second earlier', '2027-02-28T07:59:59.0000000Z', -day - 1],
  ['a year later', '2028-03-01T08:00:00.0000000Z', 366 * day],
  ['not told', null, 0],
])('%s: the token and the record of the run say so', async (_, tokenExpiration, drift) => {
  const { world, id } = await worldWithToken(smallScript({ tokenExpiration }))
  expect(await world.run()).toBe('completed')
  const { record } = await world.token(id)
  expect(record.expirationDriftSeconds).toBe(drift)
  expect(record.expirationDateTime.instant).toBe(tokenExpiration ?? '2027-03-01T08:00:00.0000000Z')
  expect((await world.lastRun(id)).figures.expirationDriftSeconds).toBe(drift)
  expect(world.observed).toContainEqual(
    expect.objectContaining({
      kind: 'runEnded',
      figures: expect.objectContaining({ expirationDriftSeconds: drift }),
    }),
  )
})

test('it is over with a renewal, and stays while Apple cannot be asked', async () => {
  const script = smallScript({ tokenExpiration: '2028-03-01T08:00:00.0000000Z' })
  const { world, id } = await worldWithToken(script)
  await world.run()
  const drift = async () => (await world.token(id)).record.expirationDriftSeconds
  const { config } = script
  script.config = { reason: 'appleUnavailable', isDefinite: false }
  await world.turnToDue(id)
  expect(await world.run()).toBe('failed')
  expect(await drift()).toBe(366 * day)
  expect((await world.lastRun(id)).figures.expirationDriftSeconds).toBe(0)

  script.config = config
  const renewed = contentTokenOf('Kiel renewed', '2028-03-01T08:00:00+0000')
  world.apple.scripts.set(renewed, script)
  const actor = { tenantId, name: 'client' }
  await updateToken(world.deps, actor, id, { token: renewed }, undefined)
  expect(await drift()).toBe(0)
  expect(await world.run()).toBe('completed')
  expect(await drift()).toBe(0)
})
