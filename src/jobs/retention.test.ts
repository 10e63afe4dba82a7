import { describe, expect, test } from 'vitest'
import { createTurnedClock } from '../../test/turned-clock.ts'
import type { Observation } from '../model/observation.ts'
import type { Pruned, Retention } from '../ports/instance-store.ts'
import { startRetention } from './retention.ts'

const start = new Date('2026-11-22T09:00:00Z')

/** Stops the loop when the given number of calls has been made, as a day of sleep takes no time on a turned clock. */
async function sweeps(
  days: Parameters<typeof startRetention>[0]['days'],
  answers: readonly (Pruned | Error)[],
) {
  const asked: Retention[] = []
  const observed: Observation[] = []
  const enough = Promise.withResolvers<void>()
  const clock = createTurnedClock(start)
  const loop = startRetention({
    clock,
    days,
    observe: (observation) => observed.push(observation),
    instance: {
      prune: async (retention: Retention) => {
        asked.push(retention)
        const answer = answers[asked.length - 1]
        if (answer === undefined) {
          enough.resolve()
          return { audit: 0, runs: 0, runChanges: 0, idempotency: 0, intents: 0, receipts: 0 }
        }
        if (answer instanceof Error) throw answer
        return answer
      },
    },
  })
  await enough.promise
  await loop.stop()
  return { asked, observed }
}

describe('retention', () => {
  test('asks for what is older than its days, and for nothing that is kept for ever', async () => {
    const { asked } = await sweeps({ runs: 90, idempotency: 1, intents: 30 }, [])
    expect(asked[0]).toEqual({
      runsBefore: '2026-08-24T09:00:00.0000000Z',
      idempotencyBefore: '2026-11-21T09:00:00.0000000Z',
      intentsBefore: '2026-10-23T09:00:00.0000000Z',
    })
  })

  test('goes on in batches until a batch is not full, then says what went', async () => {
    const full = { audit: 500, runs: 3, runChanges: 0, idempotency: 0, intents: 0, receipts: 0 }
    const { observed } = await sweeps({ audit: 1 }, [
      full,
      { audit: 7, runs: 0, runChanges: 0, idempotency: 0, intents: 2, receipts: 9 },
    ])
    expect(observed).toEqual([
      { kind: 'retentionSwept', audit: 507, runs: 3, idempotency: 0, intents: 2 },
    ])
  })

  test('that fails is observed and tried again a day later', async () => {
    const { asked, observed } = await sweeps({ audit: 10 }, [new Error('disk')])
    expect(observed.map(({ kind }) => kind)).toEqual(['retentionFailed'])
    expect(asked.map(({ auditBefore }) => auditBefore).slice(0, 2)).toEqual([
      '2026-11-12T09:00:00.0000000Z',
      '2026-11-13T09:00:00.0000000Z',
    ])
  })
})
