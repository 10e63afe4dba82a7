/** Rows that come in the order in which they were stored are read as they lie: whatever the order is, the answer is the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Assignment } from '../../src/model/apple-rows.ts'
import { type Backend, freshStorage } from './backend.ts'
import { addTenants, assignment, guid, harbour, token } from './samples.ts'

const devices = Array.from({ length: 60 }, (_, number) => `POMSER${number}`)
const texts = fc.constantFrom(...devices, '"', '\\', '\n', '\u001f', 'ä/', '😀')

/** Of few apps and qualities, so that many rows in a row differ in their target alone. */
const row = fc
  .tuple(fc.constantFrom('9', '10'), fc.constantFrom('STDQ', 'PLUS'), fc.boolean(), texts)
  .map(
    ([adamId, pricingParam, isUser, target]): Assignment => ({
      ...assignment(adamId, target),
      pricingParam,
      targetKind: isUser ? 'clientUserId' : 'serialNumber',
    }),
  )
const run = fc
  .tuple(row, fc.uniqueArray(texts, { maxLength: 50 }))
  .map(([first, targets]) => targets.map((target) => ({ ...first, target })))
const runs = fc.array(fc.oneof(run, fc.array(row, { maxLength: 3 })), { maxLength: 4 })
const stored = runs.map((rows) => [
  ...new Map(rows.flat().map((each) => [JSON.stringify(each), each])).values(),
])

/** As they are stored, but for what Apple has taken away, what it shows twice, and what is new. */
const shown = (rows: readonly Assignment[]) =>
  fc.oneof(
    fc.constant(rows),
    fc.subarray([...rows]),
    fc.shuffledSubarray([...rows]),
    fc.constant([...rows, ...rows.slice(-5)]),
    runs.map((others) => [...rows, ...others.flat()]),
  )

export function rowsInTurnContract(backend: Backend): void {
  describe(`rows in turn on ${backend.name}`, () => {
    const fresh = freshStorage(backend)

    test('are found as each of them is found by its key', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const tenant = storage.forTenant(harbour)
      await tenant.transaction(({ tokens }) => tokens.insert(token(guid(1))))
      const { assignments } = tenant.reads
      const cases = stored.chain((rows) => fc.tuple(fc.constant(rows), shown(rows), fc.nat()))
      await fc.assert(
        fc.asyncProperty(cases, async ([rows, asked, place]) => {
          const before = await assignments.list(guid(1), 0, 1_000)
          await tenant.transaction(async (stores) => {
            const numbers = before.map(({ number }) => number)
            await stores.assignments.remove(guid(1), numbers)
            await stores.assignments.insert(guid(1), rows)
          })
          const all = await assignments.list(guid(1), 0, 1_000)
          const last = all[place % (all.length + 1)]
          const expected = await assignments.findEach(guid(1), asked)
          expect(await assignments.findInTurn(guid(1), asked, last)).toEqual(expected)
          expect(await assignments.findInTurn(guid(1), asked, undefined)).toEqual(expected)
        }),
        { numRuns: 100 },
      )
    })
  })
}
