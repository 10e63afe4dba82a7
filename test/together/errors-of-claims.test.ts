/** A location that changes hands while somebody claims it or gives it up (Apple 7). */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readOwner } from '../../src/domain/ownership/read-owner.ts'
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

/** Ours, as `claim` and a minute make it. */
async function claimed(): Promise<string> {
  await claim(oldMdm.id)
  await world.run()
  await world.runWhenDue(id)
  const ours = await ownership()
  expect(ours?.state).toBe('ours')
  return ours?.mdmId ?? ''
}
const wish = { claimTokenManagementFromExternalMdm: true }
const nameAtApple = async () =>
  (await world.apple.control('GET', `/libraries/${held}/truth`)).mdmInfo.name

test('a claim after a release that has not begun keeps the location', async () => {
  const mdmId = await claimed()
  await requestRelease(deps(), actor, id)
  const { record } = await claim(mdmId)
  expect(record).toMatchObject({ isReleasePending: false, isClaimPending: true })
  await world.run()
  await world.runWhenDue(id)
  expect(await ownership()).toMatchObject({ state: 'ours', releaseBy: null })
  expect(await nameAtApple()).toBe('Pomona')
})

test("a claim by a write through Graph's API after a release that has not begun keeps the location", async () => {
  await claimed()
  await requestRelease(deps(), actor, id)
  await world.updateToken(id, wish)
  expect(await readOwner(world.storage, actor, id)).toMatchObject({
    record: { isReleasePending: false, isClaimPending: true },
  })
  await world.run()
  await world.runWhenDue(id)
  await world.runWhenDue(id)
  expect(await ownership()).toMatchObject({ state: 'ours', releaseBy: null })
  expect(await nameAtApple()).toBe('Pomona')
})

test('a release after a claim that has not begun gives the location up', async () => {
  await claimed()
  await world.updateToken(id, wish)
  const { record } = await requestRelease(deps(), actor, id)
  expect(record).toMatchObject({ isReleasePending: true, isClaimPending: false })
  await world.run()
  expect(await ownership()).toMatchObject({ state: 'released', releaseBy: null })
  expect(await nameAtApple()).toBe('Released: Pomona')
})

test('a release that is asked for while a run is about to claim wins', async () => {
  await claimed()
  await world.updateToken(id, wish)
  let isAsked = false
  const dispatcher = world.appleSettings.dispatcher.compose((dispatch) => (options, handler) => {
    if (isAsked || !options.path.endsWith('/client/config')) return dispatch(options, handler)
    isAsked = true
    void requestRelease(deps(), actor, id).then(() => dispatch(options, handler))
    return true
  })
  expect(await world.run({ dispatcher })).toBe('completed')
  expect(await ownership()).toMatchObject({ state: 'released', releaseBy: null })
})

test('9645 to a claim or a write stays told over good syncs, and a claim that is taken ends it', async () => {
  await claimed()
  const told = async () => {
    const { state, stateReason } = (await world.token(id)).record
    return `${state} ${stateReason}`
  }
  await world.tenant.transaction(async ({ tokens }) => {
    const finding = { reason: 'heldByOtherMdm', isDefinite: true, errorNumber: 9645 } as const
    await tokens.update({ ...(await tokens.get(id)), finding: { ...finding, isOfWrite: true } })
  })
  for (const action of [undefined, { status: 503, errorNumber: 9729 }, undefined]) {
    if (action)
      await world.apple.control('POST', '/faults', {
        ...{ id: 'down', match: { path: '/mdm/v2/assets' }, count: 5, action },
      })
    expect(await world.runWhenDue(id)).toBe(action ? 'failed' : 'completed')
    expect(await told()).toBe('assignedToExternalMDM heldByOtherMdm')
  }
  await claim((await ownership())?.mdmId ?? '')
  expect(await world.run()).toBe('completed')
  await world.runWhenDue(id)
  expect(await told()).toBe('valid ok')
  expect((await ownership())?.state).toBe('ours')
})

test('another server that a list names is confirmed by one question, not two', async () => {
  await claimed()
  await world.apple.control('DELETE', '/journal')
  await world.apple.control('POST', '/walk-scripts', {
    ...{ endpoint: 'users', beforePage: 0, uId: held },
    writes: [{ write: 'mdmInfo', mdmInfo: oldMdm }],
  })
  expect(await world.runWhenDue(id)).toBe('completed')
  expect((await ownership())?.state).toBe('conflict')
  // One at the start of the run, one to confirm.
  const match = { method: 'GET', path: '/mdm/v2/client/config' }
  expect(await world.brokenRules([{ assert: 'requestCount', match, n: 2 }])).toEqual([])
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
