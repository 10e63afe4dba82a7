/**
 * Whatever happens at Apple, on the way to it or here, in whatever order: once things are quiet Pomona's view is the truth, and
 * its conduct was good all the time. POMONA_MODEL_CASES asks for more cases, POMONA_MODEL_SEED for the same ones again.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectTruthAfter } from './model-history.ts'
import { history, type Step } from './model-steps.ts'
import { ours } from './truth-world.ts'

const isOnServer = process.env.POMONA_TEST_STORAGE === 'postgres'
const cases = Number(process.env.POMONA_MODEL_CASES ?? (isOnServer ? 10 : 25))
const seed = Number(process.env.POMONA_MODEL_SEED ?? 20261201)

test("after any sequence of changes, faults, kills, runs and writes Pomona's view is Apple's truth as soon as it is left alone", async () => {
  await fc.assert(fc.asyncProperty(history, expectTruthAfter), { numRuns: cases, seed })
}, 3_600_000)

/** Histories that once ended otherwise. */
const found: readonly (readonly [what: string, steps: readonly Step[]])[] = [
  [
    'an intent that is given up in the turn in which it was planned counts each of its pairs',
    [
      {
        kind: 'write',
        request: {
          action: 'assign',
          assets: [{ adamId: '9000000001', pricingParam: 'STDQ' }],
          targetKind: 'clientUserId',
          targets: ['u-0003', 'p-0002'],
        },
      },
      { kind: 'syncNow' },
      { kind: 'run', hours: 0, faults: [brokenAssets({ cut: 'beforeHeaders' })] },
      {
        kind: 'run',
        hours: 0,
        faults: [
          {
            match: { method: 'POST', path: '/mdm/v2/assets/*' },
            action: { status: 200, errorNumber: 9622 },
          },
          brokenAssets({ errorNumber: 9603 }),
        ],
      },
      { kind: 'run', hours: 0, faults: [] },
    ],
  ],
]

function brokenAssets(action: object): object {
  return { match: { method: 'GET', path: '/mdm/v2/assets', uId: ours }, count: 5, action }
}

test.each(found)('%s', async (_, steps) => {
  await expectTruthAfter(steps)
  expect.hasAssertions()
})
