import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenSets } from '../../src/graph/entity-sets.ts'
import { bindOrderBy } from '../../src/graph/odata/bind-order-by.ts'
import { parseOrderBy } from '../../src/graph/odata/parse.ts'
import type { Order } from '../../src/model/list-query.ts'
import { vppToken } from '../../src/model/vpp-token.ts'
import { addTenants, harbour, token } from '../contract/samples.ts'
import { anyOrderBy } from './any-filter.ts'
import { casesFor, databases, lawTimeoutMs, type OpenedDatabase } from './databases.ts'
import { inOrder } from './evaluate.ts'
import { anyRecord, guid } from './values.ts'

const rows = tokenSets.pomona
const pool = fc
  .sample(anyRecord(vppToken), { numRuns: 300, seed: 7 })
  .map((record, index) => ({ ...record, id: guid((index * 7_919) % 10_007) }))

/** What happens while a list is read: which rows were there before, and what comes and goes after each page. */
const anyReading = fc.record({
  orderBy: anyOrderBy(rows),
  limit: fc.integer({ min: 1, max: 9 }),
  there: fc.uniqueArray(fc.nat(199), { minLength: 5, maxLength: 40 }),
  comings: fc.array(fc.nat({ max: 99 }), { maxLength: 20 }),
  goings: fc.array(fc.nat(), { maxLength: 20 }),
})

describe.each(databases())('a list on $name', ({ open }) => {
  let opened: OpenedDatabase
  beforeAll(async () => {
    opened = await open()
    await addTenants(opened.storage)
  })
  afterAll(() => opened.remove())

  test(
    'is complete and without repeats while rows come and go between its pages, in any order',
    async () => {
      const tenant = opened.storage.forTenant(harbour)
      await fc.assert(
        fc.asyncProperty(anyReading, async ({ orderBy, limit, there, comings, goings }) => {
          const orders: readonly Order[] = bindOrderBy(parseOrderBy(orderBy), rows)
          const left = await tenant.reads.tokens.list({ limit: 999 })
          await tenant.transaction(async ({ tokens }) => {
            for (const { record } of left.rows) await tokens.remove(record.id)
            for (const index of there) await tokens.insert(stored(index))
          })
          const stayed = new Set(there.map(idAt))
          const came = new Set<string>()
          const seen: string[] = []
          const coming = [...comings]
          const going = [...goings]
          for (let after: string | undefined; ; ) {
            const page = await tenant.reads.tokens.list({
              limit,
              orderBy: orders,
              ...(after !== undefined && { after }),
            })
            const shown = page.rows.map(({ record }) => record.id)
            seen.push(...shown)
            if (page.next === undefined) break
            after = page.next
            await tenant.transaction(async ({ tokens }) => {
              const fresh = coming.shift()
              if (fresh !== undefined && !came.has(idAt(200 + fresh))) {
                await tokens.insert(stored(200 + fresh))
                came.add(idAt(200 + fresh))
              }
              const gone = goneNow(going.shift(), shown, [...stayed])
              if (gone !== undefined) {
                await tokens.remove(gone)
                stayed.delete(gone)
              }
            })
          }
          expect(seen).toEqual([...new Set(seen)])
          expect([...stayed].filter((id) => !seen.includes(id))).toEqual([])
          expect(seen).toEqual(seen.toSorted(byOrders(orders)))
        }),
        { numRuns: casesFor(1 / 24) },
      )
    },
    lawTimeoutMs,
  )
})

function idAt(index: number): string {
  return pool[index]?.id ?? ''
}

function stored(index: number) {
  return token(idAt(index), pool[index])
}

/** As often as not the last row of the page, which marks where the next one begins. */
function goneNow(
  choice: number | undefined,
  shown: readonly string[],
  there: readonly string[],
): string | undefined {
  if (choice === undefined) return undefined
  const last = shown.at(-1)
  return choice % 2 === 0 && last !== undefined && there.includes(last)
    ? last
    : there[choice % there.length]
}

function byOrders(orders: readonly Order[]): (a: string, b: string) => number {
  const compare = inOrder(orders)
  const byId = new Map(pool.map((record) => [record.id, { record }]))
  return (a, b) => compare(byId.get(a) ?? { record: {} }, byId.get(b) ?? { record: {} })
}
