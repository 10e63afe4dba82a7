import { expect, test } from 'vitest'
import type { LicenseApi, PlanView } from '../client/license-api.ts'
import { lossLines } from './license-loss-view.ts'

const app = { adamId: '1', pricingParam: 'STDQ', message: null }
const pairs = (count: number, skippedFor: string | null = null) =>
  Array.from({ length: count }, (_, at) => ({ ...app, serialNumber: `S${at}`, skippedFor }))

const planOf = (given: Pick<PlanView, 'pairs' | 'totalCount' | 'toDoCount'>): PlanView => ({
  ...{ skipped: {}, assets: [], callCount: 1, refusal: null },
  ...given,
})

/** What users hold is all that is asked. */
const holding = (plan: PlanView) => ({ plan: () => Promise.resolve(plan) }) as unknown as LicenseApi
const nothing = holding(planOf({ pairs: [], totalCount: 0, toDoCount: 0 }))

test.each([
  [20, 20, 20, undefined],
  [21, 21, 21, 'and 1 more; --dry-run -o csv shows all'],
  [1_000, 5_000, 4_000, 'and 3980 more; --dry-run -o csv shows the first 1000'],
])('the first 20 of %i pairs out of %i', async (shown, totalCount, toDoCount, end) => {
  const plan = planOf({ pairs: pairs(shown), totalCount, toDoCount })
  const lines = await lossLines(nothing, 't', { action: 'reclaim' }, plan)
  expect([lines[0], lines[19], lines[20]]).toEqual([
    ...['1 STDQ from device S0', '1 STDQ from device S19', end],
  ])
})

test('what stays is not among what would go', async () => {
  const plan = planOf({ pairs: pairs(3, 'notRevocable'), totalCount: 3, toDoCount: 0 })
  expect(await lossLines(nothing, 't', { action: 'unassign' }, plan)).toEqual([])
})

test('what takes nothing away loses nothing', async () => {
  const plan = planOf({ pairs: pairs(3), totalCount: 3, toDoCount: 3 })
  expect(await lossLines(nothing, 't', { action: 'assign' }, plan)).toEqual([])
})

test('users who go are named with the first of what they hold', async () => {
  const user = { ...app, clientUserId: 'u\u001b1', skippedFor: null }
  const plan = planOf({ pairs: [user], totalCount: 1, toDoCount: 1 })
  const held = holding(planOf({ pairs: pairs(22), totalCount: 22, toDoCount: 22 }))
  const listed = Array(20).fill('1 STDQ').join(', ')
  const order = { action: 'retireUsers' }
  expect(await lossLines(held, 't', order, plan)).toEqual([
    `user u 1, with 22 licences: ${listed} and 2 more`,
  ])
  expect(await lossLines(nothing, 't', order, plan)).toEqual(['user u 1, without licences'])
})
