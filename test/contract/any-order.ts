import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { TenantStores } from '../../src/ports/storage.ts'
import type { Backend } from './backend.ts'
import { addTenants, guid, harbour, token } from './samples.ts'

/** What a unit does, in a few words; `fails` units throw after they have written. */
interface Step {
  readonly verb: 'insert' | 'update' | 'remove'
  readonly number: number
  readonly name: string
}

interface Unit {
  readonly steps: readonly Step[]
  readonly fails: boolean
  /** Turns of the event loop before the unit is handed in. */
  readonly pause: number
}

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom('insert', 'update', 'remove'),
  number: fc.integer({ min: 1, max: 4 }),
  name: fc.string({ maxLength: 3 }),
})
const unit: fc.Arbitrary<Unit> = fc.record({
  steps: fc.array(step, { maxLength: 4 }),
  fails: fc.boolean(),
  pause: fc.integer({ min: 0, max: 2 }),
})

/** The rows by number, as a database of one user would have them. */
type Rows = ReadonlyMap<number, { readonly name: string; readonly version: number }>

export function anyOrderContract(backend: Backend): void {
  describe(`any sequence of units on ${backend.name}`, () => {
    test('ends and answers as if one unit had run after the other', async () => {
      const { storage, remove } = await backend.openFresh()
      await addTenants(storage)
      const { transaction, reads } = storage.forTenant(harbour)
      await fc.assert(
        fc.asyncProperty(fc.array(unit, { maxLength: 12 }), async (units) => {
          await transaction(removeAll)
          const handedIn: Promise<string>[] = []
          for (const one of units) {
            for (let turn = 0; turn < one.pause; turn += 1) await setImmediate()
            handedIn.push(codeOf(transaction((stores) => work(one, stores))))
          }
          const expected = serially(units)
          expect(await Promise.all(handedIn)).toEqual(expected.codes)
          const { rows } = await reads.tokens.list({ limit: 10 })
          const stored = rows.map(({ record, version }) => [record.id, record.displayName, version])
          expect(stored).toEqual(
            [...expected.rows]
              .sort(([a], [b]) => a - b)
              .map(([number, { name, version }]) => [guid(number), name, version]),
          )
        }),
        { numRuns: 200 },
      )
      await remove()
    })
  })
}

async function work({ steps, fails }: Unit, { tokens }: TenantStores): Promise<void> {
  for (const { verb, number, name } of steps) {
    const id = guid(number)
    if (verb === 'insert') await tokens.insert(token(id, { displayName: name }))
    else if (verb === 'update') await tokens.update(token(id, { displayName: name }))
    else await tokens.remove(id)
  }
  if (fails) throw new Failure('badRequest', 'This unit was meant to fail.')
}

function serially(units: readonly Unit[]): { codes: readonly string[]; rows: Rows } {
  let rows: Rows = new Map()
  const codes = units.map((one) => {
    const { code, rows: after } = applied(one, rows)
    if (code === 'done') rows = after
    return code
  })
  return { codes, rows }
}

function applied({ steps, fails }: Unit, before: Rows): { code: string; rows: Rows } {
  const rows = new Map(before)
  for (const { verb, number, name } of steps) {
    const row = rows.get(number)
    if (verb === 'insert' && row) return { code: 'conflict', rows }
    if (verb !== 'insert' && !row) return { code: 'notFound', rows }
    if (verb === 'remove') rows.delete(number)
    else rows.set(number, { name, version: row ? row.version + 1 : 1 })
  }
  return { code: fails ? 'badRequest' : 'done', rows }
}

function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'done',
    (failure: Failure) => failure.code,
  )
}

async function removeAll({ tokens }: TenantStores): Promise<void> {
  const { rows } = await tokens.list({ limit: 100 })
  for (const { record } of rows) await tokens.remove(record.id)
}
