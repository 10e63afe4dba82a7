import { describe, expect, test } from 'vitest'
import type { LibraryItem } from '../../src/model/library-item.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, guid, harbour, item, token } from './samples.ts'

const bundleId = 'com.example.notes'

export function licenseSummaryContract(backend: Backend): void {
  describe(`licence summaries on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    /** Each list stands for the items of one more token: `guid(1)`, `guid(2)`, … */
    const opened = async (...libraries: readonly (readonly Partial<LibraryItem>[])[]) => {
      const { storage } = fresh()
      await addTenants(storage)
      const { reads, transaction } = storage.forTenant(harbour)
      let ids = 100
      await transaction(async ({ tokens, library }) => {
        for (const [index, records] of libraries.entries()) {
          const id = guid(index + 1)
          await tokens.insert(
            token(id, { appleId: `${index + 1}@example.com`, organizationName: 'Harbour' }),
          )
          const items = records.map((record) => item(guid(++ids), { bundleId, ...record }))
          await library.insert(id, items)
        }
      })
      return reads.library
    }
    const app = (adamId: string, available: number, used: number): Partial<LibraryItem> => ({
      adamId,
      availableLicenseCount: available,
      usedLicenseCount: used,
    })

    test('one per token that owns the bundle id, with what its account is called', async () => {
      const reads = await opened(
        [app('1', 5, 2)],
        [{ ...app('1', 9, 9), bundleId: 'com.example.other' }],
        [app('1', 7, 0), { adamId: '2', bundleId: null }],
      )
      const { rows } = await reads.summaries(bundleId, { limit: 9 })
      expect(rows).toEqual([
        {
          vppTokenId: guid(1),
          appleId: '1@example.com',
          organizationName: 'Harbour',
          availableLicenseCount: 5,
          usedLicenseCount: 2,
        },
        expect.objectContaining({ vppTokenId: guid(3), availableLicenseCount: 7 }),
      ])
      expect(await reads.countSummaries(bundleId)).toBe(2)
      expect((await reads.summaries('COM.example.notes', { limit: 9 })).rows).toEqual([])
      expect((await reads.summaries('', { limit: 9 })).rows).toEqual([])
    })

    test('an app for iOS and for macOS is two items with one pool of licences, and counts once', async () => {
      const reads = await opened([
        { ...app('1', 5, 2), contentKind: 'iosVppApp' },
        { ...app('1', 5, 2), contentKind: 'macOsVppApp' },
        app('2', 100, 10),
      ])
      const { rows } = await reads.summaries(bundleId, { limit: 9 })
      expect(rows).toMatchObject([{ availableLicenseCount: 105, usedLicenseCount: 12 }])
    })

    test('sums stop at 2147483647 (Apple 9.3)', async () => {
      const reads = await opened([
        app('1', 2_147_483_646, 2_000_000_000),
        app('2', 5, 2_000_000_000),
      ])
      const { rows } = await reads.summaries(bundleId, { limit: 9 })
      expect(rows).toMatchObject([
        { availableLicenseCount: 2_147_483_647, usedLicenseCount: 2_147_483_647 },
      ])
    })

    test('one unlimited app leaves as many as one likes; what is used is still told', async () => {
      const reads = await opened([app('1', 5, 2), { ...app('2', 0, 7), isUnlimited: true }])
      const { rows } = await reads.summaries(bundleId, { limit: 9 })
      expect(rows).toMatchObject([{ availableLicenseCount: 2_147_483_647, usedLicenseCount: 9 }])
    })

    test('are filtered, ordered and paged as any list', async () => {
      const reads = await opened(
        [app('1', 5, 2)],
        [app('1', 7, 0)],
        [app('1', 5, 1)],
        [app('1', 0, 9)],
      )
      const query = {
        limit: 2,
        orderBy: [{ operand: { property: 'availableLicenseCount' }, isDescending: true }],
        filter: {
          kind: 'compare',
          operand: { property: 'usedLicenseCount' },
          comparison: 'lt',
          value: 9,
        },
      } as const
      const first = await reads.summaries(bundleId, query)
      expect(first.rows.map(({ vppTokenId }) => vppTokenId)).toEqual([guid(2), guid(1)])
      expect(first.next).toBe(JSON.stringify([5, guid(1)]))
      const second = await reads.summaries(bundleId, { ...query, after: first.next ?? '' })
      expect(second.rows.map(({ vppTokenId }) => vppTokenId)).toEqual([guid(3)])
      expect(second.next).toBeUndefined()
      expect(await reads.countSummaries(bundleId, query.filter)).toBe(3)
      const found = await reads.summaries(bundleId, {
        limit: 9,
        filter: { kind: 'search', properties: ['organizationName', 'appleId'], text: '4@EXAMPLE' },
      })
      expect(found.rows).toMatchObject([{ appleId: '4@example.com' }])
    })
  })
}
