/** Every change of a token writes its audit event in the same transaction: without the event there is no change. */
import { describe, expect, test } from 'vitest'
import { requestSync } from '../../src/domain/sync/request-sync.ts'
import { runSync } from '../../src/domain/sync/run-sync.ts'
import { addToken } from '../../src/domain/tokens/add-token.ts'
import { removeToken } from '../../src/domain/tokens/remove-token.ts'
import { updateToken } from '../../src/domain/tokens/update-token.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Storage, TenantStores } from '../../src/ports/storage.ts'
import { smallScript } from './scripted-apple.ts'
import { contentTokenOf, type SyncWorld, tenantId, worldWithToken } from './sync-world.ts'

const actor = { tenantId, name: 'client' }

/** The real storage, but its audit takes nothing. */
function withoutAudit(storage: Storage): Storage {
  const refuse = async () => {
    throw new Failure('unavailable', 'The audit cannot be written.')
  }
  const silenced = (stores: TenantStores): TenantStores =>
    Object.create(stores, { audit: { value: { ...stores.audit, insert: refuse } } })
  return {
    ...storage,
    forTenant: (id) => {
      const tenant = storage.forTenant(id)
      return {
        reads: tenant.reads,
        transaction: (work) => tenant.transaction((stores) => work(silenced(stores))),
      }
    },
  }
}

type Deps = SyncWorld['deps'] & { readonly appleMode: 'simulated' }

describe('a change whose audit event cannot be written', () => {
  test.each<[string, (deps: Deps, id: string) => Promise<unknown>]>([
    ['a new token', (deps) => addToken(deps, actor, { token: contentTokenOf('new') })],
    ['an update', (deps, id) => updateToken(deps, actor, id, { displayName: 'x' }, undefined)],
    [
      'a renewal',
      (deps, id) => updateToken(deps, actor, id, { token: contentTokenOf('new') }, undefined),
    ],
    ['a removal', (deps, id) => removeToken(deps, actor, id, undefined)],
    ['a sync that was asked for', (deps, id) => requestSync(deps, actor, id)],
  ])('does not happen: %s', async (_, change) => {
    const { world, id } = await worldWithToken(smallScript())
    await world.run()
    world.apple.scripts.set(contentTokenOf('new'), smallScript())
    const everything = async () => ({
      token: await world.token(id),
      count: await world.tenant.reads.tokens.count(),
      runs: await world.runsOf(id),
      audited: await world.audited(id),
      secret: await world.tenant.reads.secrets.find({ tenantId, recordId: id, property: 'token' }),
    })
    const before = await everything()
    const deps = {
      ...world.deps,
      storage: withoutAudit(world.deps.storage),
      appleMode: 'simulated' as const,
    }

    await expect(change(deps, id)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await everything()).toEqual(before)
  })

  test('is not made by a run either: its end is not written', async () => {
    const { world, id } = await worldWithToken(smallScript())
    const failing = { ...world.deps, storage: withoutAudit(world.deps.storage) }
    const [taken] = await world.takeDue()
    if (!taken) throw new Error('nothing is due')
    const { signal } = new AbortController()
    await expect(runSync(failing, taken, world.leasesOf(taken), signal)).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(await world.stateOf(id)).toBe('unknown neverChecked inProgress')
  })
})
