/** Apple's limits as they are shared by nodes and outlive a restart (Apple C3): each client here is a process of its own. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import type { FactStore } from '../../src/ports/instance-store.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000001'
const serviceConfig = '/mdm/v2/service/config'

let world: TurnedWorld
let otherNode: Storage
let file = ''
beforeEach(async () => {
  world = await turnedWorld(['small'])
  otherNode = await world.openStorageAgain()
  file = (await world.apple.tokensOf(uId))[0]?.file ?? ''
  await world.apple.control('PATCH', '/settings', { limits: { maxSerialNumbers: 7 } })
})
afterEach(async () => {
  await otherNode.close()
  await world.close()
})

const factsOf = ({ instance }: Storage): FactStore => ({
  find: (name) => instance.reads.facts.find(name),
  put: (name, value) => instance.transaction(({ facts }) => facts.put(name, value)),
})
/** What a process that has just started takes for the most serial numbers of one call. */
const limitOf = async (storage: Storage, baseUrl = world.appleSettings.baseUrl) => {
  const vpp = createAppleVpp({ ...world.appleSettings, baseUrl, facts: factsOf(storage) })
  return (await vpp.converse(file, uId).readLimits()).maxSerialNumbers
}
const timesAsked = async (): Promise<number> =>
  (await world.apple.control('GET', '/journal')).entries.filter(({ path }: { path: string }) =>
    path.endsWith('service/config'),
  ).length

test('what one node was told lately another one, or a new start, does not ask for again', async () => {
  expect([await limitOf(world.storage), await timesAsked()]).toEqual([7, 1])
  expect([await limitOf(otherNode), await timesAsked()]).toEqual([7, 1])
  world.clock.turn(269_999)
  expect([await limitOf(world.storage), await timesAsked()]).toEqual([7, 1])

  await world.apple.control('PATCH', '/settings', { limits: { maxSerialNumbers: 9 } })
  world.clock.turn(1)
  expect([await limitOf(otherNode), await timesAsked()]).toEqual([9, 2])
  expect([await limitOf(world.storage), await timesAsked()]).toEqual([9, 2])
})

test('a whole run of a node that has just started asks nothing that is known', async () => {
  await limitOf(otherNode)
  await world.addToken(file)
  expect(await world.run({ facts: factsOf(world.storage) })).toBe('completed')
  const { entries } = await world.apple.control('GET', '/journal')
  expect(entries.map(({ path }: { path: string }) => path).slice(0, 3)).toEqual([
    ...[serviceConfig, '/mdm/v2/client/config', '/mdm/v2/assets'],
  ])
  expect(await world.brokenRules([{ assert: 'limitsFresh' }])).toEqual([])
})

test('the last known ones hold after a restart while Apple does not tell them', async () => {
  await limitOf(world.storage)
  await world.apple.control('POST', '/faults', {
    ...{ match: { path: serviceConfig }, count: 0, action: { status: 503 } },
  })
  world.clock.turn(3_600_000)
  expect([await limitOf(otherNode), await timesAsked()]).toEqual([7, 2])
})

test('those of one address are not those of another', async () => {
  await limitOf(world.storage)
  const other = `${world.appleSettings.baseUrl}/elsewhere`
  expect(await limitOf(world.storage, other)).toBe(1_000)
})
