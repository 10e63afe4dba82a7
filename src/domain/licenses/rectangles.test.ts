import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LicensePair } from '../../model/apple-write.ts'
import { pairKeyOf } from './pair-key.ts'
import { pairsOf, type RectangleLimits, rectangles } from './rectangles.ts'

const limits: RectangleLimits = {
  ...{ maxAssets: 25, maxSerialNumbers: 1_000, maxClientUserIds: 1_000, maxPairs: 2_500 },
}
const pair = (adamId: string, target: string): LicensePair => ({
  ...{ adamId, pricingParam: 'STDQ', targetKind: 'serialNumber', target },
})
const shown = (pairs: readonly LicensePair[], within = limits) =>
  rectangles(pairs, within).map(
    ({ assets, targets }) => `${assets.map(({ adamId }) => adamId)} x ${targets}`,
  )

describe('rectangles', () => {
  test('put assets with the same targets together', () => {
    expect(shown([pair('1', 'A'), pair('2', 'B'), pair('1', 'B'), pair('2', 'A')])).toEqual([
      '1,2 x A,B',
    ])
  })

  test('never send a pair that nobody wanted', () => {
    expect(shown([pair('1', 'A'), pair('1', 'B'), pair('2', 'A')])).toEqual(['1 x A,B', '2 x A'])
  })

  test('stay within the limits', () => {
    const pairs = ['1', '2', '3'].flatMap((adamId) =>
      ['A', 'B', 'C'].map((target) => pair(adamId, target)),
    )
    const small = { ...limits, maxAssets: 2, maxSerialNumbers: 2 }
    expect(shown(pairs, small)).toEqual(['1,2 x A,B', '3 x A,B', '1,2 x C', '3 x C'])
    expect(shown(pairs, { ...limits, maxPairs: 3 })).toEqual([
      '1 x A,B,C',
      '2 x A,B,C',
      '3 x A,B,C',
    ])
  })

  test('are none for no pairs', () => {
    expect(rectangles([], limits)).toEqual([])
  })

  test('together are exactly the pairs, none twice, of one kind of target each, within the limits', () => {
    const anyPair = fc.record({
      adamId: fc.constantFrom('1', '2', '3', '4', '5'),
      pricingParam: fc.constantFrom('STDQ', 'PLUS'),
      targetKind: fc.constantFrom('serialNumber' as const, 'clientUserId' as const),
      target: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'),
    })
    const few = fc.integer({ min: 1, max: 4 })
    const anyLimits = fc.record({
      ...{ maxAssets: few, maxSerialNumbers: few, maxClientUserIds: few },
      maxPairs: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(anyPair, { maxLength: 80 }), anyLimits, (pairs, within) => {
        const made = rectangles(pairs, within)
        const sent = made.flatMap(pairsOf).map(pairKeyOf)
        expect(new Set(sent).size).toBe(sent.length)
        expect([...sent].sort()).toEqual([...new Set(pairs.map(pairKeyOf))].sort())
        for (const { assets, targetKind, targets } of made) {
          const most =
            targetKind === 'serialNumber' ? within.maxSerialNumbers : within.maxClientUserIds
          expect(assets.length).toBeLessThanOrEqual(within.maxAssets)
          expect(targets.length).toBeLessThanOrEqual(most)
          expect(assets.length * targets.length).toBeLessThanOrEqual(within.maxPairs)
        }
      }),
    )
  })
})
