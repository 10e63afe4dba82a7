import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Asset, Assignment } from '../../model/apple-rows.ts'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import { assetKind, assignmentKind, userKind } from './apple-row-kinds.ts'
import { reconcile } from './reconcile.ts'

const asset: Asset = {
  adamId: '9000000001',
  pricingParam: 'STDQ',
  productType: 'App',
  totalCount: 10,
  availableCount: 8,
  assignedCount: 2,
  retiredCount: 0,
  isUnlimited: false,
  isDeviceAssignable: true,
  isRevocable: true,
  supportedPlatforms: ['iOS'],
}

describe('reconcile', () => {
  test('inserts what is not stored, updates what says something else, and leaves the rest alone', () => {
    const changed = { ...asset, adamId: '2', assignedCount: 3 }
    const fresh = { ...asset, adamId: '3' }
    const stored = [
      { number: 7, row: asset },
      { number: 8, row: { ...asset, adamId: '2' } },
    ]
    expect(reconcile(assetKind, [asset, changed, fresh], stored)).toEqual({
      insert: [fresh],
      update: [{ before: stored[1], after: { number: 8, row: changed } }],
      seen: [7, 8],
    })
  })

  test('takes the later of two rows with one key', () => {
    const later = { ...asset, assignedCount: 3 }
    expect(reconcile(assetKind, [asset, later], [])).toEqual({
      insert: [later],
      update: [],
      seen: [],
    })
    const stored = [{ number: 1, row: later }]
    expect(reconcile(assetKind, [asset, later], [...stored, ...stored])).toEqual({
      insert: [],
      update: [],
      seen: [1, 1],
    })
  })

  test('makes the store say what the pages say, and has nothing to do after that', () => {
    const row = fc.record({
      adamId: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      pricingParam: fc.constantFrom('STDQ', 'PLUS'),
      assignedCount: fc.nat(3),
    })
    const assets = fc.array(row.map((part): Asset => ({ ...asset, ...part })))
    fc.assert(
      fc.property(assets, fc.array(assets), (before, pages) => {
        const store = new Map<string, NumberedRow<Asset>>()
        const keyOf = ({ adamId, pricingParam }: Asset) => `${adamId} ${pricingParam}`
        let number = 0
        const put = (each: Asset) => {
          number += 1
          const key = keyOf(each)
          expect(store.has(key)).toBe(false)
          store.set(key, { number, row: each })
        }
        const apply = (rows: readonly Asset[]) => {
          const stored = rows.map((each) => store.get(keyOf(each)))
          const differences = reconcile(assetKind, rows, stored)
          differences.insert.forEach(put)
          for (const { after } of differences.update) store.set(keyOf(after.row), after)
          return differences
        }
        for (const each of new Map(before.map((a) => [keyOf(a), a])).values()) put(each)
        pages.forEach(apply)
        const truth = new Map(pages.flat().map((each) => [keyOf(each), each]))
        for (const [key, each] of truth) expect(store.get(key)?.row).toEqual(each)
        const rows = [...truth.values()]
        const again = reconcile(
          assetKind,
          rows,
          rows.map((each) => store.get(keyOf(each))),
        )
        expect([again.insert, again.update]).toEqual([[], []])
        expect(again.seen).toHaveLength(truth.size)
      }),
    )
  })
})

describe("the keys of Apple's rows", () => {
  test.each<[string, Partial<Asset>, boolean]>([
    ['the quality', { pricingParam: 'PLUS' }, false],
    ['a count', { totalCount: 11 }, true],
  ])('an asset of another %s', (_what, part, isSameKey) => {
    expect(assetKind.hasSameKey({ ...asset, ...part }, asset)).toBe(isSameKey)
  })

  test.each<Partial<Asset>>([
    { productType: 'Book' },
    { totalCount: 11 },
    { availableCount: 7 },
    { assignedCount: 1 },
    { retiredCount: 1 },
    { isUnlimited: true },
    { isDeviceAssignable: false },
    { isRevocable: false },
    { supportedPlatforms: ['macOS'] },
    { supportedPlatforms: ['iOS', 'macOS'] },
    { supportedPlatforms: [] },
  ])('an asset with %o says something else', (part) => {
    expect(assetKind.isSame({ ...asset, ...part }, asset)).toBe(false)
    expect(assetKind.isSame({ ...asset }, asset)).toBe(true)
  })

  test('a serial number and a user of the same name are two targets', () => {
    const device: Assignment = {
      adamId: '1',
      pricingParam: 'STDQ',
      targetKind: 'serialNumber',
      target: 'x',
    }
    const user: Assignment = { ...device, targetKind: 'clientUserId' }
    expect(assignmentKind.hasSameKey(device, user)).toBe(false)
  })

  test('retired users who share a clientUserId are told apart by idHash and inviteCode', () => {
    const user = {
      clientUserId: 'u-1',
      idHash: null,
      inviteCode: null,
      email: null,
      status: 'Retired',
    }
    expect(userKind.hasSameKey({ ...user, idHash: 'h' }, user)).toBe(false)
    expect(userKind.hasSameKey({ ...user, inviteCode: '' }, user)).toBe(false)
    const later = { ...user, email: 'a@b.example', status: 'Deleted' }
    expect(userKind.hasSameKey(later, user)).toBe(true)
    expect(userKind.isSame({ ...user, status: 'Registered' }, user)).toBe(false)
    expect(userKind.isSame({ ...user, email: 'a@b.example' }, user)).toBe(false)
  })
})
