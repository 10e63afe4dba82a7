import { describe, expect, test } from 'vitest'
import { Failure } from '../../model/failure.ts'
import { requestLimiter } from './throttle.ts'

const limits = { requests: 3, writes: 2 }
const ann = { tenantId: 'harbour', clientId: 'ann' }
const bob = { tenantId: 'harbour', clientId: 'bob' }
const eve = { tenantId: 'orchard', clientId: 'eve' }

function limiterAt(start: string) {
  let now = new Date(start)
  const limiter = requestLimiter({ now: () => now }, limits)
  const ask = (caller: typeof ann, verb: 'GET' | 'POST' = 'GET') => {
    try {
      limiter.take(caller, verb)
      return 'taken'
    } catch (error) {
      return error instanceof Failure ? `wait ${error.retryAfterSeconds}` : error
    }
  }
  const turnTo = (time: string) => {
    now = new Date(time)
  }
  return { ask, turnTo }
}

describe('the limiter of requests', () => {
  test('lets a client ask as often as its limit says, then names the seconds until the next window', () => {
    const { ask, turnTo } = limiterAt('2026-12-01T09:00:00Z')
    expect([ask(ann), ask(ann), ask(ann), ask(ann)]).toEqual(['taken', 'taken', 'taken', 'wait 20'])
    turnTo('2026-12-01T09:00:19.500Z')
    expect(ask(ann)).toBe('wait 1')
    turnTo('2026-12-01T09:00:20Z')
    expect(ask(ann)).toBe('taken')
  })

  test('counts the tenant over its clients, and other tenants apart', () => {
    const { ask } = limiterAt('2026-12-01T09:00:00Z')
    const cleo = { tenantId: 'harbour', clientId: 'cleo' }
    for (const caller of [ann, ann, bob, bob, cleo, cleo]) expect(ask(caller)).toBe('taken')
    expect([ask(cleo), ask(eve)]).toEqual(['wait 20', 'taken'])
  })

  test('counts writes once more by themselves', () => {
    const { ask } = limiterAt('2026-12-01T09:00:00Z')
    expect([ask(ann, 'POST'), ask(ann, 'POST'), ask(ann, 'POST')]).toEqual([
      'taken',
      'taken',
      'wait 20',
    ])
    expect([ask(ann), ask(ann), ask(bob, 'POST')]).toEqual(['taken', 'wait 20', 'taken'])
  })

  test('begins a new window when the clock was set back', () => {
    const { ask, turnTo } = limiterAt('2026-12-01T09:00:00Z')
    for (const verb of ['GET', 'GET', 'GET'] as const) ask(ann, verb)
    turnTo('2026-12-01T08:00:00Z')
    expect(ask(ann)).toBe('taken')
  })
})
