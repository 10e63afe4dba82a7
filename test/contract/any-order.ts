import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { TenantStores } from '../../src/ports/storage.ts'
import type { Backend } from './backend.ts'
import { addTenants, guid, harbour, token } from './samples.ts'

/** What a unit does, in a few words; `count` names a token by how many there are. `fails` units throw after they have written. */
interface Step {
  readonly verb: 'insert' | 'update' | 'count' | 'remove'
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
  verb: fc.constantFrom('insert', 'update', 'count', 'remove'),
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

/** How the units were answered, each in the place in which it was handed in, and what is stored in the end. */
interface Ending {
  readonly codes: readonly string[]
  readonly stored: readonly (readonly [id: string, name: string | null, version: number])[]
}

export function anyOrderContract(backend: Backend): void {
  const { maxLength, orders } = backend.keepsOrder
    ? { maxLength: 12, orders: (units: readonly Unit[]) => [units.map((_, place) => place)] }
    : { maxLength: 4, orders: (units: readonly Unit[]) => ordersOf(units.map((_, place) => place)) }

  describe(`any sequence of units on ${backend.name}`, () => {
    test('ends and answers as if one unit had run after the other', async () => {
      const { storage, remove } = await backend.openFresh()
      await addTenants(storage)
      const { transaction, reads } = storage.forTenant(harbour)
      await fc.assert(
        fc.asyncProperty(fc.array(unit, { maxLength }), async (units) => {
          await transaction(removeAll)
          const handedIn: Promise<string>[] = []
          for (const one of units) {
            for (let turn = 0; turn < one.pause; turn += 1) await setImmediate()
            handedIn.push(codeOf(transaction((stores) => work(one, stores))))
          }
          const codes = await Promise.all(handedIn)
          const { rows } = await reads.tokens.list({ limit: 10 })
          const ending: Ending = {
            codes,
            stored: rows.map(({ record, version }) => [record.id, record.displayName, version]),
          }
          expect(orders(units).map((order) => serially(units, order))).toContainEqual(ending)
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
    else if (verb === 'remove') await tokens.remove(id)
    else await tokens.update(token(id, { displayName: String(await tokens.count()) }))
  }
  if (fails) throw new Failure('badRequest', 'This unit was meant to fail.')
}

function serially(units: readonly Unit[], order: readonly number[]): Ending {
  let rows: Rows = new Map()
  const codes = new Map<number, string>()
  for (const place of order) {
    const { code, rows: after } = applied(units[place], rows)
    if (code === 'done') rows = after
    codes.set(place, code)
  }
  return {
    codes: units.map((_, place) => codes.get(place) ?? ''),
    stored: [...rows]
      .sort(([a], [b]) => a - b)
      .map(([number, { name, version }]) => [guid(number), name, version]),
  }
}

function applied(unit: Unit | undefined, before: Rows): { code: string; rows: Rows } {
  const rows = new Map(before)
  for (const { verb, number, name } of unit?.steps ?? []) {
    const row = rows.get(number)
    if (verb === 'insert' && row) return { code: 'conflict', rows }
    if (verb !== 'insert' && !row) return { code: 'notFound', rows }
    if (verb === 'remove') rows.delete(number)
    else {
      const shown = verb === 'count' ? String(rows.size) : name
      rows.set(number, { name: shown, version: row ? row.version + 1 : 1 })
    }
  }
  return { code: unit?.fails ? 'badRequest' : 'done', rows }
}

function ordersOf(places: readonly number[]): readonly (readonly number[])[] {
  if (places.length === 0) return [[]]
  return places.flatMap((first) =>
    ordersOf(places.filter((place) => place !== first)).map((rest) => [first, ...rest]),
  )
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
