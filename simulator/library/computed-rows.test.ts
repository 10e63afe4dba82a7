import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextUint32, seedRandom } from '../world/random.ts'
import {
  type AssignmentRows,
  addRow,
  countRows,
  findRow,
  noRows,
  removeRows,
  rowsOfTarget,
} from './assignment-rows.ts'
import { type ComputedRows, computedAdamId, computedSerial, deviceOf } from './computed-rows.ts'
import type { Assignment, Target } from './library.ts'
import type { RowList } from './row-list.ts'
import { changedRows, selectRows } from './select-rows.ts'

function computedFleet(seed: number, assets: number, devices: number): ComputedRows {
  return { seed, assets, devices, changedIn: 1, gone: new Map() }
}

function fleet(seed: number, assets: number, devices: number): AssignmentRows {
  return { ...noRows(), computed: computedFleet(seed, assets, devices) }
}

const key = (asset: number) => ({ adamId: computedAdamId(asset), pricingParam: 'STDQ' as const })
const all = (rows: AssignmentRows) => {
  const list = selectRows(rows, {})
  return list.slice(0, list.length)
}

describe('serial numbers of a generated fleet (Apple contract 11.9)', () => {
  test.each([
    [0, 'G0000001'],
    [1, 'G17WDRQQ'],
    [2, 'G0GRNHIB'],
    [9999, 'G1F9T5Y8'],
  ])('device %i of seed 1 is %s', (device, serial) => {
    expect(computedSerial(device, 1)).toBe(serial)
    expect(deviceOf(computedFleet(1, 1, 10_000), serial)).toBe(device)
  })

  test('every serial number leads back to its device, whatever the seed', () => {
    const uint32 = fc.integer({ min: 0, max: 4_294_967_295 })
    fc.assert(
      fc.property(uint32, fc.integer({ min: 0, max: 1_999_999_999 }), (seed, device) => {
        const computed = computedFleet(seed, 1, 2_000_000_000)
        return deviceOf(computed, computedSerial(device, seed)) === device
      }),
    )
  })

  test.each(['G0000002', 'g17wdrqq', 'G17WDRQ', 'GZZZZZZZ', '', 'POMSER000001'])(
    '"%s" is no device of the fleet',
    (serial) => {
      expect(deviceOf(computedFleet(1, 1, 10_000), serial)).toBe(undefined)
    },
  )
})

type Change = { adds: boolean; asset: number; device: number }

/** The same rows, held one by one. */
function heldFleet(assets: number, devices: number): AssignmentRows {
  const rows = noRows()
  for (const row of all(fleet(1, assets, devices))) addRow(rows, row)
  return rows
}

function apply(rows: AssignmentRows, { adds, asset, device }: Change, changedIn: number): void {
  const target: Target = { serialNumber: computedSerial(device, 1) }
  if (adds) addRow(rows, { ...key(asset), target, changedIn })
  else removeRows(rows, [{ ...key(asset), target }], changedIn)
}

