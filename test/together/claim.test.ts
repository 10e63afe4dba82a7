/** A location changes hands (Apple 7): claim, confirmation, loss and release against the simulator, with its journal's rules. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requestClaim, requestRelease } from '../../src/domain/ownership/request-claim.ts'
import type { Ownership } from '../../src/model/ownership.ts'
import { firstTenantId, type TurnedWorld, turnedWorld } from './turned-world.ts'

const held = '7000000000000020'
const free = '7000000000000021'
const oldMdm = '5e1f0c4e-0000-4000-8000-0000000000ff'
const claim = { claimTokenManagementFromExternalMdm: true }

describe('a location', () => {
  let world: TurnedWorld
  beforeEach(async () => {
    world = await turnedWorld(['external-mdm'])
  })
  afterEach(() => world.close())

  async function addSynced(uId: string): Promise<string> {
    const [token] = await world.apple.tokensOf(uId)
    const id = await world.addToken(token?.file ?? '')
    expect(await world.run()).toBe('completed')
    return id
  }
  const shown = async (id: string) => {
    const { record } = await world.token(id)
    const { state, stateReason, claimTokenManagementFromExternalMdm: wish } = record
    return `${state} ${stateReason}${wish ? ' wished' : ''}`
  }
  const ownershipOf = async (uId: string): Promise<Ownership> => {
    const found = await world.tenant.reads.ownership.find(uId)
    if (!found) throw new Error('never claimed')
    return found
  }
  const mdmAt = async (uId: string) =>
    (await world.apple.control('GET', `/libraries/${uId}/truth`)).mdmInfo
  const posts = async (): Promise<number> => {
    const { entries } = await world.apple.control('GET', '/journal')
    return entries.filter(({ method }: { method: string }) => method === 'POST').length
  }
  const fault = (match: object, action: object, count = 1) =>
    world.apple.control('POST', '/faults', { match, count, action })
  async function claimed(uId: string): Promise<string> {
    const id = await addSynced(uId)
    await world.updateToken(id, claim)
    expect(await world.run()).toBe('completed')
    expect(await world.runWhenDue(id)).toBe('completed')
    expect(await shown(id)).toBe('valid ok')
    return id
  }

  test('is only read until a write claims it; then it is taken over, looked at, and looked at again after a minute', async () => {
    const id = await addSynced(held)
    expect(await shown(id)).toBe('assignedToExternalMDM heldByOtherMdm')
    expect(await world.brokenRules([{ assert: 'noWrites', uId: held }])).toEqual([])

    await world.updateToken(id, claim)
    expect(await world.run()).toBe('completed')
    expect(await shown(id)).toBe('valid unclaimed')
    const { mdmId, state, confirmAt } = await ownershipOf(held)
    expect(state).toBe('observe')
    expect((await world.token(id)).dueAt).toBe(confirmAt)
    expect(await mdmAt(held)).toEqual({ id: mdmId, name: 'Pomona', metadata: 'pomona' })
    expect(mdmId).toMatch(/^[0-9a-f-]{14}4/)

    expect(await world.runWhenDue(id)).toBe('completed')
    expect(await shown(id)).toBe('valid ok')
    expect(await ownershipOf(held)).toMatchObject({ state: 'ours', confirmAt: null, mdmId })
    expect(await posts()).toBe(1)
    expect(
      await world.brokenRules([
        { assert: 'claimVerified', uId: held },
        { assert: 'tokenVerbatim' },
        {
          assert: 'order',
          matches: [
            { method: 'GET', path: '/mdm/v2/client/config' },
            { method: 'POST', path: '/mdm/v2/client/config' },
            { method: 'GET', path: '/mdm/v2/client/config' },
          ],
        },
      ]),
    ).toEqual([])
    const { rows } = await world.tenant.reads.audit.list({ limit: 9 })
    expect(rows.map(({ action }) => action).sort()).toEqual([
      ...['token.added', 'token.claimed', 'token.ownershipChanged', 'token.stateChanged'],
      ...['token.stateChanged', 'token.stateChanged', 'token.updated'],
    ])
  })

  test('of nobody is claimed all the same, and an owned one is looked at hourly', async () => {
    const id = await claimed(free)
    const { dueAt } = await world.token(id)
    expect(Date.parse(dueAt) - world.clock.now().getTime()).toBeLessThanOrEqual(3_600_000)
    expect(await posts()).toBe(1)
  })

  test('is claimed by the very first run when the wish is there before it', async () => {
    const [content] = await world.apple.tokensOf(held)
    const id = await world.addToken(content?.file ?? '')
    await world.updateToken(id, claim)
    expect(await world.run()).toBe('completed')
    await world.runWhenDue(id)
    expect(await shown(id)).toBe('valid ok')
    expect(await posts()).toBe(1)
  })

  test('is claimed once although the answer is lost, and sent again where the request never came', async () => {
    const config = { method: 'POST', path: '/mdm/v2/client/config' }
    const id = await addSynced(held)
    await fault(config, { cut: 'beforeHeaders', applyEffect: true })
    await world.updateToken(id, claim)
    await world.run()
    expect(await shown(id)).toBe('valid unclaimed')
    expect(await posts()).toBe(1)

    const other = await addSynced(free)
    await fault(config, { cut: 'beforeHeaders' })
    await world.updateToken(other, claim)
    await world.run()
    expect(await shown(other)).toBe('valid unclaimed')
    expect((await ownershipOf(free)).confirmAt).not.toBeNull()
    expect(await posts()).toBe(3)
    expect(
      await world.brokenRules([held, free].map((uId) => ({ assert: 'claimVerified', uId }))),
    ).toEqual([])
  })

  test('that another server takes within the minute is a conflict, and stays one until a new write', async () => {
    const id = await addSynced(held)
    await world.updateToken(id, claim)
    await world.run()
    const other = { id: 'other', name: 'Other MDM', metadata: 'x' }
    await world.apple.control('PUT', `/libraries/${held}/mdm-info`, other)
    await world.runWhenDue(id)
    expect(await shown(id)).toBe('assignedToExternalMDM heldByOtherMdm')
    expect((await ownershipOf(held)).state).toBe('conflict')
    await world.runWhenDue(id)
    expect(await posts()).toBe(1)

    await world.updateToken(id, claim)
    await world.run()
    await world.runWhenDue(id)
    expect(await shown(id)).toBe('valid ok')
    expect((await ownershipOf(held)).state).toBe('ours')
  })

  test.each([
    [
      'another server',
      { id: 'other', name: 'Other MDM', metadata: 'x' },
      'assignedToExternalMDM heldByOtherMdm',
    ],
    ['nobody', null, 'valid unclaimed'],
  ])(
    'that was ours and is of %s now is a conflict, seen in the middle of a walk',
    async (_, mdmInfo, state) => {
      const id = await claimed(free)
      await world.apple.control('POST', '/walk-scripts', {
        ...{ endpoint: 'assets', beforePage: 0, uId: free },
        writes: [{ write: 'mdmInfo', mdmInfo }],
      })
      await world.runWhenDue(id)
      expect(await shown(id)).toBe(state)
      expect((await ownershipOf(free)).state).toBe('conflict')
      expect(await posts()).toBe(1)
    },
  )

  const deps = () => ({
    ...{ storage: world.storage, clock: world.clock, newId: world.newId },
    appleMode: 'simulated' as const,
  })
  const actor = { tenantId: firstTenantId, name: 'client' }

  test('is taken from nobody but the server that was seen', async () => {
    const id = await addSynced(held)
    const asked = (seen: string | null) => requestClaim(deps(), actor, id, { id: seen })
    await expect(asked(null)).rejects.toMatchObject({ code: 'conflict' })
    await expect(asked('somebody')).rejects.toMatchObject({
      code: 'conflict',
      property: 'holderId',
    })
    expect(await shown(id)).not.toContain('wished')
    const { record } = await asked(oldMdm)
    expect(record).toMatchObject({ isClaimPending: true, ownershipState: 'observe' })

    // It changes hands before the run comes.
    const other = { id: 'other', name: 'Other MDM', metadata: 'x' }
    await world.apple.control('PUT', `/libraries/${held}/mdm-info`, other)
    await world.run()
    expect(await shown(id)).toBe('assignedToExternalMDM heldByOtherMdm')
    expect(await posts()).toBe(0)
    expect((await ownershipOf(held)).finding?.detail).toContain('"Other MDM" (id other)')

    await asked('other')
    await world.run()
    await world.runWhenDue(id)
    expect(await shown(id)).toBe('valid ok')
  })

  test('of two tenants of one Pomona is of one of them: to each the other is another server', async () => {
    const id = await claimed(free)
    const otherTenantId = '22222222-2222-4222-8222-222222222222'
    await world.addTenant(otherTenantId)
    const { file } = await world.apple.issueToken(free, 'c@harbour.example')
    const other = await world.addToken(file, otherTenantId)
    await world.run()
    const reads = world.storage.forTenant(otherTenantId).reads
    const record = async () => (await reads.tokens.get(other)).record
    expect(await record()).toMatchObject({
      ...{ state: 'assignedToExternalMDM', stateReason: 'heldByOtherMdm' },
      mdmHolder: { id: (await ownershipOf(free)).mdmId, name: 'Pomona' },
    })
    await requestClaim(deps(), { tenantId: otherTenantId, name: 'client' }, other, {
      id: (await ownershipOf(free)).mdmId,
    })
    await world.run()
    expect((await reads.ownership.find(free))?.mdmId).not.toBe((await ownershipOf(free)).mdmId)
    await world.runWhenDue(other, undefined, otherTenantId)
    expect(await record()).toMatchObject({ state: 'valid', stateReason: 'ok' })
    await world.runWhenDue(id)
    expect(await shown(id)).toBe('assignedToExternalMDM heldByOtherMdm')
    expect((await ownershipOf(free)).state).toBe('conflict')
  })

  test('is given up under the same id, and then nothing is read there until it is claimed again', async () => {
    const id = await addSynced(held)
    await expect(requestRelease(deps(), actor, id)).rejects.toMatchObject({ code: 'conflict' })
    await world.updateToken(id, claim)
    await world.run()
    await world.runWhenDue(id)
    const { mdmId } = await ownershipOf(held)

    expect((await requestRelease(deps(), actor, id)).record.isReleasePending).toBe(true)
    await world.run()
    expect(await mdmAt(held)).toEqual({ id: mdmId, name: 'Released: Pomona', metadata: 'pomona' })
    expect(await shown(id)).toBe('valid unclaimed')
    expect((await ownershipOf(held)).state).toBe('released')
    await world.apple.control('DELETE', '/journal')
    await world.runWhenDue(id)
    const { entries } = await world.apple.control('GET', '/journal')
    expect(entries.map(({ path }: { path: string }) => path)).not.toContain('/mdm/v2/assets')

    await world.updateToken(id, claim)
    await world.run()
    await world.runWhenDue(id)
    expect(await shown(id)).toBe('valid ok')
    expect(await ownershipOf(held)).toMatchObject({ state: 'ours', mdmId })
  })

  test('that Apple refuses to hand over stays read only, keeps the wish and says why', async () => {
    const id = await addSynced(held)
    await fault(
      { method: 'POST', path: '/mdm/v2/client/config' },
      { status: 403, errorNumber: 9637 },
    )
    await world.updateToken(id, claim)
    expect(await world.run()).toBe('completed')
    expect(await shown(id)).toBe('assignedToExternalMDM heldByOtherMdm wished')
    expect((await ownershipOf(held)).finding).toMatchObject({ errorNumber: 9637 })
  })
})
