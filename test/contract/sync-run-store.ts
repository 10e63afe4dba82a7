import { describe, expect, test } from 'vitest'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, at, guid, harbour, orchard, run, token } from './samples.ts'

export function syncRunStoreContract(backend: Backend): void {
  describe(`sync runs on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    const opened = async () => {
      const { storage } = fresh()
      await addTenants(storage)
      for (const id of [harbour, orchard])
        await storage.forTenant(id).transaction(async ({ tokens }) => {
          await tokens.insert(token(guid(1)))
          await tokens.insert(token(guid(2)))
        })
      return storage.forTenant(harbour)
    }
    const ended = { status: 'completed', endedAt: at(9) } as const
    const full = run('r1', guid(1), {
      cause: 'renewal',
      status: 'failed',
      requestedAt: at(1),
      startedAt: at(2),
      endedAt: at(3),
      finding: { reason: 'maintenance', isDefinite: false, errorNumber: 9729, detail: 'Später' },
      figures: {
        requests: 1,
        pages: 2,
        tries: 3,
        waitedMs: 4_294_967_296,
        rowsAdded: 5,
        rowsChanged: 6,
        rowsRemoved: 7,
        rowsSuspect: 8,
        changesUnlisted: 9,
        assetsUneven: 10,
        expirationDriftSeconds: -4_294_967_296,
      },
      versionsBefore: { assets: 'a4' },
      versions: { assets: 'a5', users: 'a7' },
      readings: { assets: 'full', users: 'delta' },
      counts: {
        ...{ assets: 1, totalLicenses: 2_147_483_648, availableLicenses: 3, assignedLicenses: 4 },
        ...{ retiredLicenses: 5, assignments: 6, users: 7 },
      },
      refusals: [{ errorNumber: 9729, httpStatus: 503, text: 'Später', times: 3 }],
      unknownFields: ['assets[].newThing'],
    })

    test('a run comes back whole', async () => {
      const tenant = await opened()
      const got = await tenant.transaction(async ({ runs }) => {
        await runs.insert(full)
        return runs.get('r1')
      })
      expect(got).toEqual(full)
      expect((await tenant.reads.runs.list(guid(1), { limit: 1 })).rows).toEqual([full])
    })

    test('finds the active run, queued or running, and none when it has ended', async () => {
      const tenant = await opened()
      const active = () => tenant.reads.runs.findActive(guid(1))
      expect(await active()).toBeUndefined()
      await tenant.transaction(({ runs }) => runs.insert(run('r1', guid(1))))
      expect(await active()).toEqual(run('r1', guid(1)))
      const running = run('r1', guid(1), { status: 'running', startedAt: at(1) })
      await tenant.transaction(({ runs }) => runs.update(running))
      expect(await active()).toEqual(running)
      await tenant.transaction(({ runs }) => runs.update({ ...running, ...ended }))
      expect(await active()).toBeUndefined()
    })

    test.each(['queued', 'running'] as const)(
      'a second active run beside a %s one is a conflict',
      async (status) => {
        const tenant = await opened()
        await tenant.transaction(({ runs }) => runs.insert(run('r1', guid(1), { status })))
        for (const second of ['queued', 'running'] as const)
          await expect(
            tenant.transaction(({ runs }) => runs.insert(run('r2', guid(1), { status: second }))),
          ).rejects.toMatchObject({ code: 'conflict' })
      },
    )

    test('ended runs stand beside an active one, and each token has its own active run', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ runs }) => {
        await runs.insert(run('r1', guid(1), ended))
        await runs.insert(run('r2', guid(1), ended))
        await runs.insert(run('r3', guid(1)))
        await runs.insert(run('r4', guid(2)))
      })
      expect((await tenant.reads.runs.findActive(guid(1)))?.id).toBe('r3')
      expect((await tenant.reads.runs.findActive(guid(2)))?.id).toBe('r4')
    })

    test('lists newest first, runs of one instant by id, page by page', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ runs }) => {
        for (const [id, seconds] of [
          ['b', 1],
          ['e', 3],
          ['a', 1],
          ['d', 2],
          ['c', 1],
        ] as const)
          await runs.insert(run(id, guid(1), { ...ended, requestedAt: at(seconds) }))
        await runs.insert(run('x', guid(2), { requestedAt: at(2) }))
      })
      const pages: string[][] = []
      let after: string | undefined
      do {
        const page = await tenant.reads.runs.list(guid(1), { limit: 2, ...(after && { after }) })
        pages.push(page.rows.map(({ id }) => id))
        after = page.next
      } while (after)
      expect(pages).toEqual([['e', 'd'], ['c', 'b'], ['a']])
    })

    test('get and update of a run that is not there fail with notFound', async () => {
      const tenant = await opened()
      await expect(tenant.transaction(({ runs }) => runs.get('r9'))).rejects.toMatchObject({
        code: 'notFound',
      })
      await expect(
        tenant.transaction(({ runs }) => runs.update(run('r9', guid(1)))),
      ).rejects.toMatchObject({ code: 'notFound' })
    })

    test('a run of a token that is not there is refused with notFound', async () => {
      const tenant = await opened()
      await expect(
        tenant.transaction(({ runs }) => runs.insert(run('r1', guid(9)))),
      ).rejects.toMatchObject({ code: 'notFound' })
    })

    test('a run of another tenant is as good as not there', async () => {
      const tenant = await opened()
      const others = fresh().storage.forTenant(orchard)
      await others.transaction(({ runs }) => runs.insert(run('r1', guid(1))))
      expect(await tenant.reads.runs.findActive(guid(1))).toBeUndefined()
      expect((await tenant.reads.runs.list(guid(1), { limit: 9 })).rows).toEqual([])
      await expect(tenant.transaction(({ runs }) => runs.get('r1'))).rejects.toMatchObject({
        code: 'notFound',
      })
      await expect(
        tenant.transaction(({ runs }) => runs.update(run('r1', guid(1), ended))),
      ).rejects.toMatchObject({ code: 'notFound' })
      await tenant.transaction(({ runs }) => runs.insert(run('r2', guid(1))))
      expect(await others.reads.runs.findActive(guid(1))).toEqual(run('r1', guid(1)))
    })
  })
}
