import { expect, test } from 'vitest'
import type { LicensePair } from '../../model/apple-write.ts'
import type { Storage } from '../../ports/storage.ts'
import { licensesOf } from './read-licenses.ts'

const adamId = '9000000001'
const pairs = Array.from(
  { length: 1_700 },
  (_, index): LicensePair => ({
    ...{ adamId, pricingParam: 'STDQ', targetKind: 'serialNumber' },
    target: `SER${String(index).padStart(6, '0')}`,
  }),
)

/** A library of one app with these pairs, all of it answered at once as the embedded database does. */
function storageOf(onStep: (rows: number) => void): Storage {
  const library = {
    find: async () => ({
      record: { vppTokenId: 't', adamId, locationId: '42', contentKind: 'iosVppApp' },
    }),
  }
  const licenses = {
    listPairs: async (_: string, __: string, after: LicensePair | undefined, limit: number) => {
      const from = after ? pairs.indexOf(after) + 1 : 0
      const rows = pairs.slice(from, from + limit)
      onStep(rows.length)
      return rows
    },
    find: async (_: string, pair: LicensePair) => ({ ...pair, userEmailAddress: null }),
  }
  return { forTenant: () => ({ reads: { library, licenses } }) } as unknown as Storage
}

test('a licence is looked for in short steps, and between them everybody else has a turn', async () => {
  let turns = 0
  let isDone = false
  const turn = () => {
    turns += 1
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  const steps: { rows: number; turns: number }[] = []
  const storage = storageOf((rows) => steps.push({ rows, turns }))
  const { get } = await licensesOf(storage, { tenantId: 't', name: '' }, 'iosVppApp', 'a')
  const absent = get('00000000-0000-5000-8000-000000000404')
  await expect(absent).rejects.toMatchObject({ code: 'notFound' })
  isDone = true
  expect(steps.map(({ rows }) => rows)).toEqual([500, 500, 500, 200])
  const turnsAtStep = steps.map((step) => step.turns)
  expect(new Set(turnsAtStep).size).toBe(4)
})
