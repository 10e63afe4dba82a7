import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seenRows } from './seen-rows.ts'

test('remembers exactly the numbers that were added, however far apart', () => {
  const number = fc.oneof(
    fc.integer({ min: 1, max: 20_000 }),
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  )
  fc.assert(
    fc.property(fc.array(number), fc.array(number), (added, asked) => {
      const seen = seenRows()
      for (const each of added) seen.add(each)
      const known = new Set(added)
      for (const each of [...added, ...asked]) expect(seen.has(each)).toBe(known.has(each))
    }),
  )
})

test('takes about 125 kB for a million rows', () => {
  globalThis.gc?.()
  const before = process.memoryUsage().arrayBuffers
  const seen = seenRows()
  for (let number = 1; number <= 1_000_000; number += 1) seen.add(number)
  const bytes = process.memoryUsage().arrayBuffers - before
  expect(bytes).toBeLessThan(140_000)
  expect(seen.has(1_000_000)).toBe(true)
  expect(seen.has(1_000_001)).toBe(false)
})

test('counts what it has seen between two numbers, up to the highest one', () => {
  const number = fc.integer({ min: 1, max: 30_000 })
  fc.assert(
    fc.property(fc.array(number), number, number, (added, one, other) => {
      const seen = seenRows(30_000)
      for (const each of added) seen.add(each)
      const [after, until] = [Math.min(one, other), Math.max(one, other)]
      const between = [...new Set(added)].filter((each) => each > after && each <= until)
      expect(seen.countIn(after, until)).toBe(between.length)
      seen.clear()
      expect(seen.countIn(after, until)).toBe(0)
    }),
  )
})

test('takes rows that came with the walk for seen', () => {
  const seen = seenRows(7)
  expect([seen.has(7), seen.has(8)]).toEqual([false, true])
})
