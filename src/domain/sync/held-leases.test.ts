import { describe, expect, test } from 'vitest'
import { createTurnedClock } from '../../../test/turned-clock.ts'
import type { Schedule } from '../../ports/instance-store.ts'
import { holdLeases } from './held-leases.ts'

const taken = { locationKey: 'hash', holder: 'holder-1' }

function hold(lost: readonly string[] = []) {
  const clock = createTurnedClock(new Date('2026-12-01T09:00:00.000Z'))
  const calls: string[] = []
  const schedule: Schedule = {
    takeDue: async () => [],
    nextDue: async () => undefined,
    async extendLease({ locationKey, holder }, until) {
      calls.push(`extend ${locationKey} of ${holder} to ${until.slice(11, 19)}`)
      return !lost.includes(locationKey)
    },
    async addLease({ holder }, locationKey, now, until) {
      calls.push(
        `add ${locationKey} of ${holder} at ${now.slice(11, 19)} to ${until.slice(11, 19)}`,
      )
      return !lost.includes(locationKey)
    },
    async releaseAbandoned() {
      calls.push('release all')
    },
    releaseLeases: async (holder) => {
      calls.push(`release ${holder}`)
    },
  }
  return { clock, calls, leases: holdLeases({ schedule, clock, leaseMs: 90_000 }, taken) }
}

describe('held leases', () => {
  test('are moved when a third of their time is over, all of them, and not sooner', async () => {
    const { clock, calls, leases } = hold()
    expect(await leases.add('7000000000000001')).toBe(true)
    clock.turn(29_999)
    await leases.refresh()
    clock.turn(1)
    await leases.refresh()
    await leases.refresh()
    expect(calls).toEqual([
      'add 7000000000000001 of holder-1 at 09:00:00 to 09:01:30',
      'extend hash of holder-1 to 09:02:00',
      'extend 7000000000000001 of holder-1 to 09:02:00',
    ])
  })

  test('are not added twice', async () => {
    const { calls, leases } = hold()
    expect(await leases.add('hash')).toBe(true)
    expect(calls).toEqual([])
  })

  test('of somebody else are not added, and not moved later', async () => {
    const { clock, calls, leases } = hold(['7000000000000001'])
    expect(await leases.add('7000000000000001')).toBe(false)
    clock.turn(30_000)
    await leases.refresh()
    expect(calls.at(-1)).toBe('extend hash of holder-1 to 09:02:00')
  })

  test('fail the run when one of them is lost', async () => {
    const { clock, leases } = hold(['hash'])
    clock.turn(30_000)
    await expect(leases.refresh()).rejects.toMatchObject({ code: 'superseded' })
  })

  test('are kept for a rest, or given back', async () => {
    const { calls, leases } = hold()
    await leases.rest(300_000)
    await leases.release()
    expect(calls).toEqual(['extend hash of holder-1 to 09:05:00', 'release holder-1'])
  })
})
