import { describe, expect, test } from 'vitest'
import type { LicenseStep, StoredIntent } from '../../src/model/license-intent.ts'
import type { Predicate } from '../../src/model/list-query.ts'
import { type Backend, freshStorage } from './backend.ts'
import { device, intent, receipt } from './intent-samples.ts'
import { addTenants, at, guid, harbour, orchard, token } from './samples.ts'

const step = (id: string, given: Partial<LicenseStep> = {}): LicenseStep => ({
  ...{ id, intentId: guid(11), status: 'sending', eventId: null, tries: 1 },
  write: {
    ...{ kind: 'associate', assets: [{ adamId: '1', pricingParam: 'STDQ' }] },
    ...{ targetKind: 'serialNumber', targets: ['A'] },
  },
  ...{ sentAt: at(2), pollAt: at(3) },
  ...given,
})

const where = (property: string, comparison: 'eq' | 'ne', value: string): Predicate => ({
  ...{ kind: 'compare', operand: { property }, comparison, value },
})

export function licenseIntentStoreContract(backend: Backend): void {
  describe(`work on licences on ${backend.name}`, () => {
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
    const all = { limit: 100 }

    test('an intent comes back whole, and changes with its version', async () => {
      const tenant = await opened()
      const first = intent(guid(11))
      await tenant.transaction(({ intents }) => intents.insert(first))
      expect(await tenant.reads.intents.find(guid(11))).toEqual(first)
      const record = { ...first.record, status: 'active', message: 'Später' } as const
      const changed = {
        ...{ ...first, record, request: null, cursor: 7, wakeAt: at(9), pausedUntil: at(8) },
        ...{ setbacks: 2, itemId: guid(5) },
      }
      const answered = await tenant.transaction(({ intents }) => intents.update(changed))
      expect(answered).toEqual({ ...changed, version: 2 })
      expect(await tenant.reads.intents.find(guid(11))).toEqual(answered)
    })

    test('lists those of a token and of all, filtered and ordered, and the open ones oldest first', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ intents }) => {
        await intents.insert(intent(guid(12)))
        await intents.insert(intent(guid(11), { status: 'active' }))
        await intents.insert(intent(guid(13), { status: 'done', tokenId: guid(2) }))
        await intents.insert(intent(guid(14), { status: 'done' }))
      })
      const { intents } = tenant.reads
      const ids = (page: { rows: readonly StoredIntent[] }) => page.rows.map((one) => one.record.id)
      expect(ids(await intents.list(null, all))).toEqual([11, 12, 13, 14].map(guid))
      expect(ids(await intents.list(guid(1), all))).toEqual([11, 12, 14].map(guid))
      const filter = where('status', 'eq', 'done')
      expect(ids(await intents.list(null, { ...all, filter }))).toEqual([13, 14].map(guid))
      expect(await intents.count(guid(1), filter)).toBe(1)
      expect((await intents.listOpen(guid(1))).map((one) => one.record.id)).toEqual(
        [12, 11].map(guid),
      )
    })

    test('receipts are written once per pair, and counted by status', async () => {
      const tenant = await opened()
      const written = await tenant.transaction(async ({ intents }) => {
        await intents.insert(intent(guid(11)))
        const first = await intents.insertReceipts(guid(11), [
          ...[receipt('A'), receipt('B', { status: 'failed', reason: 'notRevocable' })],
          receipt('C', { status: 'skipped', reason: 'alreadyDone' }),
        ])
        return [first, await intents.insertReceipts(guid(11), [receipt('A'), receipt('D')])]
      })
      expect(written).toEqual([{ waiting: 1, failed: 1, skipped: 1 }, { waiting: 1 }])
      const page = await tenant.reads.intents.receipts(guid(11), { limit: 3 })
      expect(page.rows[1]).toEqual({
        ...{ adamId: '1', pricingParam: 'STDQ', serialNumber: 'B', clientUserId: null },
        ...{ status: 'failed', reason: 'notRevocable', errorNumber: 0 },
        message: 'Licences of this item cannot be taken back: they stay with who has them.',
      })
      const rest = await tenant.reads.intents.receipts(guid(11), {
        ...{ limit: 3, ...(page.next && { after: page.next }) },
      })
      expect(rest.rows.map(({ serialNumber }) => serialNumber)).toEqual(['D'])
      const filter = where('status', 'ne', 'waiting')
      expect(await tenant.reads.intents.countReceipts(guid(11), filter)).toBe(2)
    })

    test('receipts go into a step and out of it with what became of them', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ intents }) => {
        await intents.insert(intent(guid(11)))
        await intents.insertReceipts(
          guid(11),
          ['A', 'B', 'C'].map((target) => receipt(target)),
        )
        const waiting = await intents.listWaiting(guid(11), 2)
        expect(waiting.map(({ receipt: { target } }) => target)).toEqual(['A', 'B'])
        await intents.insertStep(
          step('s1'),
          waiting.map(({ number }) => number),
        )
        expect((await intents.listWaiting(guid(11), 9)).map((one) => one.receipt.target)).toEqual([
          'C',
        ])
        const [first, second] = await intents.listOfStep('s1', 9)
        if (!first || !second) throw new Error('the step is empty')
        await intents.settle([
          { ...first, receipt: { ...first.receipt, status: 'done' } },
          { ...second, receipt: { ...second.receipt, reason: 'maintenance', tries: 1 } },
        ])
        expect(await intents.listOfStep('s1', 9)).toEqual([])
        const left = await intents.listWaiting(guid(11), 9)
        expect(left.map((one) => [one.receipt.target, one.receipt.tries])).toEqual([
          ...[
            ['B', 1],
            ['C', 0],
          ],
        ])
        const key = { adamId: '1', pricingParam: 'STDQ' }
        const other = { adamId: '2', pricingParam: 'STDQ' }
        expect(await intents.plannedOf(guid(11), [key, other])).toEqual([{ ...key, count: 3 }])
      })
    })

    test('steps come back whole, and those that are settled are not open', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ intents }) => {
        await intents.insert(intent(guid(11)))
        await intents.insertStep(step('s1'), [])
        await intents.insertStep(step('s2'), [])
        const sent = step('s2', { status: 'sent', eventId: 'e1', tries: 2, pollAt: at(7) })
        await intents.updateStep(sent)
        expect(await intents.findStep('s2')).toEqual(sent)
        expect(await intents.findStepOf('e1')).toEqual(sent)
        expect(await intents.findStepOf('e2')).toBeUndefined()
        await intents.updateStep(step('s1', { status: 'settled' }))
        expect(await intents.openSteps(guid(11))).toEqual([sent])
      })
    })

    test('finds licences by app and by target, and those that Pomona gave out', async () => {
      const tenant = await opened()
      const asset = {
        ...{ adamId: '1', pricingParam: 'STDQ', productType: 'App', totalCount: 9 },
        ...{ availableCount: 5, assignedCount: 4, retiredCount: 0, supportedPlatforms: [] },
        ...{ isUnlimited: false, isDeviceAssignable: true, isRevocable: true },
      }
      await tenant.transaction(async ({ assets, assignments, intents }) => {
        await assets.insert(guid(1), [asset, { ...asset, adamId: '2' }])
        const held = [device('A'), device('B'), device('A', '2'), device('C', '2')]
        await assignments.insert(guid(1), held)
        const numbers = (await intents.listHeld(guid(1), {}, 0, 9)).map(({ number }) => number)
        const found = async (
          filter: Parameters<typeof intents.listHeld>[1],
          after = 0,
          limit = 9,
        ) =>
          (await intents.listHeld(guid(1), filter, after, limit)).map(
            ({ row }) => `${row.adamId} ${row.target}`,
          )
        expect(await found({})).toEqual(['1 A', '1 B', '2 A', '2 C'])
        expect(await found({}, numbers[1], 1)).toEqual(['2 A'])
        expect(await found({ adamId: '2' })).toEqual(['2 A', '2 C'])
        const target = { targetKind: 'serialNumber', target: 'A' } as const
        expect(await found({ target })).toEqual(['1 A', '2 A'])
        expect(await found({ target }, numbers[0])).toEqual(['2 A'])
        expect(await found({ target, adamId: '2' })).toEqual(['2 A'])

        await intents.insert(intent(guid(11)))
        await intents.insertReceipts(guid(11), [receipt('A', { status: 'done' }), receipt('B')])
        await intents.insert(intent(guid(12), { action: 'reclaim' }))
        await intents.insertReceipts(guid(12), [receipt('C', { adamId: '2', status: 'done' })])
        expect(await intents.findOurs([guid(1)], held)).toEqual([device('A')])
        expect(await intents.findOurs([guid(2)], held)).toEqual([])
      })
    })

    test('another tenant reaches none of it', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ intents }) => {
        await intents.insert(intent(guid(11)))
        await intents.insertReceipts(guid(11), [receipt('A')])
        const waiting = await intents.listWaiting(guid(11), 9)
        await intents.insertStep(
          step('s1'),
          waiting.map(({ number }) => number),
        )
      })
      const others = fresh().storage.forTenant(orchard)
      expect(await others.reads.intents.find(guid(11))).toBeUndefined()
      expect((await others.reads.intents.list(null, all)).rows).toEqual([])
      expect((await others.reads.intents.receipts(guid(11), all)).rows).toEqual([])
      expect(await others.reads.intents.openSteps(guid(11))).toEqual([])
      await expect(
        others.transaction(({ intents }) => intents.update(intent(guid(11)))),
      ).rejects.toMatchObject({ code: 'notFound' })
      await expect(
        others.transaction(({ intents }) => intents.updateStep(step('s1'))),
      ).rejects.toMatchObject({ code: 'notFound' })
      const [mine] = await tenant.transaction(({ intents }) => intents.listOfStep('s1', 9))
      if (!mine) throw new Error('the step is empty')
      await others.transaction(({ intents }) =>
        intents.settle([{ ...mine, receipt: { ...mine.receipt, status: 'failed' } }]),
      )
      expect(await tenant.transaction(({ intents }) => intents.listOfStep('s1', 9))).toEqual([mine])
    })

    test('an intent of a token that is not there is refused, and one goes with its token', async () => {
      const tenant = await opened()
      await expect(
        tenant.transaction(({ intents }) => intents.insert(intent(guid(11), { tokenId: guid(9) }))),
      ).rejects.toMatchObject({ code: 'notFound' })
      await tenant.transaction(async ({ intents }) => {
        await intents.insert(intent(guid(11)))
        await intents.insertReceipts(guid(11), [receipt('A')])
        await intents.insertStep(step('s1'), [])
      })
      await tenant.transaction(({ tokens }) => tokens.remove(guid(1)))
      expect(await tenant.reads.intents.find(guid(11))).toBeUndefined()
      expect((await tenant.reads.intents.receipts(guid(11), all)).rows).toEqual([])
    })

    test('a token is made due at an instant, earlier or later, without a new version', async () => {
      const tenant = await opened()
      const { version } = await tenant.reads.tokens.get(guid(1))
      for (const seconds of [5, 9, 2]) {
        await tenant.transaction(({ tokens }) => tokens.setDue(guid(1), at(seconds)))
        expect(await tenant.reads.tokens.get(guid(1))).toMatchObject({
          version,
          dueAt: at(seconds),
        })
      }
    })

    test('licences and users of a location are listed by what they show', async () => {
      const tenant = await opened()
      await tenant.transaction(async ({ assignments, users }) => {
        const user = { targetKind: 'clientUserId', target: 'u1' } as const
        await assignments.insert(guid(1), [device('A'), { ...device('x'), ...user }, device('B')])
        const one = { clientUserId: 'u1', idHash: null, inviteCode: null, email: 'u1@example.org' }
        await users.insert(guid(1), [
          { ...one, status: 'Retired', idHash: 'h', email: 'old@example.org' },
          { ...one, status: 'Registered' },
        ])
      })
      const { location } = tenant.reads
      const first = await location.licenses(guid(1), { limit: 2 })
      expect(first.rows).toEqual([
        {
          ...{ adamId: '1', pricingParam: 'STDQ', displayName: null, serialNumber: 'A' },
          ...{ clientUserId: null, userEmailAddress: null },
        },
        {
          ...{ adamId: '1', pricingParam: 'STDQ', displayName: null, serialNumber: null },
          ...{ clientUserId: 'u1', userEmailAddress: 'u1@example.org' },
        },
      ])
      const next = { limit: 2, ...(first.next && { after: first.next }) }
      expect((await location.licenses(guid(1), next)).rows).toMatchObject([{ serialNumber: 'B' }])
      const filter = where('serialNumber', 'eq', 'B')
      expect(await location.countLicenses(guid(1), filter)).toBe(1)
      const orderBy = [{ operand: { property: 'status' }, isDescending: false }]
      const { rows } = await location.users(guid(1), { ...all, orderBy })
      expect(rows.map(({ status, email }) => `${status} ${email}`)).toEqual([
        ...['Registered u1@example.org', 'Retired old@example.org'],
      ])
      expect(await location.countUsers(guid(2))).toBe(0)
    })
  })
}
