/** A location that changes hands while somebody claims it or gives it up (Apple 7). */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requestClaim, requestRelease } from '../../src/domain/ownership/request-claim.ts'
import { firstTenantId, type TurnedWorld, turnedWorld } from './turned-world.ts'

const held = '7000000000000020'
const oldMdm = {
  ...{ id: '5e1f0c4e-0000-4000-8000-0000000000ff', name: 'Old MDM', metadata: 'x' },
}
const actor = { tenantId: firstTenantId, name: 'client' }

let world: TurnedWorld
let id = ''
beforeEach(async () => {
  world = await turnedWorld(['external-mdm'])
  id = await world.addToken((await world.apple.tokensOf(held))[0]?.file ?? '')
  await world.run()
})
afterEach(() => world.close())

const deps = () => ({ ...world.deps, appleMode: 'simulated' as const })
const ownership = async () => world.tenant.reads.ownership.find(held)
const claim = async (seen: string) => requestClaim(deps(), actor, id, { id: seen })

test('a claim after a release that has not begun keeps the location', async () => {
  await claim(oldMdm.id)
  await world.run()
  await world.runWhenDue(id)
  const ours = await ownership()
  expect(ours?.state).toBe('ours')

  await requestRelease(deps(), actor, id)
  const { record } = await claim(ours?.mdmId ?? '')
  expect(record).toMatchObject({ isReleasePending: false, isClaimPending: true })
  await world.run()
  await world.runWhenDue(id)
  expect(await ownership()).toMatchObject({ state: 'ours', releaseBy: null })
  const { mdmInfo } = await world.apple.control('GET', `/libraries/${held}/truth`)
  expect(mdmInfo).toMatchObject({ id: ours?.mdmId, name: 'Pomona' })
})

test('a holder that takes the location back while the claiming run still reads is noticed by it', async () => {
  await world.apple.control('PATCH', '/settings', { pageSizes: { assets: 1 } })
  await claim(oldMdm.id)
  await world.apple.control('POST', '/walk-scripts', {
    ...{ endpoint: 'users', beforePage: 0, uId: held },
    writes: [{ write: 'mdmInfo', mdmInfo: oldMdm }],
  })
  expect(await world.run()).toBe('completed')
  expect(await ownership()).toMatchObject({ state: 'conflict', confirmAt: null })
  expect((await world.token(id)).record).toMatchObject({
    ...{ state: 'assignedToExternalMDM', stateReason: 'heldByOtherMdm' },
    mdmHolder: { id: oldMdm.id, name: 'Old MDM' },
  })
})
