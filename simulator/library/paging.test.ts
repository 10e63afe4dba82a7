import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pageOf } from './paging.ts'

describe('pages (Apple contract 3.2)', () => {
  test('following nextPageIndex from page 0 gives every row once, in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 13 }),
        (count, size) => {
          const rows = Array.from({ length: count }, (_, index) => index)
          const seen: number[] = []
          let next: number | undefined = 0
          while (next !== undefined) {
            const page: ReturnType<typeof pageOf<number>> = pageOf(rows, next, size, 1)
            expect(page?.currentPageIndex).toBe(next)
            expect(page?.size).toBe(page?.rows.length)
            expect(page?.totalPages).toBe(Math.max(Math.ceil(count / size), 1))
            seen.push(...(page?.rows ?? []))
            next = page?.nextPageIndex
          }
          expect(seen).toEqual(rows)
        },
      ),
    )
  })

  test('there is no page before the first and none behind the last', () => {
    expect(pageOf(['a', 'b', 'c'], -1, 2, 1)).toBeUndefined()
    expect(pageOf(['a', 'b', 'c'], 2, 2, 1)).toBeUndefined()
    expect(pageOf(['a', 'b', 'c'], 1, 2, 1)?.rows).toEqual(['c'])
  })

  test('an empty list has a page 0; whether it counts is a switch', () => {
    expect(pageOf([], 0, 2, 1)).toMatchObject({ rows: [], totalPages: 1, nextPageIndex: undefined })
    expect(pageOf([], 0, 2, 0)?.totalPages).toBe(0)
    expect(pageOf([], 1, 2, 1)).toBeUndefined()
  })
})
