import { describe, expect, test } from 'vitest'
import type { Backend } from './backend.ts'
import { addTenants, auditEvent, guid, harbour, token } from './samples.ts'

/** For databases where durable writes share commits. */
export function sharedCommitsContract(backend: Backend): void {
  describe(`shared commits on ${backend.name}`, () => {
    test('a hundred creates at the same time cost two commits at most', async () => {
      const commits: number[] = []
      const { storage, remove } = await backend.openFresh((units) => commits.push(units))
      await addTenants(storage)
      commits.length = 0
      const tenant = storage.forTenant(harbour)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          tenant.transaction(async ({ tokens, audit }) => {
            await tokens.insert(token(guid(index)))
            await audit.insert(auditEvent(guid(index)))
          }),
        ),
      )
      expect(commits.length).toBeLessThanOrEqual(2)
      expect(commits.reduce((sum, units) => sum + units, 0)).toBe(100)
      expect(await tenant.reads.tokens.count()).toBe(100)
      await remove()
    })

    test('nobody is answered before the commit that holds his unit', async () => {
      const events: string[] = []
      const { storage, remove } = await backend.openFresh(() => events.push('commit'))
      await addTenants(storage)
      events.length = 0
      const tenant = storage.forTenant(harbour)
      await Promise.all(
        [1, 2, 3].map(async (number) => {
          await tenant.transaction(async ({ tokens }) => {
            events.push(`work ${number}`)
            await tokens.insert(token(guid(number)))
          })
          events.push(`answer ${number}`)
        }),
      )
      expect(events).toEqual([
        'work 1',
        'work 2',
        'work 3',
        'commit',
        'answer 1',
        'answer 2',
        'answer 3',
      ])
      await remove()
    })
  })
}