describe('rows of a generated fleet', () => {
  test('stand in the order of asset and device', () => {
    const serials = all(fleet(1, 2, 3)).map((row) => [row.adamId, row.target])
    expect(serials).toEqual([
      ['9100000000', { serialNumber: 'G0000001' }],
      ['9100000000', { serialNumber: 'G17WDRQQ' }],
      ['9100000000', { serialNumber: 'G0GRNHIB' }],
      ['9100000001', { serialNumber: 'G0000001' }],
      ['9100000001', { serialNumber: 'G17WDRQQ' }],
      ['9100000001', { serialNumber: 'G0GRNHIB' }],
    ])
  })

  test('after any changes they equal rows that are held, on every page, under every filter, in every delta', () => {
    const change = fc.record({
      adds: fc.boolean(),
      asset: fc.integer({ min: 0, max: 4 }),
      device: fc.integer({ min: 0, max: 8 }),
    })
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 60 }),
        (changes, pageSize, since) => {
          // Devices 6 to 8 and asset 4 are no part of the fleet: their rows are held ones.
          const computed = fleet(1, 4, 6)
          const held = heldFleet(4, 6)
          for (const [index, each] of changes.entries()) {
            apply(computed, each, index + 2)
            apply(held, each, index + 2)
          }
          expect(countRows(computed)).toBe(countRows(held))
          const list = selectRows(computed, {})
          const paged: Assignment[] = []
          for (let start = 0; start < list.length; start += pageSize) {
            paged.push(...list.slice(start, start + pageSize))
          }
          expect(paged).toEqual(held.held)
          const target = { serialNumber: computedSerial(changes[0]?.device ?? 0, 1) }
          const filters = [
            target,
            { adamIds: [computedAdamId(1)] },
            { pricingParam: 'PLUS' as const },
          ]
          for (const filter of filters) {
            const found = selectRows(computed, filter)
            const expected = selectRows(held, filter)
            expect(found.slice(0, 99)).toEqual(expected.slice(0, 99))
            expect(found.length).toBe(expected.length)
          }
          expect(rowsOfTarget(computed, target)).toEqual(rowsOfTarget(held, target))
          for (const removals of ['omit', 'listAsRow'] as const) {
            const delta = changedRows(computed, {}, since, removals)
            expect(delta.slice(0, 999)).toEqual(
              changedRows(held, {}, since, removals).slice(0, 999),
            )
          }
          for (const { asset, device } of changes) {
            const pair = { serialNumber: computedSerial(device, 1) }
            expect(findRow(computed, key(asset), pair)).toEqual(findRow(held, key(asset), pair))
          }
        },
      ),
    )
  })

  test('a fleet that came later is in the delta from before it', () => {
    const rows = { ...noRows(), computed: { ...computedFleet(1, 2, 3), changedIn: 5 } }
    expect(changedRows(rows, {}, 4, 'omit').length).toBe(6)
    expect(changedRows(rows, {}, 5, 'omit').length).toBe(0)
  })

  test('deltas since any version are exact after ten thousand changes of a million rows', () => {
    const [assets, devices, changes] = [100, 10_000, 10_000]
    // Devices from 10,000 on are no part of the fleet; places are few enough that many leave and come back.
    const placesOf = (seed: number) => {
      const random = seedRandom(seed)
      return Array.from({ length: changes }, () => ({
        asset: nextUint32(random) % assets,
        device: devices - 300 + (nextUint32(random) % 400),
      }))
    }
    const version = fc.integer({ min: 1, max: changes })
    const versions = fc.array(version, { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(fc.nat().map(placesOf), versions, (changed, sinceVersions) => {
        const rows = fleet(1, assets, devices)
        const touched = new Map<string, { row: Assignment; isThere: boolean }>()
        let count = assets * devices
        for (const [index, { asset, device }] of changed.entries()) {
          const row = {
            ...key(asset),
            target: { serialNumber: computedSerial(device, 1) },
            changedIn: index + 2,
          }
          const before = touched.get(`${asset} ${device}`)
          const isThere = !(before?.isThere ?? device < devices)
          touched.set(`${asset} ${device}`, { row, isThere })
          apply(rows, { adds: isThere, asset, device }, index + 2)
          count += isThere ? 1 : -1
        }
        expect(countRows(rows)).toBe(count)
        for (const since of sinceVersions) {
          const later = [...touched.values()].filter(({ row }) => row.changedIn > since)
          const came = later.filter(({ isThere }) => isThere)
          expect(texts(changedRows(rows, {}, since, 'omit'))).toEqual(textsOf(came))
          expect(texts(changedRows(rows, {}, since, 'listAsRow'))).toEqual(textsOf(later))
        }
      }),
      { numRuns: 3 },
    )
  })
})

const texts = (rows: RowList<Assignment>) =>
  textsOf(rows.slice(0, rows.length).map((row) => ({ row })))

const textsOf = (rows: { row: Assignment }[]) => rows.map(({ row }) => JSON.stringify(row)).sort()
